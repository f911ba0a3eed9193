// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What ramswap does with a plan: its operations, and whether what is swapped has room. What needs real devices is in
 * tests/guest/ramswap.d.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include "ramswap/apply/internal.h"

#define MIB (1ULL << 20)

static void assert_words(const struct apply_operations *operations, const char *const *words)
{
	char text[256];
	size_t i;

	for (i = 0; i < operations->count; i++) {
		apply_operation_print(&operations->list[i], text, sizeof(text));
		assert_non_null(words[i]);
		assert_string_equal(text, words[i]);
	}
	assert_null(words[i]);
}

static struct ramswap_device zram_device(void)
{
	return (struct ramswap_device){ .kind = RAMSWAP_ON_ZRAM, .size = 512 * MIB, .limit = 256 * MIB, .priority = 100,
		.algorithm = "zstd(level=3,dict=/x)", .recompression = "deflate(level=9)", .writeback = "/dev/vdb" };
}

static void test_operations_of_all_kinds(void **context)
{
	static const char *const words[] = {
		"load the module zram",
		"load the module brd rd_nr=1 rd_size=65536 max_part=0",
		"load the module kmem",
		"write 0 to /proc/sys/vm/page-cluster",
		"write a swap header for 300.0M to /dev/pmem0",
		"swap on /dev/pmem0 with priority 101",
		"make the device zram1",
		"write zstd to /sys/block/zram1/comp_algorithm",
		"write priority=0 level=3 dict=/x to /sys/block/zram1/algorithm_params",
		"write algo=deflate priority=1 to /sys/block/zram1/recomp_algorithm",
		"write priority=1 level=9 to /sys/block/zram1/algorithm_params",
		"write /dev/vdb to /sys/block/zram1/backing_dev",
		"write 536870912 to /sys/block/zram1/disksize",
		"write 268435456 to /sys/block/zram1/mem_limit",
		"write a swap header for 512.0M to /dev/zram1",
		"swap on /dev/zram1 with priority 100",
		"write a swap header for 64.0M to /dev/ram0",
		"swap on /dev/ram0 with priority 99",
		"make dax0.0 memory of the kernel",
		NULL,
	};
	struct ramswap_device devices[] = {
		{ .kind = RAMSWAP_ON_PMEM, .name = "pmem0", .size = 300 * MIB, .priority = 101 },
		zram_device(),
		{ .kind = RAMSWAP_ON_BRD, .name = "ram0", .size = 64 * MIB, .priority = 99 },
		{ .kind = RAMSWAP_AS_MEMORY, .name = "dax0.0" },
	};
	struct ramswap_tuning tunings[] = {
		{ "proc/sys/vm/page-cluster", "vm.page-cluster", "0", "3" },
		{ "proc/sys/vm/swappiness", "vm.swappiness", "60", "60" },
		{ "sys/module/zswap/parameters/enabled", "zswap", "0", "N" },
	};
	struct ramswap_block blocks[] = { { .name = "pmem0", .kind = RAMSWAP_PMEM } };
	struct ramswap_zram zrams[] = { { .number = 0 }, { .number = 2 } };
	const struct ramswap_plan plan = { .answer = RAMSWAP_SET_UP, .devices = devices, .device_count = 4,
		.tunings = tunings, .tuning_count = 3 };
	const struct ramswap_facts facts = { .blocks = blocks, .block_count = 1, .zrams = zrams, .zram_count = 2 };
	struct apply_operations operations;
	struct ramswap_problem problem;

	(void)context;
	assert_int_equal(apply_operations(&plan, &facts, &operations, &problem), 0);
	assert_words(&operations, words);
	assert_true(operations.list[15].discards);
	assert_false(operations.list[5].discards);
	assert_true(operations.list[6].is_of_new_zram && operations.list[15].is_of_new_zram);
	assert_false(operations.list[5].is_of_new_zram);
	apply_operations_free(&operations);
}

/* Memory that has no driver yet, and a module that is there. */
static void test_modules(void **context)
{
	static const char *const words[] = {
		"load the module nd_pmem",
		"load the module nd_e820",
		"write a swap header for 300.0M to /dev/pmem0",
		"swap on /dev/pmem0 with priority 101",
		"write a swap header for 300.0M to /dev/pmem1",
		"swap on /dev/pmem1 with priority 100",
		"make the device zram0",
		"write 536870912 to /sys/block/zram0/disksize",
		"write a swap header for 512.0M to /dev/zram0",
		"swap on /dev/zram0 with priority 99",
		NULL,
	};
	struct ramswap_device devices[] = {
		{ .kind = RAMSWAP_ON_PMEM, .name = "pmem0", .size = 300 * MIB, .priority = 101 },
		{ .kind = RAMSWAP_ON_PMEM, .name = "pmem1", .size = 300 * MIB, .priority = 100 },
		{ .kind = RAMSWAP_ON_ZRAM, .size = 512 * MIB, .priority = 99 },
	};
	const struct ramswap_plan plan = { .answer = RAMSWAP_SET_UP, .devices = devices, .device_count = 3 };
	const struct ramswap_facts facts = { .is_zram_loaded = true };
	struct apply_operations operations;
	struct ramswap_problem problem;

	(void)context;
	assert_int_equal(apply_operations(&plan, &facts, &operations, &problem), 0);
	assert_words(&operations, words);
	apply_operations_free(&operations);
}

