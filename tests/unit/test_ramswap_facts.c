// SPDX-License-Identifier: GPL-2.0-or-later
/* The kernel's files taken apart, with nonsense in them; and machines that are a folder. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "lib/file/below.h"
#include "ramswap/facts/candidates.h"
#include "ramswap/facts/file.h"
#include "ramswap/facts/others.h"
#include "ramswap/facts/parse.h"
#include "ramswap/facts/text.h"
#include "ramswap/facts/usable.h"
#include "ramswap/ramswap.h"
#include "ramswap/state/state.h"
#include "folder.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define MIB (1ULL << 20)

static int root = -1;

static int set_up(void **state)
{
	if (folder_enter(state))
		return -1;
	root = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return root < 0;
}

static int tear_down(void **state)
{
	close(root);
	return folder_leave(state);
}

/* Each test begins with an empty machine. */
static int empty(void **state)
{
	(void)state;
	return system("rm -rf -- * .dockerenv");
}

static void make_folders(const char *path)
{
	char copy[512];

	snprintf(copy, sizeof(copy), "%s", path);
	for (char *slash = strchr(copy, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = 0;
		mkdir(copy, 0700);
		*slash = '/';
	}
}

static void put_bytes(const char *path, const char *bytes, size_t size)
{
	FILE *out;

	make_folders(path);
	out = fopen(path, "w");
	assert_non_null(out);
	assert_int_equal(fwrite(bytes, 1, size, out), size);
	assert_int_equal(fclose(out), 0);
}

static void put(const char *path, const char *text)
{
	put_bytes(path, text, strlen(text));
}

static void put_link(const char *path, const char *target)
{
	make_folders(path);
	assert_int_equal(symlink(target, path), 0);
}

#define SWAPS "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"

/* What no machine is without. */
static void put_machine(const char *swaps)
{
	char text[4096];

	put("proc/meminfo", "MemTotal:        1000000 kB\nMemFree:          900000 kB\nMemAvailable:     950000 kB\n");
	snprintf(text, sizeof(text), SWAPS "%s", swaps);
	put("proc/swaps", text);
	put("proc/cmdline", "quiet\n");
	put("proc/self/mountinfo", "1 0 0:1 / / rw - rootfs rootfs rw\n");
	put("proc/sys/kernel/osrelease", "7.2.13\n");
}

static void put_disk(const char *name, const char *device, unsigned int megabytes)
{
	char path[128], text[32];

	snprintf(path, sizeof(path), "sys/block/%s/size", name);
	snprintf(text, sizeof(text), "%llu\n", megabytes * MIB / 512);
	put(path, text);
	snprintf(path, sizeof(path), "sys/block/%s/dev", name);
	snprintf(text, sizeof(text), "%s\n", device);
	put(path, text);
}

static struct ramswap_facts *facts_of_folder(void)
{
	struct ramswap_facts *facts = NULL;
	struct ramswap_problem problem = { "" };

	if (ramswap_facts_read(root, &facts, &problem))
		fail_msg("%s", problem.text);
	return facts;
}

/* --- text */

static void numbers(void **state)
{
	static const struct {
		const char *text;
		bool is_one;
		__s64 number;
	} cases[] = {
		{ "0", true, 0 }, { "-0", true, 0 }, { "-1", true, -1 }, { "100", true, 100 }, { "-101", true, -101 },
		{ "101", false, 0 }, { "-102", false, 0 }, { "", false, 0 }, { "-", false, 0 }, { "+1", false, 0 },
		{ " 1", false, 0 }, { "1 ", false, 0 }, { "--1", false, 0 }, { "99999999999999999999", false, 0 },
		{ "-99999999999999999999", false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		__s64 number = 7;

		if (facts_parse_signed(cases[i].text, 100, &number) != cases[i].is_one ||
			number != (cases[i].is_one ? cases[i].number : 7))
			fail_msg("\"%s\": %lld", cases[i].text, (long long)number);
	}
}

static void devices(void **state)
{
	static const char *const wrong[] = { "", "8", "8:", ":0", "8:0 ", "4096:0", "0:1048576", "8:0:0", "-1:0",
		"18446744073709551616:0", "8.0" };
	unsigned int major = 7, minor = 7;

	(void)state;
	for (size_t i = 0; i < COUNT(wrong); i++)
		if (facts_parse_device(wrong[i], &major, &minor) || major != 7 || minor != 7)
			fail_msg("%s is taken for a device", wrong[i]);
	assert_true(facts_parse_device("259:1048575", &major, &minor));
	assert_int_equal(major, 259);
	assert_int_equal(minor, 1048575);
}

static void lists(void **state)
{
	(void)state;
	assert_int_equal(facts_parse_list_count("0"), 1);
	assert_int_equal(facts_parse_list_count("0-3,8"), 5);
	assert_int_equal(facts_parse_list_count("0-3,8,10-11\n"), 7);
	assert_int_equal(facts_parse_list_count(""), 0);
	assert_int_equal(facts_parse_list_count("\n"), 0);
	assert_int_equal(facts_parse_list_count("x"), 0);
	assert_int_equal(facts_parse_list_count("3-1"), 0);
	assert_int_equal(facts_parse_list_count("0-99999999999"), 0);
	assert_int_equal(facts_parse_list_count("0-65536"), 0);
	assert_int_equal(facts_parse_list_count("65535"), 1);
	assert_int_equal(facts_parse_list_count("0-65535,0-65535,0-65535"), 65536);
	assert_true(facts_list_has("0-3,8", 2));
	assert_true(facts_list_has("0-3,8", 8));
	assert_false(facts_list_has("0-3,8", 4));
	assert_false(facts_list_has("", 0));
}

static void words_and_names(void **state)
{
	char text[RAMSWAP_NAME_MAX + 2], name[RAMSWAP_NAME_MAX + 1];
	__u64 number = 7;

	(void)state;
	assert_true(facts_has_word("a swap b", "swap") && facts_has_word("swap", "swap") && facts_has_word("b\nswap\n", "swap"));
	assert_true(facts_has_word("swaps swap", "swap"));
	assert_false(facts_has_word("swaps aswap", "swap"));
	memset(text, 'n', sizeof(text));
	text[RAMSWAP_NAME_MAX] = 0;
	assert_true(facts_copy_name(name, text));
	assert_string_equal(name, text);
	text[RAMSWAP_NAME_MAX] = 'n';
	text[RAMSWAP_NAME_MAX + 1] = 0;
	assert_false(facts_copy_name(name, text));
	assert_string_equal(name, "");
	assert_false(facts_copy_name(name, "a/b"));
	assert_false(facts_parse_hex("10", 15, &number));
	assert_int_equal(number, 7);
	assert_true(facts_parse_hex("f", 15, &number));
	assert_int_equal(number, 15);
}

static void lines_are_cut(void **state)
{
	struct facts_lines lines;
	char *text = malloc(2 * FACTS_LINE_MAX);

	(void)state;
	assert_non_null(text);
	memset(text, 'x', 2 * FACTS_LINE_MAX);
	text[2 * FACTS_LINE_MAX - 3] = '\n';
	facts_lines_begin(&lines, text, 2 * FACTS_LINE_MAX);
	assert_true(facts_line_next(&lines));
	assert_int_equal(strlen(lines.line), FACTS_LINE_MAX);
	assert_true(facts_line_next(&lines));
	assert_string_equal(lines.line, "xx");
	assert_false(facts_line_next(&lines));
	facts_lines_begin(&lines, "a\0b\n\nc", 6);
	assert_true(facts_line_next(&lines));
	assert_string_equal(lines.line, "a");
	assert_true(facts_line_next(&lines));
	assert_string_equal(lines.line, "");
	assert_true(facts_line_next(&lines));
	assert_string_equal(lines.line, "c");
	assert_false(facts_line_next(&lines));
	free(text);
}

static void escapes_are_undone(void **state)
{
	static const struct {
		const char *text, *undone;
	} cases[] = {
		{ "/a\\040b", "/a b" }, { "\\011\\012\\134", "\t\n\\" }, { "\\04", "\\04" }, { "\\", "\\" }, { "\\400", "\\400" },
		{ "\\048", "\\048" }, { "\\303\\244", "\xc3\xa4" }, { "a\\000b", "ab" }, { "", "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char text[64];

		strcpy(text, cases[i].text);
		facts_undo_escapes(text);
		assert_string_equal(text, cases[i].undone);
	}
}

/* --- the kernel's files */

static void memory_is_read(void **state)
{
	static const char text[] = "MemTotal:        1000 kB\nMemFree:          500 kB\nMemAvailable:     800 kB\n"
				   "SwapCached:         1 kB\nActive(file):       10 kB\nInactive(file):     20 kB\n"
				   "AnonPages:         100 kB\nHighTotal:         300 kB\nSwapTotal:        200 kB\n"
				   "SwapFree:         150 kB\nZswap:              7 kB\nZswapped:          21 kB\n"
				   "Hugetlb:            64 kB\n";
	struct ramswap_memory memory;

	(void)state;
	assert_int_equal(facts_parse_memory(text, strlen(text), &memory), 0);
	assert_int_equal(memory.total, 1000 << 10);
	assert_int_equal(memory.free, 500 << 10);
	assert_true(memory.has_available);
	assert_int_equal(memory.available, 800 << 10);
	assert_int_equal(memory.high, 300 << 10);
	assert_int_equal(memory.anonymous, 100 << 10);
	assert_int_equal(memory.file, 30 << 10);
	assert_int_equal(memory.huge_reserved, 64 << 10);
	assert_int_equal(memory.swap_total, 200 << 10);
	assert_int_equal(memory.swap_free, 150 << 10);
	assert_int_equal(memory.swap_cached, 1 << 10);
	assert_int_equal(memory.zswap, 7 << 10);
	assert_int_equal(memory.zswapped, 21 << 10);
}

static void memory_that_is_nonsense(void **state)
{
	static const struct {
		const char *text;
		int err;
		__u64 total, available;
		bool has_available;
	} cases[] = {
		{ "", -EPROTO, 0, 0, false },
		{ "MemTotal: 0 kB\n", -EPROTO, 0, 0, false },
		{ "MemTotal: -1 kB\n", -EPROTO, 0, 0, false },
		{ "MemTotal: 9223372036854775808 kB\n", -EPROTO, 0, 0, false },
		{ "MemTotal: 18446744073709551615 kB\n", -EPROTO, 0, 0, false },
		{ "MemTotal: 1 MB\n", -EPROTO, 0, 0, false },
		{ "MemTotal:\n", -EPROTO, 0, 0, false },
		{ "MemTotal 5 kB\n", -EPROTO, 0, 0, false },
		{ "xMemTotal: 5 kB\n", -EPROTO, 0, 0, false },
		{ "MemTotal: 5 kB", 0, 5 << 10, 0, false },
		{ "\n\n  MemTotal: 5\n", 0, 5 << 10, 0, false },
		{ "MemTotal: 5 kB\nMemAvailable: x kB\n", 0, 5 << 10, 0, false },
		{ "MemTotal: 5 kB\nMemAvailable: 9 kB\n", 0, 5 << 10, 5 << 10, true },
		{ "MemAvailable: 0 kB\nMemTotal: 5 kB\n", 0, 5 << 10, 0, true },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct ramswap_memory memory;

		assert_int_equal(facts_parse_memory(cases[i].text, strlen(cases[i].text), &memory), cases[i].err);
		if (cases[i].err)
			continue;
		assert_int_equal(memory.total, cases[i].total);
		assert_int_equal(memory.available, cases[i].available);
		assert_int_equal(memory.has_available, cases[i].has_available);
	}
}

static struct ramswap_facts *parse_swaps(const char *lines, int expected)
{
	struct ramswap_facts *facts = calloc(1, sizeof(*facts));
	char text[8192];

	assert_non_null(facts);
	snprintf(text, sizeof(text), SWAPS "%s", lines);
	assert_int_equal(facts_parse_swaps(text, strlen(text), facts), expected);
	return facts;
}

static void swaps_are_read(void **state)
{
	struct ramswap_facts *facts = parse_swaps("/dev/zram0                              partition\t102396\t\t4\t\t-1\n"
						  "/var/swap\\040file\\040(deleted)  file 2000 0 32767\n"
						  "/dev/sda2 partition 8 8 -2", 0);

	(void)state;
	assert_int_equal(facts->swap_count, 3);
	assert_string_equal(facts->swaps[0].path, "/dev/zram0");
	assert_int_equal(facts->swaps[0].size, 102396 << 10);
	assert_int_equal(facts->swaps[0].used, 4 << 10);
	assert_int_equal(facts->swaps[0].priority, -1);
	assert_false(facts->swaps[0].is_file || facts->swaps[0].is_deleted);
	assert_string_equal(facts->swaps[1].path, "/var/swap file");
	assert_true(facts->swaps[1].is_file && facts->swaps[1].is_deleted);
	assert_int_equal(facts->swaps[1].priority, 32767);
	assert_int_equal(facts->swaps[2].priority, -2);
	ramswap_facts_free(facts);
}

static void swaps_that_are_nonsense(void **state)
{
	static const struct {
		const char *line;
		size_t count;
		__u64 size, used;
		int priority;
	} cases[] = {
		{ "\n", 0, 0, 0, 0 },
		{ "/dev/sda2\n", 0, 0, 0, 0 },
		{ "/dev/sda2 partition 10 5\n", 0, 0, 0, 0 },
		{ "/dev/sda2 folder 10 5 1\n", 0, 0, 0, 0 },
		{ "/dev/sda2 partition 10 5 x\n", 0, 0, 0, 0 },
		{ "/dev/sda2 partition 10 5 99999999999\n", 0, 0, 0, 0 },
		{ "/dev/sda2 partition 10 20 1\n", 1, 10 << 10, 10 << 10, 1 },
		{ "/dev/sda2 partition -10 5 1\n", 1, 0, 0, 1 },
		{ "/dev/sda2 partition 18446744073709551615 5 1\n", 1, 0, 0, 1 },
		{ "/dev/sda2 partition 0 0 1\n", 1, 0, 0, 1 },
		{ "/dev/sda2 partition 10 5 40000\n", 1, 10 << 10, 5 << 10, 32767 },
		{ "/dev/sda2 partition 10 5 -40000\n", 1, 10 << 10, 5 << 10, -32768 },
		{ "/dev/sda2 partition 10 5 1 more\n", 1, 10 << 10, 5 << 10, 1 },
	};
	struct ramswap_facts empty_facts = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct ramswap_facts *facts = parse_swaps(cases[i].line, 0);

		if (facts->swap_count != cases[i].count)
			fail_msg("%zu swaps: %s", facts->swap_count, cases[i].line);
		if (cases[i].count) {
			assert_int_equal(facts->swaps[0].size, cases[i].size);
			assert_int_equal(facts->swaps[0].used, cases[i].used);
			assert_int_equal(facts->swaps[0].priority, cases[i].priority);
		}
		ramswap_facts_free(facts);
	}
	assert_int_equal(facts_parse_swaps("<html>", 6, &empty_facts), -EPROTO);
	assert_int_equal(facts_parse_swaps("", 0, &empty_facts), 0);
	assert_int_equal(empty_facts.swap_count, 0);
}

static void a_list_of_swaps_is_bounded(void **state)
{
	static const char line[] = "/s file 1 0 1\n";
	size_t size = strlen(SWAPS), length = strlen(line);
	char *text = malloc(size + 1000 * length + 1);
	struct ramswap_facts *facts = calloc(1, sizeof(*facts));

	(void)state;
	assert_true(text && facts);
	strcpy(text, SWAPS);
	for (int i = 0; i < 1000; i++, size += length)
		strcpy(text + size, line);
	assert_int_equal(facts_parse_swaps(text, size, facts), 0);
	assert_int_equal(facts->swap_count, 256);
	ramswap_facts_free(facts);
	free(text);
}

static void statistics_of_zram(void **state)
{
	static const struct {
		const char *text;
		unsigned int fields;
		__u64 stored, limit, huge, huge_ever;
	} cases[] = {
		{ "4096 63 20480 0 20480 1 2", 7, 4096, 0, 0, 0 },
		{ "4096 63 20480 0 20480 1 2 3", 8, 4096, 0, 3, 0 },
		{ "    4096       63    20480        9    20480        1        2        3        4", 9, 4096, 9, 3, 4 },
		{ "4096 63 20480 0 20480 1 2 3 4 5", 10, 4096, 0, 3, 4 },
		{ "4096 63 20480 18446744073709547520 20480 1 2 3 4", 9, 4096, 0, 3, 4 },
		{ "4096 63 20480 0 20480 1", 0, 0, 0, 0, 0 },
		{ "4096 63 20480 0 20480 -1 2 3 4", 0, 0, 0, 0, 0 },
		{ "9223372036854775808 63 20480 0 20480 1 2 3 4", 0, 0, 0, 0, 0 },
		{ "4096 63 20480 0 20480 1 2 3 4 5 6 7 8 9 10 11 12", 0, 0, 0, 0, 0 },
		{ "x", 0, 0, 0, 0, 0 },
		{ "", 0, 0, 0, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct ramswap_zram zram = { 0 };

		facts_parse_mm_stat(cases[i].text, &zram);
		if (zram.stat_fields != cases[i].fields)
			fail_msg("%u fields: %s", zram.stat_fields, cases[i].text);
		assert_int_equal(zram.stored, cases[i].stored);
		assert_int_equal(zram.limit, cases[i].limit);
		assert_int_equal(zram.huge_pages, cases[i].huge);
		assert_int_equal(zram.huge_pages_ever, cases[i].huge_ever);
		assert_int_equal(zram.same_pages, cases[i].fields ? 1 : 0);
	}
}

static void algorithms_of_zram(void **state)
{
	struct ramswap_zram zram = { 0 };
	char name[RAMSWAP_NAME_MAX + 1], many[512] = "";

	(void)state;
	facts_parse_algorithms("lzo [lzo-rle] lz4 lz4hc zstd ", &zram);
	assert_int_equal(zram.algorithm_count, 5);
	assert_string_equal(zram.algorithm, "lzo-rle");
	assert_string_equal(zram.algorithms[1], "lzo-rle");
	assert_string_equal(zram.algorithms[4], "zstd");
	for (int i = 0; i < 40; i++)
		strcat(many, "[a] ");
	facts_parse_algorithms(many, &zram);
	assert_int_equal(zram.algorithm_count, RAMSWAP_ALGORITHMS_MAX);
	zram = (struct ramswap_zram){ 0 };
	memset(many, 'x', 100);
	many[100] = 0;
	facts_parse_algorithms(many, &zram);
	facts_parse_algorithms("[] [ ] [/etc] a/b", &zram);
	assert_string_equal(zram.algorithm, "");
	assert_int_equal(zram.algorithm_count, 3); /* "[]", "[", "]": names of nothing, but no path */
	facts_parse_recompression("#1: lzo [zstd] lz4\n#2: [lzo] zstd\n", 35, name);
	assert_string_equal(name, "zstd");
	facts_parse_recompression("#2: [lzo] zstd\n", 15, name);
	assert_string_equal(name, "");
}

static void ranges_are_read(void **state)
{
	static const char text[] = "00001000-0009fbff : System RAM\n"
				   "20000000-32bfffff : Persistent Memory (legacy)\n"
				   "  20000000-32bfffff : namespace0.0\n"
				   "40000000-7fffffff : System RAM\n"
				   "  50000000-57ffffff : Crash kernel\n"
				   "100000000-13fffffff : CXL Window 0\n"
				   "  100000000-13fffffff : Soft Reserved\n"
				   "    100000000-13fffffff : System RAM (kmem)\n"
				   "  140000000-15fffffff : Reserved\n"
				   "fd00000000-ffffffffff : Reserved\n";
	static const char nonsense[] = "1-0 : System RAM\n-5 : System RAM\nx-y : Reserved\n0-1 System RAM\n"
				       "0-10000000000000000 : Reserved\n0-1 : \n0-1\n\n : \n-\n0-ffffffffffffffff : System RAM\n";
	static const enum ramswap_range_kind kinds[] = { RAMSWAP_RANGE_RAM, RAMSWAP_RANGE_PMEM_LEGACY, RAMSWAP_RANGE_RAM,
		RAMSWAP_RANGE_CRASH_KERNEL, RAMSWAP_RANGE_SOFT_RESERVED, RAMSWAP_RANGE_RESERVED };
	struct ramswap_facts *facts = calloc(1, sizeof(*facts));

	(void)state;
	assert_non_null(facts);
	assert_int_equal(facts_parse_ranges(text, strlen(text), facts), 0);
	assert_int_equal(facts->range_count, COUNT(kinds));
	for (size_t i = 0; i < COUNT(kinds); i++)
		assert_int_equal(facts->ranges[i].kind, kinds[i]);
	assert_int_equal(facts->ranges[1].start, 0x20000000);
	assert_int_equal(facts->ranges[1].end, 0x32bfffff);
	assert_int_equal(facts_parse_ranges(nonsense, strlen(nonsense), facts), 0);
	assert_int_equal(facts->range_count, COUNT(kinds) + 1);
	/* More than any machine has. */
	for (int i = 0; i < 4200; i++)
		assert_int_equal(facts_parse_ranges("0-1 : System RAM\n", 17, facts), 0);
	assert_int_equal(facts->range_count, 4096);
	ramswap_facts_free(facts);
}

static void nodes_are_read(void **state)
{
	struct ramswap_node *node = calloc(1, sizeof(*node));
	static const char memory[] = "Node 1 MemTotal:       500 kB\nNode 1 MemFree:        600 kB\nNode\nNode 1\n"
				     "Node 1 MemTotal:\n";

	(void)state;
	assert_non_null(node);
	facts_parse_distances("10 20 255", 3, node);
	assert_int_equal(node->distances[2], 255);
	/* Of other nodes. */
	facts_parse_distances("10 20 255", 2, node);
	assert_int_equal(node->distances[0], 0);
	facts_parse_distances("10 20", 3, node);
	assert_int_equal(node->distances[0], 0);
	facts_parse_distances("10 256", 2, node);
	assert_int_equal(node->distances[0], 0);
	facts_parse_node_memory(memory, strlen(memory), node);
	assert_int_equal(node->total, 500 << 10);
	assert_int_equal(node->free, 500 << 10);
	free(node);
}

static void pressure_is_read(void **state)
{
	static const char right[] = "some avg10=1.50 avg60=2.25 avg300=0.00 total=77\nfull avg10=0.50 avg60=99.99 avg300=1 total=5\n";
	static const char wrong[] = "some avg10=1.50 avg60=200.00 avg300=0.00 total=77\nfull avg10=1 total=5\nhalf\nsome\n\n";
	struct ramswap_facts *facts = calloc(1, sizeof(*facts));

	(void)state;
	assert_non_null(facts);
	facts_parse_pressure(wrong, strlen(wrong), facts);
	assert_true(facts->pressure_some_10 == 0 && !facts->pressure_some_total && !facts->pressure_full_total);
	facts_parse_pressure(right, strlen(right), facts);
	assert_true(facts->pressure_some_10 == 1.5 && facts->pressure_some_60 == 2.25 && facts->pressure_full_10 == 0.5);
	assert_int_equal(facts->pressure_some_total, 77);
	assert_int_equal(facts->pressure_full_total, 5);
	free(facts);
}

static void groups(void **state)
{
	static const struct {
		const char *text;
		bool is_first;
		const char *path; /* NULL: none */
	} cases[] = {
		{ "0::/user.slice/a\n", false, "/user.slice/a" },
		{ "0::/\n", false, "/" },
		{ "4:memory:/a\n0::/b\n", false, "/b" },
		{ "4:memory:/a\n0::/b\n", true, "/a" },
		{ "0::/../../b\n", false, NULL },
		{ "0::b\n", false, NULL },
		{ "0:/b\n", false, NULL },
		{ "4:cpu,memory:/a\n", true, NULL },
		{ "", false, NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char path[RAMSWAP_PATH_MAX + 1] = "";

		assert_int_equal(facts_parse_group(cases[i].text, strlen(cases[i].text), cases[i].is_first, path),
			cases[i].path != NULL);
		if (cases[i].path)
			assert_string_equal(path, cases[i].path);
	}
}

static void parameters(void **state)
{
	static const struct {
		const char *line, *name;
		const char *value; /* NULL: it is not there */
	} cases[] = {
		{ "quiet resume=/dev/sda2 splash", "resume", "/dev/sda2" },
		{ "resume=a resume=b", "resume", "b" },
		{ "noresume", "resume", NULL },
		{ "resumes=1", "resume", NULL },
		{ "nohibernate", "nohibernate", "" },
		{ "crash-kernel=1", "crash_kernel", "1" },
		{ "a=\"x resume=1 y\"", "resume", NULL },
		{ "resume=\"x y\" z", "resume", "x y" },
		{ "resume=\"", "resume", "" },
		{ "resume=\"x", "resume", "x" },
		{ "", "resume", NULL },
		{ "   ", "resume", NULL },
		{ "resume=0123456789abcdef", "resume", "0123456789" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char value[11] = "";

		if (facts_has_parameter(cases[i].line, cases[i].name, value, sizeof(value)) != (cases[i].value != NULL))
			fail_msg("%s: %s", cases[i].line, cases[i].name);
		if (cases[i].value)
			assert_string_equal(value, cases[i].value);
	}
}

static void mounts_are_read(void **state)
{
	static const char text[] = "1 0 0:1 / / rw - rootfs rootfs rw\n"
				   "2 1 8:1 / /mnt\\040a rw,relatime shared:1 master:2 - ext4 /dev/sda1 rw\n"
				   "3 1 0:40 / /mnt\\040a/b ro - btrfs /dev/nvme0n1p2 rw\n"
				   "4 1 x:y / /c rw - ext4 /dev/sdb1 rw\n5 1 8:3\n\n6 1 8:17 / /d rw\n7 1 8:9 / /e rw -\n";
	struct facts_mounts mounts;

	(void)state;
	assert_int_equal(facts_parse_mounts(text, strlen(text), &mounts), 0);
	assert_int_equal(mounts.count, 5);
	assert_string_equal(facts_find_mount(&mounts, "/mnt a/file")->source, "sda1");
	assert_string_equal(facts_find_mount(&mounts, "/mnt a/b/file")->source, "nvme0n1p2");
	assert_true(facts_find_mount(&mounts, "/mnt a/b")->is_read_only);
	assert_string_equal(facts_find_mount(&mounts, "/mnt a/bc")->source, "sda1");
	assert_string_equal(facts_find_mount(&mounts, "/mnt")->point, "/");
	assert_int_equal(facts_find_mount(&mounts, "/d/x")->minor, 17);
	facts_mounts_free(&mounts);
	assert_null(facts_find_mount(&mounts, "/"));
}

/* --- folders */

static void links_stay_below_the_root(void **state)
{
	char *text;
	size_t size;

	(void)state;
	put("inner/proc/meminfo", "inside");
	put("secret", "outside");
	put_link("inner/absolute", "/proc/meminfo");
	put_link("inner/up", "../secret");
	put_link("inner/loop", "loop");
	put_link("inner/etc", "..");
	int inner = open("inner", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	assert_true(inner >= 0);
	assert_int_equal(file_read_below(inner, "/absolute", 100, &text, &size), 0);
	assert_string_equal(text, "inside");
	free(text);
	assert_int_equal(file_read_below(inner, "up", 100, &text, &size), -ENOENT);
	assert_int_equal(file_read_below(inner, "../secret", 100, &text, &size), -ENOENT);
	assert_int_equal(file_read_below(inner, "etc/secret", 100, &text, &size), -ENOENT);
	assert_int_equal(file_read_below(inner, "loop", 100, &text, &size), -ELOOP);
	assert_int_equal(file_read_below(inner, "proc/meminfo", 5, &text, &size), -EFBIG);
	assert_int_equal(file_read_below(inner, "proc/meminfo", 6, &text, &size), 0);
	assert_int_equal(size, 6);
	free(text);
	assert_int_equal(file_read_below(inner, "proc", 100, &text, &size), -EISDIR);
	assert_null(text);
	close(inner);
}

static void what_is_no_file_does_not_block(void **state)
{
	struct ramswap_facts *facts;

	(void)state;
	put_machine("");
	make_folders("sys/power/state");
	assert_int_equal(mkfifo("sys/power/state", 0600), 0);
	put("sys/power/resume/x", "a folder");
	put_link("sys/power/image_size", "/dev/zero");
	put_link("proc/iomem", "/proc/iomem");
	facts = facts_of_folder();
	assert_false(facts->can_hibernate);
	assert_int_equal(facts->range_count, 0);
	ramswap_facts_free(facts);
}

static void only_memory_and_swaps_are_needed(void **state)
{
	struct ramswap_facts *facts = (void *)1;
	struct ramswap_problem problem = { "" };

	(void)state;
	assert_int_equal(ramswap_facts_read(root, &facts, &problem), -ENOENT);
	assert_null(facts);
	assert_string_equal(problem.text, "/proc/meminfo: No such file or directory");
	put("proc/meminfo", "MemFree: 1 kB\n");
	assert_int_equal(ramswap_facts_read(root, &facts, &problem), -EPROTO);
	assert_string_equal(problem.text, "/proc/meminfo: it does not say how much memory there is (MemTotal)");
	put("proc/meminfo", "MemTotal: 1000 kB\n");
	assert_int_equal(ramswap_facts_read(root, &facts, &problem), -ENOENT);
	assert_string_equal(problem.text, "/proc/swaps: it is not there: this kernel cannot swap");
	put("proc/swaps", "hello\n");
	assert_int_equal(ramswap_facts_read(root, &facts, &problem), -EPROTO);
	assert_string_equal(problem.text, "/proc/swaps: it is no list of swaps");
	put("proc/swaps", SWAPS);
	facts = facts_of_folder();
	assert_int_equal(facts->swappiness, -1);
	assert_int_equal(facts->demotion, -1);
	assert_true(facts->pressure_some_10 == -1);
	assert_int_equal(facts->page_size, 4096);
	assert_int_equal(facts->processors, 1);
	assert_string_equal(facts->command_line, "");
	assert_false(facts->can_zram || facts->is_container || facts->is_32_bit);
	ramswap_facts_free(facts);
}

static void blocks_are_read(void **state)
{
	struct ramswap_facts *facts;
	const struct ramswap_block *block;

	(void)state;
	put_machine("/dev/sda2 partition 1000 0 -2\n/data/swap file 500 1 -3\n");
	put("proc/self/mountinfo", "1 0 8:1 / / rw - ext4 /dev/sda1 rw\n2 1 0:30 / /data rw - btrfs /dev/sdb rw\n"
				   "3 1 0:20 / /sys ro,nosuid - sysfs sysfs rw\n");
	put_disk("sda", "8:0", 100);
	put("sys/block/sda/queue/rotational", "1\n");
	put_disk("sda/sda1", "8:1", 40);
	put("sys/block/sda/sda1/partition", "1\n");
	put_disk("sda/sda2", "8:2", 40);
	put("sys/block/sda/sda2/partition", "2\n");
	put("sys/block/sda/sda2/holders/dm-0", "");
	put("sys/block/sda/sdax", "no partition");
	put_disk("sdb", "8:16", 50);
	put_disk("loop0", "7:0", 50);
	put("sys/block/loop0/loop/backing_file", "/dev/sdc\n");
	put_disk("sdc", "8:32", 50);
	put("sys/block/sdc/ro", "1\n");
	put_disk("sdd", "8:48", 0);
	put("sys/block/sde/size", "9223372036854775808\n");
	put("sys/block/sdf", "no folder");
	facts = facts_of_folder();
	assert_int_equal(facts->block_count, 6);
	assert_true(facts->is_sys_read_only);
	block = ramswap_find_block(facts, "sda");
	assert_true(block->has_partitions && block->is_rotational && !block->is_mounted);
	assert_int_equal(block->size, 100 * MIB);
	assert_string_equal(block->signature, "?");
	block = ramswap_find_block(facts, "sda1");
	assert_true(block->is_mounted && block->is_rotational);
	assert_string_equal(ramswap_find_block(facts, "sda2")->holder, "dm-0");
	assert_true(ramswap_find_block(facts, "sdb")->is_mounted);
	assert_true(ramswap_find_block(facts, "sdc")->is_read_only);
	assert_string_equal(ramswap_find_block(facts, "sdc")->holder, "loop0");
	assert_null(ramswap_find_block(facts, "sdd"));
	assert_null(ramswap_find_block(facts, "sde"));
	assert_string_equal(facts->swaps[0].device, "sda2");
	assert_true(facts->swaps[0].is_rotational);
	assert_int_equal(facts->swaps[1].major, 8);
	assert_int_equal(facts->swaps[1].minor, 16);
	assert_false(facts->swaps[1].is_rotational);
	ramswap_facts_free(facts);
}

static void where_mounts_cannot_be_read_all_may_be_mounted(void **state)
{
	struct ramswap_facts *facts;

	(void)state;
	put_machine("");
	put_disk("sda", "8:0", 100);
	unlink("proc/self/mountinfo");
	facts = facts_of_folder();
	assert_false(facts->blocks[0].is_mounted);
	ramswap_facts_free(facts);
	assert_int_equal(mkdir("proc/self/mountinfo", 0700), 0);
	facts = facts_of_folder();
	assert_true(facts->blocks[0].is_mounted);
	ramswap_facts_free(facts);
}

/* The magic numbers of superblocks, where libblkid looks for them. */
static void signatures_are_found(void **state)
{
	static const struct {
		const char *bytes;
		size_t length, offset;
		const char *signature;
	} cases[] = {
		{ "", 0, 0, "" },
		{ "LUKS\xba\xbe\0\1", 8, 0, "crypto_LUKS" },
		{ "XFSB", 4, 0, "" }, /* no more than a magic number */
		{ "SWAPSPACE2", 10, 4086, "" }, /* its version is 0 */
		{ "S1SUSPEND", 9, 4086, "swsuspend" },
		{ "\x55\xaa", 2, 510, "dos" },
	};
	char bytes[8192];

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct ramswap_facts *facts;

		memset(bytes, 0, sizeof(bytes));
		memcpy(bytes + cases[i].offset, cases[i].bytes, cases[i].length);
		empty(NULL);
		put_machine("");
		put_disk("pmem0", "259:0", 100);
		put_bytes("dev/pmem0", bytes, sizeof(bytes));
		facts = facts_of_folder();
		assert_string_equal(facts->blocks[0].signature, cases[i].signature);
		ramswap_facts_free(facts);
	}
}

static void a_label_is_read_with_the_signature(void **state)
{
	struct ramswap_facts *facts;
	char bytes[8192] = "";

	(void)state;
	bytes[1024] = 1; /* version */
	memcpy(bytes + 1028, "\xff\xff\xff\x7f", 4); /* last page */
	strcpy(bytes + 1052, "ramswap");
	memcpy(bytes + 4086, "SWAPSPACE2", 10);
	put_machine("/dev/pmem1 partition 1000 0 5\n");
	put_disk("pmem0", "259:0", 100);
	put_bytes("dev/pmem0", bytes, sizeof(bytes));
	/* What the kernel says is not looked for: swap that is on, and a device without a size. */
	put_disk("pmem1", "259:1", 100);
	put_disk("zram0", "252:0", 0);
	put_disk("sda", "8:0", 100);
	put_bytes("dev/sda", bytes, sizeof(bytes));
	facts = facts_of_folder();
	assert_string_equal(ramswap_find_block(facts, "pmem0")->signature, "swap");
	assert_string_equal(ramswap_find_block(facts, "pmem0")->label, "ramswap");
	assert_string_equal(ramswap_find_block(facts, "pmem1")->signature, "swap");
	assert_string_equal(ramswap_find_block(facts, "zram0")->signature, "");
	assert_string_equal(ramswap_find_block(facts, "sda")->signature, "?");
	assert_int_equal(ramswap_facts_read_signature(root, facts, "sda"), 0);
	assert_string_equal(ramswap_find_block(facts, "sda")->label, "ramswap");
	assert_int_equal(ramswap_facts_read_signature(root, facts, "sdb"), -ENODEV);
	ramswap_facts_free(facts);
}

/* A running machine's /dev is not taken for a recorded one's. */
static void a_plain_file_is_no_device_of_this_machine(void **state)
{
	struct ramswap_facts *facts;
	struct ramswap_problem problem;
	int here = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	(void)state;
	assert_true(here >= 0);
	assert_int_equal(ramswap_facts_read_some(here, 0, &facts, &problem), 0);
	facts->blocks = calloc(1, sizeof(*facts->blocks));
	facts->block_count = 1;
	strcpy(facts->blocks[0].name, "../etc!passwd");
	assert_int_equal(ramswap_facts_read_signature(here, facts, "../etc!passwd"), 0);
	assert_string_equal(facts->blocks[0].signature, "?");
	ramswap_facts_free(facts);
	close(here);
}

static void zram_is_read(void **state)
{
	struct ramswap_facts *facts;
	const struct ramswap_zram *zram;

	(void)state;
	put_machine("/dev/zram1 partition 1000 0 100\n");
	put("run/ramswap/state", "zram 1\nswap /dev/zram1\n");
	put_disk("zram0", "254:0", 0);
	put("sys/block/zram0/initstate", "0\n");
	put("sys/block/zram0/comp_algorithm", "[lz4] zstd\n");
	put("sys/block/zram0/backing_dev", "none\n");
	put_disk("zram1", "254:1", 64);
	put("sys/block/zram1/initstate", "1\n");
	put("sys/block/zram1/disksize", "67108864\n");
	put("sys/block/zram1/mm_stat", "1 2 3 4 5 6 7 8 9\n");
	put("sys/block/zram1/io_stat", "1 2 3 4\n");
	put("sys/block/zram1/bd_stat", "1 2 3\n");
	put("sys/block/zram1/recomp_algorithm", "#1: lz4 [zstd]\n");
	put("sys/block/zram1/backing_dev", "/dev/sda2\n");
	put("sys/block/zram1/writeback_limit_enable", "1\n");
	put("sys/block/zram1/writeback_limit", "55\n");
	put("sys/block/zram1/idle", "");
	put("sys/block/zramx/size", "1\n");
	put("sys/class/zram-control/hot_add", "");
	facts = facts_of_folder();
	assert_int_equal(facts->zram_count, 2);
	assert_true(facts->can_zram && facts->is_zram_loaded);
	zram = &facts->zrams[0];
	assert_false(zram->is_set_up || zram->is_ours || zram->has_recompression || zram->has_idle);
	assert_true(zram->has_writeback);
	assert_string_equal(zram->backing, "");
	assert_int_equal(zram->stat_fields, 0);
	zram = &facts->zrams[1];
	assert_true(zram->is_set_up && zram->is_ours && zram->has_recompression && zram->has_writeback && zram->has_idle);
	assert_true(zram->is_writeback_limited && !zram->has_compressed_writeback);
	assert_int_equal(zram->writeback_limit_pages, 55);
	assert_string_equal(zram->recompression, "zstd");
	assert_string_equal(zram->backing, "/dev/sda2");
	assert_int_equal(zram->back_writes, 3);
	assert_int_equal(zram->notify_free, 4);
	assert_true(facts->swaps[0].is_ours);
	ramswap_facts_free(facts);
	/* Of a state that is nonsense nothing is ours. */
	put("run/ramswap/state", "zram 1\nswap /dev/zram1\nhello\n");
	facts = facts_of_folder();
	assert_false(facts->zrams[1].is_ours || facts->swaps[0].is_ours);
	ramswap_facts_free(facts);
}

static void namespaces_are_read(void **state)
{
	struct ramswap_facts *facts;

	(void)state;
	put_machine("");
	put("sys/devices/e820/ndbus0/provider", "e820\n");
	put("sys/devices/e820/ndbus0/region0/namespace0.0/size", "314572800\n");
	put("sys/devices/e820/ndbus0/region0/namespace0.0/nstype", "4\n");
	put("sys/devices/e820/ndbus0/region0/namespace0.0/mode", "memory\n");
	put("sys/devices/e820/ndbus0/region0/namespace0.0/numa_node", "1\n");
	put("sys/devices/e820/ndbus0/region0/namespace0.0/block/pmem0/dev", "259:0\n");
	put_link("sys/bus/nd/devices/namespace0.0", "../../../devices/e820/ndbus0/region0/namespace0.0");
	/* As a folder, without a bus; held by a btt. */
	put("sys/bus/nd/devices/namespace1.0/size", "100000000\n");
	put("sys/bus/nd/devices/namespace1.0/nstype", "5\n");
	put("sys/bus/nd/devices/namespace1.0/mode", "safe\n");
	put("sys/bus/nd/devices/namespace1.0/holder", "btt1.0\n");
	put("sys/bus/nd/devices/namespace1.0/alt_name", "a/b c\n");
	put("sys/bus/nd/devices/namespace1.0/numa_node", "-1\n");
	put("sys/bus/nd/devices/btt1.0/block/pmem1s/dev", "259:1\n");
	put("sys/bus/nd/devices/namespace2.0/size", "0\n");
	put("sys/bus/nd/devices/namespace3.0/size", "18446744073709551615\n");
	put_link("sys/bus/nd/devices/namespace4.0", "../../../devices/nowhere");
	put("proc/iomem", "20000000-32bfffff : Persistent Memory (legacy)\n");
	put_disk("pmem0", "259:0", 300);
	put_disk("pmem1s", "259:1", 95);
	facts = facts_of_folder();
	assert_int_equal(facts->namespace_count, 2);
	assert_true(facts->namespaces[0].is_legacy);
	assert_string_equal(facts->namespaces[0].mode, "memory");
	assert_string_equal(facts->namespaces[0].block, "pmem0");
	assert_int_equal(facts->namespaces[0].node, 1);
	assert_false(facts->namespaces[1].is_legacy);
	assert_string_equal(facts->namespaces[1].mode, "sector");
	assert_string_equal(facts->namespaces[1].block, "pmem1s");
	assert_string_equal(facts->namespaces[1].alt_name, "a/b c");
	assert_int_equal(facts->namespaces[1].node, -1);
	assert_int_equal(ramswap_find_block(facts, "pmem0")->node, 1);
	assert_int_equal(ramswap_find_block(facts, "pmem1s")->node, -1);
	ramswap_facts_free(facts);
}

static void the_rest_is_read(void **state)
{
	struct ramswap_facts *facts;

	(void)state;
	put_machine("");
	put("proc/cmdline", "resume=/dev/sda2 quiet\n");
	put_disk("sda", "8:0", 100);
	put_disk("sda2", "8:2", 100);
	put("proc/sys/kernel/arch", "i686\n");
	put("proc/self/smaps", "KernelPageSize:       16 kB\n");
	put("sys/devices/system/cpu/online", "0-7\n");
	put("sys/devices/system/node/online", "0-1\n");
	put("sys/devices/system/node/node0/meminfo", "Node 0 MemTotal: 100 kB\nNode 0 MemFree: 50 kB\n");
	put("sys/devices/system/node/node0/cpulist", "0-7\n");
	put("sys/devices/system/node/node0/distance", "10 20\n");
	put("sys/devices/system/node/node1/meminfo", "Node 1 MemTotal: 100 kB\nNode 1 MemFree: 50 kB\n");
	put("sys/devices/system/node/node1/cpulist", "\n");
	put("sys/devices/system/node/node1/distance", "20 10\n");
	put("sys/devices/system/node/node99999/distance", "20 10\n");
	put("sys/devices/virtual/memory_tiering/memory_tier4/nodelist", "0\n");
	put("sys/devices/virtual/memory_tiering/memory_tier22/nodelist", "1\n");
	put("sys/bus/dax/devices/dax0.0/size", "1000000\n");
	put("sys/bus/dax/devices/dax0.0/target_node", "2\n");
	put("sys/bus/dax/devices/dax0.1/size", "0\n");
	put_link("sys/bus/dax/devices/dax0.0/driver", "../../../bus/dax/drivers/device_dax");
	put("lib/modules/7.2.13/modules.dep", "kernel/zram.ko.xz: kernel/lz4.ko\nkernel/dax/kmem.ko:\n");
	put("lib/modules/7.2.13/modules.builtin", "kernel/drivers/block/brd.ko\n");
	put("sys/module/zswap/parameters/enabled", "Y\n");
	put("sys/module/zswap/parameters/compressor", "lzo\n");
	put("sys/module/zswap/parameters/max_pool_percent", "20\n");
	put("proc/sys/vm/swappiness", "200\n");
	put("proc/sys/vm/page-cluster", "x\n");
	put("proc/sys/vm/min_free_kbytes", "45056\n");
	put("sys/kernel/mm/numa/demotion_enabled", "true\n");
	put("sys/kernel/mm/lru_gen/enabled", "0x0007\n");
	put("sys/power/state", "freeze mem disk\n");
	put("sys/power/resume", "0:0\n");
	put("sys/kernel/kexec_crash_size", "134217728\n");
	put("sys/kernel/kexec_crash_loaded", "1\n");
	put("proc/self/cgroup", "0::/a/b\n");
	put("sys/fs/cgroup/a/memory.max", "1000\n");
	put("sys/fs/cgroup/a/b/memory.max", "2000\n");
	put("sys/fs/cgroup/a/memory.swap.max", "max\n");
	put("sys/fs/cgroup/a/b/memory.swap.max", "0\n");
	put_bytes("proc/1/environ", "A=1\0container=lxc\0", 18);
	put("proc/vmcore", "");
	facts = facts_of_folder();
	assert_true(facts->is_32_bit && facts->is_container && facts->is_crash_kernel);
	assert_int_equal(facts->page_size, 16384);
	assert_int_equal(facts->processors, 8);
	assert_int_equal(facts->node_count, 2);
	assert_true(facts->nodes[0].has_processors && !facts->nodes[1].has_processors && facts->nodes[1].has_memory);
	assert_int_equal(facts->nodes[0].distances[1], 20);
	assert_int_equal(facts->nodes[0].tier, 4);
	assert_int_equal(facts->nodes[1].tier, 22);
	assert_int_equal(facts->dax_count, 1);
	assert_string_equal(facts->daxes[0].driver, "device_dax");
	assert_int_equal(facts->daxes[0].node, 2);
	assert_true(facts->can_zram && facts->can_kmem && facts->can_brd && !facts->can_pmem && !facts->is_zram_loaded);
	assert_true(facts->has_zswap && facts->is_zswap_enabled);
	assert_int_equal(facts->zswap_percent, 20);
	assert_int_equal(facts->swappiness, 200);
	assert_int_equal(facts->page_cluster, -1);
	assert_int_equal(facts->min_free_kbytes, 45056);
	assert_int_equal(facts->demotion, 1);
	assert_int_equal(facts->multi_generation, 7);
	assert_true(facts->can_hibernate && facts->is_crash_loaded);
	assert_int_equal(facts->resume_major, 8);
	assert_int_equal(facts->resume_minor, 2);
	assert_int_equal(facts->crash_size, 128 * MIB);
	assert_int_equal(facts->group_memory_max, 1000);
	assert_true(facts->has_group_swap_max && !facts->group_swap_max);
	ramswap_facts_free(facts);
}

static void parts_alone_are_read(void **state)
{
	struct ramswap_facts *facts;
	struct ramswap_problem problem;

	(void)state;
	put_machine("");
	put_disk("zram0", "254:0", 64);
	put("sys/block/zram0/initstate", "1\n");
	put("proc/pressure/memory", "some avg10=1.00 avg60=2.00 avg300=3.00 total=4\n");
	assert_int_equal(ramswap_facts_read_some(root, RAMSWAP_READ_ZRAM, &facts, &problem), 0);
	assert_int_equal(facts->zram_count, 1);
	assert_int_equal(facts->block_count, 0);
	assert_true(facts->pressure_some_10 == -1);
	ramswap_facts_free(facts);
	assert_int_equal(ramswap_facts_read_some(root, RAMSWAP_READ_BLOCKS | RAMSWAP_READ_PRESSURE, &facts, &problem), 0);
	assert_int_equal(facts->zram_count, 0);
	assert_int_equal(facts->block_count, 1);
	assert_string_equal(facts->blocks[0].signature, "?");
	assert_true(facts->pressure_some_10 == 1);
	ramswap_facts_free(facts);
}

static void other_programs_are_found(void **state)
{
	(void)state;
	put_machine("");
	assert_int_equal(facts_find_others(root), 0);
	put("etc/systemd/zram-generator.conf", "# nothing\n");
	put("usr/lib/systemd/zram-generator.conf", "[zram0]\n");
	put("usr/lib/systemd/system-generators/zram-generator", "");
	/* The one in /etc hides it. */
	assert_int_equal(facts_find_others(root), 0);
	put("run/systemd/zram-generator.conf.d/a.conf", " [zram1]\n");
	assert_int_equal(facts_find_others(root), RAMSWAP_OTHER_GENERATOR);
	put("proc/cmdline", "systemd.zram=0\n");
	assert_int_equal(facts_find_others(root), 0);
	put("proc/cmdline", "systemd.zram\n");
	assert_int_equal(facts_find_others(root), RAMSWAP_OTHER_GENERATOR);
	put_link("etc/systemd/system-generators/zram-generator", "/dev/null");
	assert_int_equal(facts_find_others(root), 0);
	put_link("etc/systemd/system/multi-user.target.wants/zramswap.service", "/lib/systemd/system/zramswap.service");
	assert_int_equal(facts_find_others(root), RAMSWAP_OTHER_TOOLS);
	put_link("etc/systemd/system/zramswap.service", "/dev/null");
	put_link("etc/systemd/system/multi-user.target.wants/ramswap.service", "/lib/systemd/system/ramswap.service");
	assert_int_equal(facts_find_others(root), 0);
	put_link("etc/systemd/system/multi-user.target.wants/zram-config.service", "/x");
	assert_int_equal(facts_find_others(root), RAMSWAP_OTHER_CONFIG);
}

/* --- judgements */

static void what_may_be_taken(void **state)
{
	struct ramswap_zram zram = { .number = 3, .is_set_up = true, .backing = "/dev/pmem0" };
	struct ramswap_swap swap = { .device = "pmem0", .priority = 5, .path = NULL };
	struct ramswap_namespace namespace = { .block = "pmem0", .alt_name = "" };
	struct ramswap_block good = { .name = "pmem0", .kind = RAMSWAP_PMEM, .major = 259, .size = 300 * MIB };
	struct ramswap_facts facts = { .namespaces = &namespace, .namespace_count = 1 };
	struct ramswap_block block = good;
	char reason[FACTS_REASON_MAX + 1];

	(void)state;
#define JUDGE(expected, words)                                                                     \
	do {                                                                                       \
		assert_int_equal(facts_block_usable(&facts, &block, reason, sizeof(reason)), expected);    \
		assert_string_equal(reason, words);                                                 \
		block = good;                                                                        \
	} while (0)
	JUDGE(SOURCE_USABLE, "");
	strcpy(block.signature, "ext4");
	strcpy(block.label, "data");
	JUDGE(SOURCE_HAS_SIGNATURE, "ext4 is on it, labelled data");
	strcpy(block.signature, "swap");
	JUDGE(SOURCE_HAS_SIGNATURE, "swap is on it");
	strcpy(block.signature, "swap");
	strcpy(block.label, STATE_SWAP_LABEL);
	JUDGE(SOURCE_USABLE, "");
	strcpy(block.signature, "swsuspend");
	strcpy(block.label, STATE_SWAP_LABEL);
	JUDGE(SOURCE_HAS_SIGNATURE, "swsuspend is on it, labelled ramswap");
	strcpy(block.signature, "?");
	JUDGE(SOURCE_IS_UNREAD, "what is on it is not known");
	block.is_read_only = true;
	JUDGE(SOURCE_IS_READ_ONLY, "it is read-only");
	block.size = 8 * MIB;
	JUDGE(SOURCE_IS_TOO_SMALL, "it is too small: 8.0M");
	block.has_partitions = true;
	JUDGE(SOURCE_HAS_PARTITIONS, "it has partitions");
	block.is_mounted = true;
	JUDGE(SOURCE_IS_MOUNTED, "it is mounted");
	strcpy(block.holder, "dm-0");
	JUDGE(SOURCE_IS_HELD, "dm-0 is on it");
	/* A line of the state alone makes nothing ours. */
	block.is_ours = true;
	block.is_mounted = true;
	JUDGE(SOURCE_IS_MOUNTED, "it is mounted");
	strcpy(namespace.alt_name, "oracle");
	JUDGE(SOURCE_IS_NAMED, "its namespace is somebody's: it is called \"oracle\"");
	strcpy(block.name, "pmem0p1");
	JUDGE(SOURCE_IS_NAMED, "its namespace is somebody's: it is called \"oracle\"");
	strcpy(block.name, "pmem01");
	JUDGE(SOURCE_USABLE, "");
	strcpy(namespace.alt_name, STATE_SWAP_LABEL);
	JUDGE(SOURCE_USABLE, "");
	facts.resume_major = 259;
	JUDGE(SOURCE_IS_RESUME, "the kernel resumes from it after hibernation");
	facts.resume_major = 0;
	/* A device without numbers is not the one that 0:0 stands for; and nobody knows whether it is mounted. */
	block.major = 0;
	JUDGE(SOURCE_IS_UNREAD, "what is on it is not known");
	facts.zrams = &zram;
	facts.zram_count = 1;
	JUDGE(SOURCE_IS_HELD, "zram3 writes back to it");
	facts.swaps = &swap;
	facts.swap_count = 1;
	JUDGE(SOURCE_IS_SWAP, "it is swap already, of priority 5, and not by ramswap");
	swap.is_ours = true;
	JUDGE(SOURCE_OURS, "ramswap has it already");
	strcpy(good.name, "zram3");
	good.kind = RAMSWAP_ZRAM;
	good.size = 0;
	block = good;
	JUDGE(SOURCE_IS_SET_UP, "it is set up, and not by ramswap");
	zram.is_ours = true;
	JUDGE(SOURCE_OURS, "ramswap has it already");
	block.is_mounted = true;
	JUDGE(SOURCE_IS_MOUNTED, "it is mounted");
	zram.is_ours = zram.is_set_up = false;
	JUDGE(SOURCE_USABLE, "");
#undef JUDGE
}

static const struct facts_candidate *candidate(const struct facts_candidates *candidates, const char *name)
{
	for (size_t i = 0; i < candidates->count; i++)
		if (!strcmp(candidates->list[i].name, name))
			return &candidates->list[i];
	return NULL;
}

static void parameters_are_candidates(void **state)
{
	char line[] = "mem=512M memmap=300M!0x20000000,16M$0x40000000 memmap=1G@0 memmap=99999999T!0 memmap=!1 memmap= mem=x mem=";
	struct ramswap_facts facts = { .command_line = line, .can_zram = true };
	struct ramswap_namespace namespace = { .is_legacy = true, .size = 300 * MIB, .mode = "memory", .node = -1 };
	struct facts_candidates candidates;

	(void)state;
	assert_int_equal(facts_find_candidates(&facts, &candidates), 0);
	assert_int_equal(candidates.count, 4);
	assert_int_equal(candidate(&candidates, "memmap=300M!0x20000000")->size, 300 * MIB);
	assert_string_equal(candidate(&candidates, "memmap=300M!0x20000000")->code, "no-device");
	assert_string_equal(candidate(&candidates, "memmap=16M$0x40000000")->code, "reserved");
	assert_string_equal(candidate(&candidates, "mem=512M")->code, "limited");
	assert_int_equal(candidate(&candidates, "zram")->use, FACTS_USE_YES);
	facts_candidates_free(&candidates);
	facts.namespaces = &namespace;
	facts.namespace_count = 1;
	facts.is_container = true;
	assert_int_equal(facts_find_candidates(&facts, &candidates), 0);
	assert_null(candidate(&candidates, "memmap=300M!0x20000000"));
	assert_int_equal(candidate(&candidates, "zram")->use, FACTS_USE_NO);
	assert_string_equal(candidate(&candidates, "zram")->code, "container");
	facts_candidates_free(&candidates);
}

/* Demotion goes to a slower tier only. */
static void far_nodes_are_candidates(void **state)
{
	static const struct {
		int near, far, demotion;
		const char *code;
		enum facts_use use;
	} cases[] = {
		{ 4, 4, 0, "same-tier", FACTS_USE_NO },
		{ 4, 90, 0, "demotion-off", FACTS_USE_ON_DEMAND },
		{ 4, 90, 1, "demotion-on", FACTS_USE_NO },
		{ 4, 90, -1, "no-demotion", FACTS_USE_NO },
		{ -1, -1, 0, "demotion-off", FACTS_USE_ON_DEMAND },
	};
	struct ramswap_node *nodes = calloc(2, sizeof(*nodes));
	struct ramswap_facts facts = { .nodes = nodes, .node_count = 2 };

	(void)state;
	assert_non_null(nodes);
	nodes[0] = (struct ramswap_node){ .has_processors = true, .has_memory = true, .distances = { 10, 20 } };
	nodes[1] = (struct ramswap_node){ .id = 3, .has_memory = true, .total = 500 * MIB, .distances = { 20, 10 } };
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct facts_candidates candidates;
		const struct facts_candidate *far;

		nodes[0].tier = cases[i].near;
		nodes[1].tier = cases[i].far;
		facts.demotion = cases[i].demotion;
		assert_int_equal(facts_find_candidates(&facts, &candidates), 0);
		far = candidate(&candidates, "node3");
		assert_non_null(far);
		assert_string_equal(far->code, cases[i].code);
		assert_int_equal(far->use, cases[i].use);
		assert_int_equal(far->distance, 20);
		facts_candidates_free(&candidates);
	}
	free(nodes);
}

static struct ramswap_facts *recorded(const char *name)
{
	struct ramswap_facts *facts = NULL;
	struct ramswap_problem problem = { "" };
	char path[4096];
	int machine;

	snprintf(path, sizeof(path), ROOTS "/%s", name);
	machine = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (machine < 0 || ramswap_facts_read(machine, &facts, &problem))
		fail_msg("%s: %s", path, problem.text);
	close(machine);
	return facts;
}

/* What a kernel said of itself, of which the setting before the recording is known. */
static void recorded_machines(void **state)
{
	struct ramswap_facts *facts = recorded("group");

	(void)state;
	assert_int_equal(facts->group_memory_max, 256 * MIB);
	assert_true(facts->has_group_swap_max && !facts->group_swap_max);
	ramswap_facts_free(facts);
	facts = recorded("hibernation");
	assert_true(facts->can_hibernate && facts->image_size);
	assert_int_equal(facts->resume_major, ramswap_find_block(facts, "vda")->major);
	ramswap_facts_free(facts);
	facts = recorded("zswap");
	assert_true(facts->has_zswap && facts->is_zswap_enabled && *facts->zswap_compressor);
	ramswap_facts_free(facts);
	facts = recorded("crash-kernel-reserved");
	assert_int_equal(facts->crash_size, 128 * MIB);
	assert_false(facts->is_crash_loaded);
	ramswap_facts_free(facts);
	facts = recorded("server");
	assert_int_equal(facts->processors, 64);
	assert_int_equal(facts->group_memory_max, 0);
	assert_string_equal(facts->swaps[0].device, "dm-1");
	assert_true(facts->pressure_some_10 == 3.12);
	ramswap_facts_free(facts);
}

/* A swap file is on the device of its file system; a swap partition is none of its disk's mounts. */
static void a_recorded_disk(void **state)
{
	struct ramswap_facts *facts = recorded("partitions");
	const struct ramswap_block *first = ramswap_find_block(facts, "vda1");

	(void)state;
	assert_true(first && first->is_mounted && ramswap_find_block(facts, "vda")->has_partitions);
	assert_false(ramswap_find_block(facts, "vda2")->is_mounted);
	assert_int_equal(facts->swap_count, 2);
	assert_true(facts->swaps[0].is_file);
	assert_string_equal(facts->swaps[0].path, "/mnt/swap");
	assert_int_equal(facts->swaps[0].major, first->major);
	assert_int_equal(facts->swaps[0].minor, first->minor);
	assert_string_equal(facts->swaps[1].device, "vda2");
	ramswap_facts_free(facts);
}

static void a_recorded_zram(void **state)
{
	struct ramswap_facts *facts = recorded("zram-writeback");
	const struct ramswap_zram *zram = facts->zrams;
	char reason[FACTS_REASON_MAX + 1];

	(void)state;
	assert_int_equal(facts->zram_count, 1);
	assert_true(zram->is_set_up && zram->has_compressed_writeback && zram->is_writeback_limited);
	assert_int_equal(zram->stat_fields, 9);
	assert_int_equal(zram->disksize, 128 * MIB);
	assert_int_equal(zram->limit, 64 * MIB);
	assert_int_equal(zram->writeback_limit_pages, 100);
	assert_string_equal(zram->algorithm, "lz4");
	assert_string_equal(zram->backing, "/dev/vda");
	assert_int_equal(facts_block_usable(facts, ramswap_find_block(facts, "vda"), reason, sizeof(reason)), SOURCE_IS_HELD);
	ramswap_facts_free(facts);
	facts = recorded("zram-and-disk-6.1");
	assert_string_equal(facts->zrams[0].algorithm, "lzo-rle");
	assert_false(facts->zrams[0].has_compressed_writeback);
	assert_int_equal(facts->swap_count, 2);
	ramswap_facts_free(facts);
}

/* This machine, whatever it is. */
static void this_machine_is_read(void **state)
{
	struct ramswap_facts *facts;
	struct ramswap_problem problem = { "" };
	int here = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	(void)state;
	assert_true(here >= 0);
	if (ramswap_facts_read(here, &facts, &problem))
		fail_msg("%s", problem.text);
	assert_true(facts->memory.total && *facts->release && facts->page_size == (unsigned int)sysconf(_SC_PAGESIZE));
	ramswap_facts_free(facts);
	close(here);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers),
		cmocka_unit_test(devices),
		cmocka_unit_test(lists),
		cmocka_unit_test(words_and_names),
		cmocka_unit_test(lines_are_cut),
		cmocka_unit_test(escapes_are_undone),
		cmocka_unit_test(memory_is_read),
		cmocka_unit_test(memory_that_is_nonsense),
		cmocka_unit_test(swaps_are_read),
		cmocka_unit_test(swaps_that_are_nonsense),
		cmocka_unit_test(a_list_of_swaps_is_bounded),
		cmocka_unit_test(statistics_of_zram),
		cmocka_unit_test(algorithms_of_zram),
		cmocka_unit_test(ranges_are_read),
		cmocka_unit_test(nodes_are_read),
		cmocka_unit_test(pressure_is_read),
		cmocka_unit_test(groups),
		cmocka_unit_test(parameters),
		cmocka_unit_test(mounts_are_read),
		cmocka_unit_test_setup(links_stay_below_the_root, empty),
		cmocka_unit_test_setup(what_is_no_file_does_not_block, empty),
		cmocka_unit_test_setup(only_memory_and_swaps_are_needed, empty),
		cmocka_unit_test_setup(blocks_are_read, empty),
		cmocka_unit_test_setup(where_mounts_cannot_be_read_all_may_be_mounted, empty),
		cmocka_unit_test_setup(signatures_are_found, empty),
		cmocka_unit_test_setup(a_label_is_read_with_the_signature, empty),
		cmocka_unit_test(a_plain_file_is_no_device_of_this_machine),
		cmocka_unit_test_setup(zram_is_read, empty),
		cmocka_unit_test_setup(namespaces_are_read, empty),
		cmocka_unit_test_setup(the_rest_is_read, empty),
		cmocka_unit_test_setup(parts_alone_are_read, empty),
		cmocka_unit_test_setup(other_programs_are_found, empty),
		cmocka_unit_test(what_may_be_taken),
		cmocka_unit_test(parameters_are_candidates),
		cmocka_unit_test(far_nodes_are_candidates),
		cmocka_unit_test(recorded_machines),
		cmocka_unit_test(a_recorded_disk),
		cmocka_unit_test(a_recorded_zram),
		cmocka_unit_test(this_machine_is_read),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
