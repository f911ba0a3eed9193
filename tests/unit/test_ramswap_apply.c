// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ramswap's plans carried out: the operations of a plan, the swap header as libblkid reads it, whether what is swapped has
 * room, and steps on files that stand for the kernel's. What needs real devices is in tests/guest/ramswap.d.
 */
#include <blkid/blkid.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>
#include "ramswap/apply/header.h"
#include "ramswap/apply/internal.h"

#define MIB (1ULL << 20)

/* --- the header */

static void test_header_is_what_libblkid_reads(void **context)
{
	static const size_t pages[] = { 4096, 16384, 65536 };
	char path[] = "/tmp/ramswap-header-XXXXXX", uuid[HEADER_UUID_TEXT_MAX], again[HEADER_UUID_TEXT_MAX];
	const char *value;
	int fd = mkstemp(path);

	(void)context;
	assert_true(fd >= 0);
	for (size_t i = 0; i < sizeof(pages) / sizeof(*pages); i++) {
		__u8 *page = malloc(pages[i]);
		blkid_probe probe;

		assert_int_equal(header_uuid_make(uuid), 0);
		assert_int_equal(header_make(page, pages[i], 64 * MIB, uuid), 0);
		assert_int_equal(ftruncate(fd, 0), 0);
		assert_int_equal(ftruncate(fd, 64 * MIB), 0);
		assert_int_equal(pwrite(fd, page, pages[i], 0), pages[i]);
		probe = blkid_new_probe();
		assert_int_equal(blkid_probe_set_device(probe, fd, 0, 0), 0);
		assert_int_equal(blkid_probe_enable_superblocks(probe, 1), 0);
		assert_int_equal(blkid_do_safeprobe(probe), 0);
		assert_int_equal(blkid_probe_lookup_value(probe, "TYPE", &value, NULL), 0);
		assert_string_equal(value, "swap");
		assert_int_equal(blkid_probe_lookup_value(probe, "LABEL", &value, NULL), 0);
		assert_string_equal(value, STATE_SWAP_LABEL);
		assert_int_equal(blkid_probe_lookup_value(probe, "UUID", &value, NULL), 0);
		assert_string_equal(value, uuid);
		blkid_free_probe(probe);
		assert_true(header_parse(page, pages[i], again));
		assert_string_equal(again, uuid);
		free(page);
	}
	close(fd);
	unlink(path);
}

/* Where mkswap(8) is, its header is the same but for the names. */
static void test_header_is_what_mkswap_writes(void **context)
{
	char path[] = "/tmp/ramswap-header-XXXXXX", command[160], uuid[HEADER_UUID_TEXT_MAX];
	size_t size = (size_t)sysconf(_SC_PAGESIZE);
	__u8 *ours = malloc(size), *theirs = malloc(size);
	int fd = mkstemp(path);

	(void)context;
	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, 20 * MIB + 512), 0);
	assert_int_equal(header_uuid_make(uuid), 0);
	snprintf(command, sizeof(command), "PATH=$PATH:/sbin:/usr/sbin mkswap -q -L %s -U %s %s >/dev/null 2>&1",
		STATE_SWAP_LABEL, uuid, path);
	if (system(command)) {
		free(ours);
		free(theirs);
		unlink(path);
		skip();
	}
	assert_int_equal(pread(fd, theirs, size, 0), size);
	assert_int_equal(header_make(ours, size, 20 * MIB + 512, uuid), 0);
	assert_memory_equal(ours, theirs, size);
	free(ours);
	free(theirs);
	close(fd);
	unlink(path);
}

static void test_header_refuses_nonsense(void **context)
{
	static const char *const bad[] = { "", "x", "11111111-2222-4333-8444-55555555555", "11111111222243338444555555555555",
		"11111111-2222-4333-8444-55555555555g", "11111111-2222-4333-8444-5555555555555",
		"-1111111-2222-4333-8444-555555555555", "------------------------------------" };
	const char *good = "11111111-2222-4333-8444-555555555555";
	char uuid[HEADER_UUID_TEXT_MAX];
	__u8 page[4096];

	(void)context;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_int_equal(header_make(page, sizeof(page), MIB, bad[i]), -EINVAL);
	assert_int_equal(header_make(page, sizeof(page), 9 * 4096, good), -EINVAL);
	assert_int_equal(header_make(page, sizeof(page), 0, good), -EINVAL);
	assert_int_equal(header_make(page, sizeof(page), 10 * 4096, good), 0);
	assert_true(header_parse(page, sizeof(page), uuid));
	/* More pages than the header has digits for. */
	assert_int_equal(header_make(page, sizeof(page), ~0ULL, good), 0);
	assert_memory_equal(page + 1028, "\xff\xff\xff\xff", 4);
	page[1052]++;
	assert_false(header_parse(page, sizeof(page), uuid));
	page[1052]--;
	page[4095]++;
	assert_false(header_parse(page, sizeof(page), uuid));
	memset(page, 0, sizeof(page));
	assert_false(header_parse(page, sizeof(page), uuid));
}