static void test_nothing_is_to_be_done(void **context)
{
	struct ramswap_device devices[] = { zram_device() };
	struct ramswap_plan plan = { .answer = RAMSWAP_SET_UP, .devices = devices, .device_count = 1 };
	const struct ramswap_facts facts = { .is_zram_loaded = true };
	struct apply_operations operations;
	struct ramswap_problem problem;

	(void)context;
	devices[0].is_up = true;
	assert_int_equal(apply_operations(&plan, &facts, &operations, &problem), 0);
	assert_int_equal(operations.count, 0);
	apply_operations_free(&operations);
	devices[0].is_up = false;
	plan.answer = RAMSWAP_REFUSED;
	assert_int_equal(apply_operations(&plan, &facts, &operations, &problem), 0);
	assert_int_equal(operations.count, 0);
	apply_operations_free(&operations);
}

static void test_bad_algorithms(void **context)
{
	static const char *const bad[] = { "(level=3)", "zstd(level=3", "zstd(", "z std", "zstd(x)y",
		"a-name-that-is-longer-than-any-other-that-the-kernel-has-for-an-algorithm" };
	struct ramswap_device devices[] = { zram_device() };
	const struct ramswap_plan plan = { .answer = RAMSWAP_SET_UP, .devices = devices, .device_count = 1 };
	const struct ramswap_facts facts = { .is_zram_loaded = true };
	struct apply_operations operations;
	struct ramswap_problem problem;

	(void)context;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		strcpy(devices[0].algorithm, bad[i]);
		assert_int_equal(apply_operations(&plan, &facts, &operations, &problem), -EINVAL);
		assert_non_null(strstr(problem.text, "no algorithm of zram"));
		assert_int_equal(operations.count, 0);
	}
}

/* What is up in another way is not changed below who uses it. */
static void test_another_shape_is_up(void **context)
{
	struct ramswap_device devices[] = { zram_device() };
	struct ramswap_reason reason = { .code = "differs", .subject = "zram3", .text = "it is larger" };
	struct ramswap_plan plan = { .answer = RAMSWAP_SET_UP, .devices = devices, .device_count = 1 };
	struct ramswap_swap swaps[] = { { .device = "zram3", .is_ours = true } };
	const struct ramswap_facts facts = { .is_zram_loaded = true, .swaps = swaps, .swap_count = 1 };
	struct apply_operations operations;
	struct ramswap_problem problem;

	(void)context;
	assert_int_equal(apply_operations(&plan, &facts, &operations, &problem), -EEXIST);
	assert_string_equal(problem.text,
		"zram3: it is up with other settings than these: ramswap down has to come before ramswap up");
	plan.reasons = &reason;
	plan.reason_count = 1;
	assert_int_equal(apply_operations(&plan, &facts, &operations, &problem), -EEXIST);
	assert_string_equal(problem.text, "zram3: it is larger");
	/* Somebody else's is no matter. */
	swaps[0].is_ours = false;
	assert_int_equal(apply_operations(&plan, &facts, &operations, &problem), 0);
	apply_operations_free(&operations);
}

static void test_room(void **context)
{
	/* In MiB. Total, available, in ours, free in another; the headroom, and whether it fits. */
	static const struct {
		__u64 total, available, used, other, headroom;
		bool fits;
	} cases[] = {
		{ 1024, 6, 140, 0, 16, false },
		{ 1024, 163, 140, 0, 16, false }, /* 140 + 7 + 16 */
		{ 1024, 164, 140, 0, 16, true },
		{ 1024, 6, 140, 158, 16, true },
		{ 1024, 0, 0, 0, 16, true },
		{ 512, 117, 100, 5, 16, true },
		{ 512, 116, 100, 5, 16, false },
		{ 8192, 1000, 800, 0, 128, true },
		{ 1048576, 1000, 800, 0, 256, false },
	};

	(void)context;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct ramswap_swap swaps[] = {
			{ .device = "zram0", .size = 4096 * MIB, .used = cases[i].used * MIB },
			{ .device = "sda2", .size = (cases[i].other + 7) * MIB, .used = 7 * MIB },
		};
		const struct ramswap_facts facts = {
			.memory = { .total = cases[i].total * MIB, .has_available = true,
				.available = cases[i].available * MIB },
			.swaps = swaps, .swap_count = 2,
		};
		const bool goes[] = { true, false };
		struct apply_room room;

		assert_int_equal(apply_room_of(&facts, goes, &room), cases[i].fits);
		assert_int_equal(room.headroom, cases[i].headroom * MIB);
		assert_int_equal(room.used, cases[i].used * MIB);
		assert_int_equal(room.other_free, cases[i].other * MIB);
	}
}

static void test_no_room_words(void **context)
{
	const struct apply_down down = { .room = { .used = 140 * MIB, .available = 6 * MIB, .headroom = 16 * MIB,
		.needed = 163 * MIB } };
	struct apply_down group = { .has_room = true, .room = { .group = "/a/b", .group_swapped = 80 * MIB } };
	struct apply_down_settings settings = { 0 };
	struct ramswap_problem problem = { "" };

	(void)context;
	assert_int_equal(apply_down_refuse(&settings, &down, &problem), -ENOSPC);
	assert_non_null(strstr(problem.text, "140 MiB are in use"));
	assert_non_null(strstr(problem.text, "need 163 MiB"));
	assert_non_null(strstr(problem.text, "there are 6 MiB of memory and 0 MiB of other swap"));
	settings.is_forced = true;
	assert_int_equal(apply_down_refuse(&settings, &down, &problem), 0);
	/* A limit of a group cannot be forced. */
	assert_int_equal(apply_down_refuse(&settings, &group, &problem), -ENOSPC);
	assert_non_null(strstr(problem.text, "/a/b"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_operations_of_all_kinds),
		cmocka_unit_test(test_modules),
		cmocka_unit_test(test_nothing_is_to_be_done),
		cmocka_unit_test(test_bad_algorithms),
		cmocka_unit_test(test_another_shape_is_up),
		cmocka_unit_test(test_room),
		cmocka_unit_test(test_no_room_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
