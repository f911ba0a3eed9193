// SPDX-License-Identifier: GPL-2.0-or-later
/* Steps of ramswap up and down on files that stand for the kernel's: settings, memory, control groups; and which go. */
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
#include "ramswap/apply/internal.h"

struct root {
	char path[64];
	int fd;
};

static int make_root(void **context)
{
	struct root *root = calloc(1, sizeof(*root));

	if (!root)
		return -1;
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
			assert_int_equal(
				apply_take_back(root->fd, &state, state.count - 1, &bounds, &watcher, &problem), 0);
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
	assert_true(apply_is_same_value("true", "1"));
	assert_true(apply_is_same_value("0", "false"));
	assert_false(apply_is_same_value("true", "0"));
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
	static const char files[] = "inactive_file 5000000\nactive_file 5000000\n";
	const struct root *root = *context;
	struct apply_room room = { 0 };

	put_group(root, "a", "max\n", "83886080\n", "83886080\n", "anon 1\n");
	put_group(root, "a/b", "167772160\n", "83886080\n", "83886080\n", "anon 1\ninactive_file 0\nactive_file 0\n");
	apply_group_check(root->fd, &room);
	assert_string_equal(room.group, "");
	put_group(root, "a/c", "100000000\n", "90000000\n", "20000000\n", files);
	apply_group_check(root->fd, &room);
	assert_string_equal(room.group, "");
	put_group(root, "a/c", "100000000\n", "90000000\n", "20000001\n", files);
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

/* The program that has most; or what is no program's. */
static void test_swapped(void **context)
{
	const struct root *root = *context;

	assert_int_equal(apply_swapped_most(root->fd, 5 << 20), 5 << 20);
	put(root, "proc/1/status", "Name:\tinit\nVmSwap:\t     100 kB\n");
	put(root, "proc/22/status", "Name:\tlarge\nVmRSS:\t 9 kB\nVmSwap:\t    2048 kB\nThreads:\t1\n");
	put(root, "proc/3/status", "Name:\tkthread\nThreads:\t1\n");
	put(root, "proc/44/status", "VmSwap:\t99999 kB\nVmSwap: x\n");
	put(root, "proc/meminfo", "x\nVmSwap: 99999 kB\n");
	put(root, "proc/sys/x", "");
	assert_int_equal(apply_swapped_most(root->fd, 4 << 20), 2 << 20);
	assert_int_equal(apply_swapped_most(root->fd, 8 << 20), (8 << 20) - (2148 << 10));
	put(root, "proc/5/status", "Name:\thostile\nVmSwap:\t 18446744073709551615 kB\n");
	assert_int_equal(apply_swapped_most(root->fd, 4 << 20), 2 << 20);
}

/* What ramswap up has made of each kind, on a machine with room. */
static void put_made(const struct root *root)
{
	put(root, "proc/meminfo", "MemTotal: 1048576 kB\nMemFree: 1048576 kB\nMemAvailable: 1048576 kB\n");
	put(root, "proc/swaps", "Filename Type Size Used Priority\n");
	put(root, STATE_FILE,
		"module brd\n"
		"zram 0\n"
		"swap /dev/zram0 11111111-2222-4333-8444-555555555555\n"
		"swap /dev/pmem0 21111111-2222-4333-8444-555555555555\n"
		"swap /dev/ram0 31111111-2222-4333-8444-555555555555\n"
		"memory dax0.0\n"
		"tuned proc/sys/vm/swappiness 100 60\n");
}

static void assert_goes(const struct root *root, const struct apply_down_settings *settings, const char *expected)
{
	struct ramswap_problem problem = { "" };
	struct apply_down down;
	char text[512] = "";

	if (apply_down_prepare(root->fd, settings, &down, &problem))
		fail_msg("%s", problem.text);
	for (size_t i = 0; i < down.steps.count; i++) {
		size_t length = strlen(text);

		snprintf(text + length, sizeof(text) - length, "%s%s", i ? " " : "", down.steps.steps[i].name);
	}
	assert_string_equal(text, expected);
	apply_down_free(&down);
}

/* Which steps go with what is named, and before a machine hibernates. */
static void test_what_goes(void **context)
{
	static const char all[] = "brd zram0 /dev/zram0 /dev/pmem0 /dev/ram0 dax0.0 proc/sys/vm/swappiness";
	char *zram[] = { "zram0" }, *ram[] = { "/dev/ram0" }, *each[] = { "ram0", "/dev/zram0", "pmem0", "dax0.0" },
	     *other[] = { "zram1" };
	const struct root *root = *context;
	struct apply_down_settings settings = { .devices = zram, .device_count = 1 };
	struct ramswap_problem problem = { "" };
	struct apply_down down;

	put_made(root);
	assert_goes(root, &settings, "zram0 /dev/zram0");
	settings.devices = ram;
	assert_goes(root, &settings, "brd /dev/ram0");
	/* The tunings go with the last device, also where each of them is named. */
	settings = (struct apply_down_settings){ .devices = each, .device_count = 4 };
	assert_goes(root, &settings, all);
	settings.device_count = 3;
	assert_goes(root, &settings, "brd zram0 /dev/zram0 /dev/pmem0 /dev/ram0");
	settings = (struct apply_down_settings){ 0 };
	assert_goes(root, &settings, all);
	/* Pages in zram are in the image. */
	settings.for_hibernation = true;
	assert_goes(root, &settings, "brd /dev/pmem0 /dev/ram0 dax0.0");
	put(root, STATE_FILE, "zram 0\nswap /dev/zram0 11111111-2222-4333-8444-555555555555\n"
			      "tuned proc/sys/vm/swappiness 100 60\n");
	assert_goes(root, &settings, "");
	settings = (struct apply_down_settings){ .devices = other, .device_count = 1 };
	assert_int_equal(apply_down_prepare(root->fd, &settings, &down, &problem), -ENOENT);
	assert_string_equal(problem.text, "zram1 is nothing that ramswap up has made");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_tunings_are_set_and_restored, make_root, remove_root),
		cmocka_unit_test_setup_teardown(test_stopped, make_root, remove_root),
		cmocka_unit_test_setup_teardown(test_nothing_without_a_state, make_root, remove_root),
		cmocka_unit_test(test_a_flag_reads_as_a_letter),
		cmocka_unit_test_setup_teardown(test_whole_blocks_become_memory, make_root, remove_root),
		cmocka_unit_test_setup_teardown(test_memory_nonsense, make_root, remove_root),
		cmocka_unit_test_setup_teardown(test_groups, make_root, remove_root),
		cmocka_unit_test_setup_teardown(test_swapped, make_root, remove_root),
		cmocka_unit_test_setup_teardown(test_what_goes, make_root, remove_root),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