/* --- the operations */

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
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" };
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

/* --- room */

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
			.memory = { .total = cases[i].total * MIB, .has_available = true, .available = cases[i].available * MIB },
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

/* --- files that stand for the kernel's */

struct root {
	char path[64];
	int fd;
};

static int make_root(void **context)
{
	struct root *root = calloc(1, sizeof(*root));

	strcpy(root->path, "/tmp/ramswap-apply-XXXXXX");
	assert_non_null(mkdtemp(root->path));
	root->fd = open(root->path, O_PATH | O_DIRECTORY);
	assert_true(root->fd >= 0);
	assert_int_equal(mkdirat(root->fd, "run", 0755), 0);
	*context = root;
	return 0;
}

static int remove_root(void **context)
{
	struct root *root = *context;
	char command[160];

	close(root->fd);
	snprintf(command, sizeof(command), "chmod -R u+rwX '%s'; rm -rf '%s'", root->path, root->path);
	assert_int_equal(system(command), 0);
	free(root);
	return 0;
}

/* With the folders that lead to it. */
static void put(const struct root *root, const char *path, const char *text)
{
	char part[512];
	int fd;

	for (const char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
		snprintf(part, sizeof(part), "%.*s", (int)(slash - path), path);
		if (mkdirat(root->fd, part, 0755))
			assert_int_equal(errno, EEXIST);
	}
	fd = openat(root->fd, path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

static void assert_file(const struct root *root, const char *path, const char *text)
{
	char value[APPLY_VALUE_MAX];

	assert_int_equal(apply_read(root->fd, path, value), 0);
	assert_string_equal(value, text);
}

/* What a watcher is told, in one text. */
struct told {
	char text[1024];
	unsigned int left; /* moments after which it stops; 0: never */
};

static bool tell(void *context, enum apply_moment moment, const char *words)
{
	struct told *told = context;
	size_t length = strlen(told->text);

	snprintf(told->text + length, sizeof(told->text) - length, "%d %s\n", (int)moment, words);
	return !told->left || --told->left;
}

static void note(void *context, const char *text)
{
	tell(context, 9, text);
}

static void test_tunings_are_set_and_restored(void **context)
{
	static const struct apply_operation set[] = {
		{ .kind = APPLY_TUNING, .path = "proc/a", .value = "0" },
		{ .kind = APPLY_TUNING, .path = "proc/b", .value = "200" },
		{ .kind = APPLY_TUNING, .path = "proc/missing", .value = "1" },
	};
	const struct root *root = *context;
	struct told told = { 0 };
	const struct apply_watcher watcher = { .step = tell, .note = note, .context = &told };
	const struct apply_bounds bounds = { 0 };
	struct ramswap_problem problem = { "" };
	struct state state = { 0 };
	struct apply_run run = { root->fd, &state, &watcher, &problem, "" };

	put(root, "proc/a", "3\n");
	put(root, "proc/b", "60\n");
	assert_int_equal(apply_run(&run, &set[0]), 0);
	assert_int_equal(apply_run(&run, &set[1]), 0);
	assert_string_equal(told.text, "0 write 0 to /proc/a\n1 write 0 to /proc/a\n2 write 0 to /proc/a\n"
				       "0 write 200 to /proc/b\n1 write 200 to /proc/b\n2 write 200 to /proc/b\n");
	assert_int_equal(apply_run(&run, &set[2]), -ENOENT);
	assert_string_equal(problem.text, "write 1 to /proc/missing: No such file or directory");
	assert_int_equal(state.count, 2);
	assert_file(root, "proc/a", "0");
	assert_file(root, "proc/b", "200");
	/* Somebody has set it since. */
	put(root, "proc/b", "100\n");
	*told.text = 0;
	assert_int_equal(apply_take_back(root->fd, &state, 1, &bounds, &watcher, &problem), 0);
	assert_non_null(strstr(told.text, "9 /proc/b is 100, and not 200 as ramswap has set it: it is left as it is"));
	assert_int_equal(apply_take_back(root->fd, &state, 0, &bounds, &watcher, &problem), 0);
	assert_file(root, "proc/a", "3");
	assert_file(root, "proc/b", "100");
	assert_int_equal(state.count, 0);
	state_free(&state);
}

/* The watcher stops it at each moment: what is in the state takes all of it back. */
static void test_stopped(void **context)
{
	static const struct apply_operation set = { .kind = APPLY_TUNING, .path = "proc/a", .value = "0" };
	const struct root *root = *context;
	const struct apply_bounds bounds = { 0 };

	put(root, "proc/a", "3\n");
	for (unsigned int i = 1; i <= 3; i++) {
		struct told told = { .left = i };
		const struct apply_watcher watcher = { .step = tell, .note = note, .context = &told };
		struct ramswap_problem problem = { "" };
		struct state state = { 0 };
		struct apply_run run = { root->fd, &state, &watcher, &problem, "" };

		assert_int_equal(apply_run(&run, &set), -ECANCELED);
		assert_int_equal(state.count, i > 1);
		assert_file(root, "proc/a", i > 2 ? "0" : "3");
		while (state.count)
			assert_int_equal(apply_take_back(root->fd, &state, state.count - 1, &bounds, &watcher, &problem), 0);
		assert_file(root, "proc/a", "3");
		state_free(&state);
	}
}

/* Where the state cannot be written nothing is done. */
static void test_nothing_without_a_state(void **context)
{
	static const struct apply_operation set = { .kind = APPLY_TUNING, .path = "proc/a", .value = "0" };
	const struct root *root = *context;
	const struct apply_watcher watcher = { 0 };
	struct ramswap_problem problem = { "" };
	struct state state = { 0 };
	struct apply_run run = { root->fd, &state, &watcher, &problem, "" };

	put(root, "proc/a", "3\n");
	assert_int_equal(unlinkat(root->fd, "run", AT_REMOVEDIR), 0);
	assert_int_equal(apply_run(&run, &set), -ENOENT);
	assert_non_null(strstr(problem.text, STATE_FILE));
	assert_file(root, "proc/a", "3");
	state_free(&state);
}

static void test_a_flag_reads_as_a_letter(void **context)
{
	(void)context;
	assert_true(apply_is_same_value("1", "Y"));
	assert_true(apply_is_same_value("N", "0"));
	assert_true(apply_is_same_value("60", "60"));
	assert_false(apply_is_same_value("Y", "N"));
	assert_false(apply_is_same_value("1", "10"));
	assert_false(apply_is_same_value("", "0"));
}

/* The blocks of a device that is not of whole blocks: 128 MiB each, from 0x20600000 on. */
static void put_dax(const struct root *root)
{
	put(root, "sys/bus/dax/devices/dax0.0/resource", "0x20600000\n");
	put(root, "sys/bus/dax/devices/dax0.0/size", "308281344\n");
	put(root, "sys/devices/system/memory/block_size_bytes", "8000000\n");
	put(root, "sys/devices/system/memory/memory4/state", "offline\n");
	put(root, "sys/devices/system/memory/memory5/state", "offline\n");
	put(root, "sys/devices/system/memory/memory6/state", "offline\n");
	put(root, "sys/bus/dax/drivers/kmem/dax0.0", "");
	put(root, "sys/bus/dax/drivers/kmem/unbind", "");
	put(root, "sys/bus/dax/drivers/kmem/remove_id", "");
	put(root, "sys/bus/dax/drivers/device_dax/bind", "");
}

static void test_whole_blocks_become_memory(void **context)
{
	const struct root *root = *context;
	struct ramswap_problem problem = { "" };

	put_dax(root);
	assert_false(apply_memory_is_whole(root->fd, "dax0.0"));
	assert_int_equal(apply_memory_add(root->fd, "dax0.0", &problem), 0);
	assert_file(root, "sys/devices/system/memory/memory4/state", "offline");
	assert_file(root, "sys/devices/system/memory/memory5/state", "online_movable");
	assert_file(root, "sys/devices/system/memory/memory6/state", "offline");
	put(root, "sys/devices/system/memory/memory5/state", "online\n");
	assert_true(apply_memory_is_whole(root->fd, "dax0.0"));
	assert_int_equal(apply_memory_remove(root->fd, "dax0.0", &problem), 0);
	assert_file(root, "sys/devices/system/memory/memory5/state", "offline");
	assert_file(root, "sys/bus/dax/drivers/kmem/unbind", "dax0.0");
	assert_file(root, "sys/bus/dax/drivers/device_dax/bind", "dax0.0");
}

static void test_memory_nonsense(void **context)
{
	static const struct {
		const char *path, *text;
	} cases[] = {
		{ "sys/bus/dax/devices/dax0.0/resource", "0xffffffffffffffff\n" },
		{ "sys/bus/dax/devices/dax0.0/resource", "no\n" },
		{ "sys/bus/dax/devices/dax0.0/size", "18446744073709551615\n" },
		{ "sys/bus/dax/devices/dax0.0/size", "-1\n" },
		{ "sys/bus/dax/devices/dax0.0/size", "4096\n" },
		{ "sys/devices/system/memory/block_size_bytes", "0\n" },
		{ "sys/devices/system/memory/block_size_bytes", "\n" },
		{ "sys/devices/system/memory/block_size_bytes", "ffffffffffffffff\n" },
	};
	const struct root *root = *context;
	struct ramswap_problem problem = { "" };

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		put_dax(root);
		put(root, cases[i].path, cases[i].text);
		assert_true(apply_memory_add(root->fd, "dax0.0", &problem) < 0);
		assert_non_null(strstr(problem.text, "dax0.0"));
		assert_file(root, "sys/devices/system/memory/memory5/state", "offline");
	}
}

static void put_group(const struct root *root, const char *group, const char *limit, const char *current,
	const char *swapped, const char *stat)
{
	static const char *const files[] = { "memory.max", "memory.current", "memory.swap.current", "memory.stat" };
	const char *const texts[] = { limit, current, swapped, stat };
	char path[256];

	for (size_t i = 0; i < 4; i++) {
		snprintf(path, sizeof(path), "sys/fs/cgroup/%s/%s", group, files[i]);
		put(root, path, texts[i]);
	}
}

/* 80 MiB in swap: what is free below the limit, in the other swap, and pages of files make room. */
static void test_groups(void **context)
{
	const struct root *root = *context;
	struct apply_room room = { 0 };

	put_group(root, "a", "max\n", "83886080\n", "83886080\n", "anon 1\n");
	put_group(root, "a/b", "167772160\n", "83886080\n", "83886080\n", "anon 1\ninactive_file 0\nactive_file 0\n");
	apply_group_check(root->fd, &room);
	assert_string_equal(room.group, "");
	put_group(root, "a/c", "100000000\n", "90000000\n", "20000000\n", "inactive_file 5000000\nactive_file 5000000\n");
	apply_group_check(root->fd, &room);
	assert_string_equal(room.group, "");
	put_group(root, "a/c", "100000000\n", "90000000\n", "20000001\n", "inactive_file 5000000\nactive_file 5000000\n");
	apply_group_check(root->fd, &room);
	assert_string_equal(room.group, "/a/c");
	assert_int_equal(room.group_swapped, 20000001);
	assert_int_equal(room.group_room, 20000000);
	/* The worst is named. */
	put_group(root, "d", "1000\n", "90000000\n", "5000\n", "inactive_file\nactive_file x\n");
	room = (struct apply_room){ 0 };
	apply_group_check(root->fd, &room);
	assert_string_equal(room.group, "/d");
	room = (struct apply_room){ .other_free = 5000 };
	apply_group_check(root->fd, &room);
	assert_string_equal(room.group, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_header_is_what_libblkid_reads),
		cmocka_unit_test(test_header_is_what_mkswap_writes),
		cmocka_unit_test(test_header_refuses_nonsense),
		cmocka_unit_test(test_operations_of_all_kinds),
		cmocka_unit_test(test_modules),
		cmocka_unit_test(test_nothing_is_to_be_done),
		cmocka_unit_test(test_bad_algorithms),
		cmocka_unit_test(test_another_shape_is_up),
		cmocka_unit_test(test_room),
		cmocka_unit_test(test_no_room_words),
		cmocka_unit_test_setup_teardown(test_tunings_are_set_and_restored, make_root, remove_root),
		cmocka_unit_test_setup_teardown(test_stopped, make_root, remove_root),
		cmocka_unit_test_setup_teardown(test_nothing_without_a_state, make_root, remove_root),
		cmocka_unit_test(test_a_flag_reads_as_a_letter),
		cmocka_unit_test_setup_teardown(test_whole_blocks_become_memory, make_root, remove_root),
		cmocka_unit_test_setup_teardown(test_memory_nonsense, make_root, remove_root),
		cmocka_unit_test_setup_teardown(test_groups, make_root, remove_root),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
