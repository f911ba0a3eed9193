// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A status of facts: numbers of guests with 6.1, 6.12 and 7.2 and a zram device of 256 MB, in which 16 or 32 MB were
 * swapped; and numbers that no kernel says. Then what is printed of it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "ramswap/facts/parse.h"
#include "ramswap/status/explain.h"
#include "ramswap/status/json.h"
#include "ramswap/status/prometheus.h"
#include "../ramswap/metrics.h"

#define PAGE 4096ULL
#define MIB (1ULL << 20)

/* A machine with room for what a case needs; its texts are constant. */
struct machine {
	struct ramswap_facts facts;
	struct ramswap_swap swaps[4];
	struct ramswap_zram zrams[3];
	struct status_counters counters;
	bool has_counters;
	struct ramswap_status *status;
};

static struct machine *make_machine(const char *release)
{
	struct machine *machine = calloc(1, sizeof(*machine));

	assert_non_null(machine);
	strcpy(machine->facts.release, release);
	machine->facts.page_size = PAGE;
	machine->facts.processors = 2;
	machine->facts.swaps = machine->swaps;
	machine->facts.zrams = machine->zrams;
	machine->facts.pressure_some_10 = machine->facts.pressure_full_10 = -1;
	return machine;
}

static struct ramswap_swap *add_swap(struct machine *machine, const char *path, __u64 used, int priority)
{
	struct ramswap_swap *swap = &machine->swaps[machine->facts.swap_count++];

	swap->path = (char *)(uintptr_t)path;
	if (!strncmp(path, "/dev/", 5))
		strcpy(swap->device, path + 5);
	else
		swap->is_file = true;
	swap->size = 256 * MIB - PAGE;
	swap->used = used;
	swap->priority = priority;
	return swap;
}

static struct ramswap_zram *add_zram(struct machine *machine, const char *mm_stat, const char *io_stat, const char *bd_stat)
{
	struct ramswap_zram *zram = &machine->zrams[machine->facts.zram_count];

	zram->number = (unsigned int)machine->facts.zram_count++;
	zram->is_set_up = true;
	zram->disksize = 256 * MIB;
	strcpy(zram->algorithm, "lz4");
	facts_parse_mm_stat(mm_stat, zram);
	facts_parse_io_stat(io_stat, zram);
	facts_parse_bd_stat(bd_stat, zram);
	return zram;
}

static const struct status_device *make_status(struct machine *machine)
{
	assert_int_equal(
		ramswap_status_make(&machine->facts, machine->has_counters ? &machine->counters : NULL, &machine->status), 0);
	return machine->status->devices;
}

static void free_machine(struct machine *machine)
{
	ramswap_status_free(machine->status);
	free(machine);
}

/* All sentences of a status, a line each; to be freed. */
static char *explain(const struct machine *machine)
{
	struct status_sentences sentences;
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_int_equal(status_explain(&machine->facts, machine->status, &sentences), 0);
	for (size_t i = 0; i < sentences.count; i++)
		fprintf(out, "%s: %s\n", sentences.list[i].figure, sentences.list[i].text);
	fclose(out);
	status_sentences_free(&sentences);
	return text;
}

static void assert_says(const char *text, const char *part)
{
	if (!text || !strstr(text, part))
		fail_msg("no \"%s\" in:\n%s", part, text ? text : "nothing");
}

static void assert_says_not(const char *text, const char *part)
{
	if (!text || strstr(text, part))
		fail_msg("\"%s\" in:\n%s", part, text ? text : "nothing");
}

/* 7.2: 16 MB that do not compress, a quarter of which is written back. */
static void written_back(void **state)
{
	struct machine *machine = make_machine("7.2.13+deb14-cloud-amd64");
	const struct status_device *device;
	struct ramswap_zram *zram;
	char *text;

	(void)state;
	zram = add_zram(machine, "16781312 12582975 12603392        0 16797696        0        0     3072     4096",
		"       0        0 0    16384", "    1024        0     1024");
	strcpy(zram->backing, "/dev/vda");
	add_swap(machine, "/dev/zram0", 16384 << 10, -1);
	device = make_status(machine);
	assert_int_equal(machine->status->device_count, 1);
	assert_int_equal(device->kind, STATUS_ZRAM);
	assert_true(device->is_swap && device->has_store && device->has_difference && !device->is_ours);
	assert_int_equal(device->size, 256 * MIB);
	assert_int_equal(device->stored, 16781312);
	assert_int_equal(device->written_back, 4 * MIB);
	assert_int_equal(device->back_writes, 4 * MIB);
	assert_int_equal(device->in_memory, 16781312 - 4 * MIB);
	assert_int_equal(device->huge, 12 * MIB);
	assert_int_equal(device->huge_ever, 16 * MIB);
	assert_int_equal(device->overhead, 12603392 - 12582975);
	assert_int_equal(device->saved, 16781312 - 12603392);
	assert_true(device->ratio > 0.998 && device->ratio < 0.999);
	assert_int_equal(device->difference.bytes, 0);
	assert_int_equal(machine->status->total.resident, 12603392);
	assert_int_equal(machine->status->total.gained, (16384 << 10) - 12603392);
	text = explain(machine);
	assert_says(text, "stored: 16.0M are stored, before compression (orig_data_size): 12.0M in memory and 4.0M written back.");
	assert_says(text, "used: /proc/swaps calls 16.0M used: slots that hold a page, as much as is stored here beside the swap header of 4.0K.");
	assert_says(text, "huge: 12.0M of it did not compress");
	assert_says(text, "It has no limit of memory (mem_limit): 256.0M of pages");
	assert_says(text, "4.0M are on /dev/vda now; 4.0M were written to it, and 0 read from it");
	assert_says(text, "4.0M of memory are gained by all swaps: 16.0M used, less 0 that are in memory");
	assert_says_not(text, "failed");
	free(text);
	free_machine(machine);
}

/* 6.12: 16 MB of zeros have slots, and are not stored. */
static void zeros_are_not_stored(void **state)
{
	struct machine *machine = make_machine("6.12.117+deb13-cloud-amd64");
	const struct status_difference *difference;
	char *text;

	(void)state;
	add_zram(machine, "  266240   107135   143360        0 14032896        0        0        0        0",
		"       0        0 0     8128", "       0        0        0");
	add_swap(machine, "/dev/zram0", 16896 << 10, -2);
	machine->has_counters = status_counters_parse(
		"pswpin 4096\npswpout 8192\nswpin_zero 0\nswpout_zero 4094\n", &machine->counters);
	assert_true(machine->has_counters);
	difference = &make_status(machine)->difference;
	assert_int_equal(difference->bytes, (16896 << 10) - (266240 - PAGE));
	assert_int_equal(difference->zeros_most, 4094 * PAGE);
	assert_int_equal(difference->held_most, 2 * 64 * 2 * PAGE);
	assert_int_equal(difference->cached_most, 0);
	assert_int_equal(difference->unexplained, 0);
	text = explain(machine);
	assert_says(text, "calls 16.5M used: of these slots 16.2M are not stored here: at most 16.0M are pages of zeros, which "
			  "the kernel does not write, at most 1.0M are slots that processors hold back.");
	assert_says(text, "swap_in: Since the start 16.0M came back from swap devices (pswpin), and 32.0M went there (pswpout).");
	free(text);
	free_machine(machine);
}

/* The figures of util-linux' issue 3903, of a kernel that does not count zeros. */
static void what_cannot_be_explained_is_said(void **state)
{
	struct machine *machine = make_machine("6.16.0");
	const struct status_difference *difference;
	char *text;

	(void)state;
	add_zram(machine, "2469606195 895483904 947702988 0 947702988 0 0 0 0", "0 0 0 0", "0 0 0");
	add_swap(machine, "/dev/zram0", 7475912ULL << 10, 100);
	machine->facts.memory.swap_cached = 1024 * MIB;
	machine->facts.memory.zswapped = 512 * MIB;
	difference = &make_status(machine)->difference;
	assert_int_equal(difference->bytes, (7475912ULL << 10) - (2469606195 - PAGE));
	assert_int_equal(difference->cached_most, 1024 * MIB);
	assert_int_equal(difference->zswap_most, 512 * MIB);
	assert_int_equal(difference->held_most, 0); /* not since 6.15 */
	assert_int_equal(difference->unexplained, difference->bytes - 1536 * (__s64)MIB);
	text = explain(machine);
	assert_says(text, "calls 7.1G used: of these slots 4.8G are not stored here: at most 512.0M are in zswap's pool, at most "
			  "1.0G are in memory (swap cache), at most 3.3G are slots that were given out and not yet written or freed.");
	free(text);
	free_machine(machine);
}

/* 6.1: every read of a page that is written back counts as failed, and is not. */
static void failed_reads_that_are_none(void **state)
{
	struct machine *machine = make_machine("6.1.0-50-cloud-amd64");
	const struct status_device *device;
	char *text;

	(void)state;
	add_zram(machine, "  528384        0        0        0 16789504       64        0        0     4096",
		"    2048        0        0    20352", "      65     2048     4097");
	add_swap(machine, "/dev/zram0", 512 << 10, -2);
	device = make_status(machine);
	assert_int_equal(device->failed_reads, 2048);
	assert_int_equal(device->failed_reads_harmless, 2048);
	assert_int_equal(device->same, 64 * PAGE);
	assert_int_equal(device->difference.bytes, 0);
	assert_true(device->ratio == 0);
	assert_int_equal(device->saved, 528384);
	text = explain(machine);
	assert_says(text, "2048 reads count as failed, of which 2048 are none");
	assert_says(text, "same: 256.0K of it are pages filled with one word");
	assert_says_not(text, "ratio:");
	free(text);
	strcpy(machine->facts.release, "6.12.117");
	ramswap_status_free(machine->status);
	device = make_status(machine);
	assert_int_equal(device->failed_reads_harmless, 0);
	text = explain(machine);
	assert_says(text, "2048 reads failed: pages were lost");
	free(text);
	free_machine(machine);
}

/* mm_stat grew: 7 fields until 4.18, 8 until 5.11, then 9. */
static void fields_of_older_kernels(void **state)
{
	static const struct {
		const char *mm_stat;
		__u64 huge, huge_ever;
	} cases[] = {
		{ "17043456 16777289 16789504 33554432 16789504 64 0", 0, 0 },
		{ "17043456 16777289 16789504 33554432 16789504 64 0 4096", 16 * MIB, 0 },
		{ "17043456 16777289 16789504 33554432 16789504 64 0 4096 5000", 16 * MIB, 5000 * PAGE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct machine *machine = make_machine("5.4.0");
		const struct status_device *device;

		add_zram(machine, cases[i].mm_stat, "0 0 0 0", "0 0 0");
		add_swap(machine, "/dev/zram0", 16640 << 10, 100);
		device = make_status(machine);
		assert_true(device->has_store);
		assert_int_equal(device->huge, cases[i].huge);
		assert_int_equal(device->huge_ever, cases[i].huge_ever);
		assert_int_equal(device->limit, 32 * MIB);
		assert_true(device->limit_used > 0.5 && device->limit_used < 0.501);
		free_machine(machine);
	}
}

static void nonsense_stays_within_its_type(void **state)
{
	struct machine *machine = make_machine("6.12.0");
	const struct status_device *device;
	char *text;

	(void)state;
	add_zram(machine, "4096 73 12288 1 12288 0 0 0 0", "0 0 0 0", "0 0 0");
	machine->zrams[0].back_pages = machine->zrams[0].same_pages = machine->zrams[0].back_writes = UINT64_MAX;
	machine->zrams[1] = (struct ramswap_zram){ .number = 1, .is_set_up = true, .stat_fields = 9, .resident = UINT64_MAX,
		.stored = 1, .compressed = UINT64_MAX, .limit = 1, .disksize = UINT64_MAX };
	machine->zrams[2] = (struct ramswap_zram){ .number = 2, .is_set_up = true, .stat_fields = 9, .stored = UINT64_MAX };
	machine->facts.zram_count = 3;
	add_swap(machine, "/dev/zram0", 0, 32767);
	add_swap(machine, "/dev/zram1", 0, 2);
	add_swap(machine, "/dev/zram2", UINT64_MAX, 1);
	machine->facts.memory.swap_cached = UINT64_MAX;
	device = make_status(machine);
	assert_int_equal(device[0].written_back, UINT64_MAX);
	assert_int_equal(device[0].back_writes, UINT64_MAX);
	assert_int_equal(device[0].in_memory, 0);
	assert_int_equal(device[0].saved, 4096 - 12288);
	assert_true(device[0].limit_used == 12288);
	assert_int_equal(device[1].saved, INT64_MIN);
	assert_int_equal(device[1].overhead, 0);
	assert_int_equal(device[1].difference.bytes, 0);
	assert_int_equal(device[2].saved, INT64_MAX);
	assert_int_equal(device[2].difference.bytes, PAGE);
	assert_int_equal(machine->status->total.resident, UINT64_MAX);
	assert_int_equal(machine->status->total.gained, 0);
	text = explain(machine);
	assert_says(text, "-8.0K of memory are saved");
	assert_says(text, "takes 1228800 % of that: at the limit writes fail");
	free(text);
	free_machine(machine);
}

static void nothing_at_all(void **state)
{
	struct machine *machine = make_machine("");
	char *text;

	(void)state;
	make_status(machine);
	assert_int_equal(machine->status->device_count, 0);
	text = explain(machine);
	assert_string_equal(text, "gained: 0 of memory are gained by all swaps: 0 used, less 0 that are in memory, too "
				  "(SwapCached), 0 that zram takes, 0 that brd takes, and 0 that zswap takes.\n");
	free(text);
	free_machine(machine);
}

/* Ours first, then swaps, then zram that is none; each by its priority. */
static void the_order(void **state)
{
	static const char *const order[] = { "/dev/pmem0", "/dev/zram0", "/dev/zram2", "/dev/vda2", "/swap file", "/dev/zram1" };
	struct machine *machine = make_machine("6.12.0");
	const struct status_device *device;

	(void)state;
	for (int i = 0; i < 3; i++)
		add_zram(machine, "4096 73 12288 0 12288 0 0 0 0", "0 0 0 0", "0 0 0");
	add_swap(machine, "/swap file", MIB, -3);
	add_swap(machine, "/dev/vda2", MIB, -2);
	add_swap(machine, "/dev/zram0", MIB, 100)->is_ours = true;
	add_swap(machine, "/dev/pmem0", MIB, 101)->is_ours = true;
	machine->zrams[2].is_ours = true;
	device = make_status(machine);
	assert_int_equal(machine->status->device_count, 6);
	for (size_t i = 0; i < 6; i++)
		assert_string_equal(device[i].path, order[i]);
	assert_int_equal(device[0].kind, STATUS_PMEM);
	assert_int_equal(device[0].saved, MIB);
	assert_int_equal(device[3].kind, STATUS_DISK);
	assert_int_equal(device[4].kind, STATUS_FILE);
	assert_string_equal(device[4].name, "");
	assert_false(device[5].is_swap || device[5].has_difference);
	/* What is no swap does not count. */
	assert_int_equal(machine->status->total.resident, 12288);
	assert_int_equal(machine->status->total.used, 4 * MIB);
	free_machine(machine);
}

static void kinds(void **state)
{
	static const struct {
		const char *path;
		enum status_kind kind;
		__s64 saved;
	} cases[] = {
		{ "/dev/pmem0", STATUS_PMEM, MIB }, { "/dev/pmem0.1s", STATUS_PMEM, MIB }, { "/dev/pmem1p2", STATUS_PMEM, MIB },
		{ "/dev/pmem", STATUS_DISK, MIB }, { "/dev/ram0", STATUS_BRD, 0 }, { "/dev/ramdisk", STATUS_DISK, MIB },
		{ "/dev/ram0p1", STATUS_DISK, MIB }, { "/dev/zram7", STATUS_ZRAM, 0 }, { "/dev/zram99999999999", STATUS_ZRAM, 0 },
		{ "/dev/zram", STATUS_DISK, MIB }, { "/swap", STATUS_FILE, MIB },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct machine *machine = make_machine("6.12.0");
		const struct status_device *device;

		add_swap(machine, cases[i].path, MIB, 1);
		device = make_status(machine);
		if (device->kind != cases[i].kind || device->saved != cases[i].saved || device->has_store)
			fail_msg("%s is a %s", cases[i].path, status_kind_word(device->kind));
		assert_int_equal(machine->status->total.copied, device->kind == STATUS_BRD ? MIB : 0);
		free_machine(machine);
	}
}

/* A block device that facts know is what they say, whatever it is called. */
static void a_kind_that_facts_know(void **state)
{
	struct machine *machine = make_machine("6.12.0");
	struct ramswap_block block = { .name = "zram0", .kind = RAMSWAP_PMEM };

	(void)state;
	machine->facts.blocks = &block;
	machine->facts.block_count = 1;
	add_swap(machine, "/dev/zram0", MIB, 1);
	assert_int_equal(make_status(machine)->kind, STATUS_PMEM);
	free_machine(machine);
}

static void counters(void **state)
{
	struct status_counters found;

	(void)state;
	assert_true(status_counters_parse("nr_free_pages 1\npswpin 5\npswpout 6\nallocstall_dma 1\nallocstall_normal 2\n"
					  "oom_kill 3\npgmajfault 7\nworkingset_refault_anon 8\nworkingset_refault_file 9\n"
					  "zswpin 10\nzswpout 11",
		&found));
	assert_true(found.in == 5 && found.out == 6 && found.stalls == 3 && found.kills == 3 && found.major_faults == 7);
	assert_true(found.has_refaults && found.refaults_anonymous == 8 && found.refaults_file == 9);
	assert_true(found.zswap_in == 10 && found.zswap_out == 11 && !found.has_zeros);
	assert_false(status_counters_parse("", &found));
	assert_false(status_counters_parse("pswpin\npswpin x\npswpin -1\npswpin 1 \npswpin 18446744073709551616\n", &found));
	assert_int_equal(found.in, 0);
	assert_true(status_counters_parse("\n\npswpin 18446744073709551615\nworkingset_refault 5\n pswpout 1", &found));
	assert_true(found.in == UINT64_MAX && !found.out && !found.has_refaults);
}

static void releases(void **state)
{
	static const struct {
		const char *release;
		unsigned int number;
	} cases[] = { { "6.12.117+deb13", 6012 }, { "7.2", 7002 }, { "", 0 }, { "x", 0 }, { "6", 0 }, { "6.", 0 },
		{ "99999999999999999999.1", 0 }, { "6.1000", 0 } };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_int_equal(status_release_number(cases[i].release), cases[i].number);
}

static struct status_difference find_difference(const char *release, __u64 used, __u64 zeros_out)
{
	struct ramswap_facts facts = { .processors = 2, .memory.zswapped = PAGE };
	const struct ramswap_status status = { .page_size = PAGE, .has_counters = true,
		.counters = { .has_zeros = true, .zeros_out = zeros_out } };
	struct status_device device = { .used = used, .stored = 11 * PAGE };

	strcpy(facts.release, release);
	status_find_difference(&facts, &status, &device);
	return device.difference;
}

/* What may be the reason of a difference is never more than there is of it. */
static void differences(void **state)
{
	struct status_difference difference = find_difference("6.14.0", 15 * PAGE, 100);

	(void)state;
	assert_int_equal(difference.bytes, 5 * PAGE);
	assert_int_equal(difference.zeros_most, 5 * PAGE);
	assert_int_equal(difference.zswap_most, PAGE);
	assert_int_equal(difference.held_most, 5 * PAGE);
	assert_int_equal(difference.unexplained, 0);
	/* Slots were held last by 6.14. */
	assert_int_equal(find_difference("6.15.0", 15 * PAGE, 0).held_most, 0);
	assert_int_equal(find_difference("6.15.0", 15 * PAGE, 0).unexplained, 4 * PAGE);
	/* More is stored than is used: there is nothing to explain. */
	difference = find_difference("6.14.0", 8 * PAGE, 100);
	assert_int_equal(difference.bytes, -2 * (__s64)PAGE);
	assert_true(!difference.zeros_most && !difference.zswap_most && !difference.held_most && !difference.unexplained);
}

static void whole_numbers(void **state)
{
	(void)state;
	assert_int_equal(status_whole(-1), 0);
	assert_int_equal(status_whole(7.9), 7);
	assert_true(status_whole(0x1p63) == 1ULL << 63);
	assert_true(status_whole(0x1p64) == UINT64_MAX);
	assert_true(status_whole(1e300) == UINT64_MAX);
}

/* ## what is printed */

static char *print_metrics(const struct machine *machine, const struct status_groups *groups,
	const struct measure_latency *latency)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	status_print_prometheus(out, &machine->facts, machine->status, groups, latency);
	fclose(out);
	return text;
}

static void the_lint_finds_faults(void **state)
{
	static const char *const bad[] = {
		"a 1\n",
		"# HELP a b\na 1\n",
		"# HELP a b\n# TYPE a gauge\na 1",
		"# HELP a\n# TYPE a gauge\na 1\n",
		"# HELP a b\n# TYPE c gauge\na 1\n",
		"# HELP a b\n# TYPE a counter\na 1\n",
		"# HELP a_total b\n# TYPE a_total gauge\na_total 1\n",
		"# HELP a_total b\n# TYPE a_total counter\na_total -1\n",
		"# HELP a_ms b\n# TYPE a_ms gauge\na_ms 1\n",
		"# HELP a b\n# TYPE a gauge\na x\n",
		"# HELP a b\n# TYPE a gauge\na 1\na 2\n",
		"# HELP a b\n# TYPE a gauge\na 1\n# HELP a b\n# TYPE a gauge\n",
		"# HELP a b\n# TYPE a gauge\na{b=\"c\\x\"} 1\n",
		"# HELP a b\n# TYPE a gauge\na{b=\"c\"d\"} 1\n",
		"# HELP a b\n# TYPE a gauge\na{b=c} 1\n",
		"# HELP a b\n# TYPE a gauge\na{quantile=\"0.5\"} 1\n",
		"# HELP a b\n# TYPE a gauge\na_sum 1\n",
		"# HELP a b\n# TYPE a gauge\n\na 1\n",
	};
	char problem[512];
	size_t samples;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		if (metrics_are_good(bad[i], &samples, problem))
			fail_msg("%s is good", bad[i]);
	assert_true(metrics_are_good("# HELP a b\n# TYPE a gauge\na{b=\"c\\\"\\\\\\n\",d=\"\"} -1.5\na 2\n", &samples, problem));
	assert_int_equal(samples, 2);
}

static void metrics(void **state)
{
	struct status_group list[] = { { .path = (char *)(uintptr_t)"/system-a\\x2db.slice", .swap = 3 * MIB, .own = MIB },
		{ .path = (char *)(uintptr_t)"/\"quoted\"\n\xff\xc3\xa4", .swap = 1, .own = 1 } };
	struct status_groups groups = { .list = list, .count = 2 };
	struct measure_latency latency = { .swap = "/dev/zram0",
		.in = { .count = 4, .p50 = 1500, .p90 = 2000, .p99 = 3000, .max = 9000, .mean = 2500 } };
	struct machine *machine = make_machine("6.12.0");
	char *text, problem[512] = "";
	size_t samples;

	(void)state;
	add_zram(machine, "16781312 12582975 12603392 0 16797696 7 0 3072 4096", "5 6 0 0", "1024 2 1024");
	add_swap(machine, "/dev/zram0", 16384 << 10, 100)->is_ours = true;
	add_swap(machine, "/swap \"\\file", MIB, -2);
	machine->facts.pressure_some_10 = 1;
	machine->facts.pressure_some_total = 1500000;
	machine->has_counters = status_counters_parse("pswpin 2\npswpout 3\nswpin_zero 4\nswpout_zero 5\n", &machine->counters);
	make_status(machine);
	text = print_metrics(machine, &groups, &latency);
	if (!metrics_are_good(text, &samples, problem))
		fail_msg("%s in:\n%s", problem, text);
	assert_says(text, "ramswap_device_stored_bytes{device=\"/dev/zram0\",kind=\"zram\",ours=\"true\"} 16781312\n");
	assert_says(text, "ramswap_device_used_bytes{device=\"/swap \\\"\\\\file\",kind=\"file\",ours=\"false\"} 1048576\n");
	assert_says(text, "ramswap_device_saved_bytes{device=\"/dev/zram0\",kind=\"zram\",ours=\"true\"} 4177920\n");
	assert_says(text, "ramswap_device_priority{device=\"/swap \\\"\\\\file\",kind=\"file\",ours=\"false\"} -2\n");
	assert_says(text, "ramswap_device_same_filled_bytes{device=\"/dev/zram0\",kind=\"zram\",ours=\"true\"} 28672\n");
	assert_says(text, "ramswap_in_bytes_total 8192\n");
	assert_says(text, "ramswap_zeros_out_bytes_total 20480\n");
	assert_says(text, "ramswap_memory_pressure_seconds_total{kind=\"some\"} 1.500000\n");
	assert_says(text, "ramswap_group_bytes{group=\"/system-a\\\\x2db.slice\"} 1048576\n");
	assert_says(text, "{group=\"/\\\"quoted\\\"\\\\x0a\\\\xff\xc3\xa4\"} 1\n");
	assert_says(text, "ramswap_swap_in_latency_seconds{quantile=\"0.99\"} 0.000003000\n");
	assert_says(text, "ramswap_swap_in_latency_seconds_sum 0.000010000\n");
	assert_says_not(text, "ramswap_device_stored_bytes{device=\"/swap");
	free(text);
	free_machine(machine);
}

static void metrics_of_a_machine_without_swap(void **state)
{
	struct machine *machine = make_machine("6.12.0");
	char *text, problem[512] = "";
	size_t samples;

	(void)state;
	make_status(machine);
	text = print_metrics(machine, NULL, NULL);
	if (!metrics_are_good(text, &samples, problem))
		fail_msg("%s in:\n%s", problem, text);
	assert_says_not(text, "ramswap_device");
	assert_says_not(text, "pressure");
	free(text);
	free_machine(machine);
}

static struct json_object *member(struct json_object *object, const char *name)
{
	struct json_object *found = NULL;

	if (!json_object_object_get_ex(object, name, &found))
		fail_msg("no member %s", name);
	return found;
}

static void json(void **state)
{
	struct machine *machine = make_machine("6.12.0");
	struct status_sentences sentences;
	struct json_object *object, *device;

	(void)state;
	add_zram(machine, "16781312 12582975 12603392 0 16797696 7 0 3072 4096", "0 0 0 0", "1024 2 1024");
	add_swap(machine, "/dev/zram0", 16384 << 10, 100);
	add_swap(machine, "/swap\xff", MIB, -2);
	make_status(machine);
	assert_int_equal(status_explain(&machine->facts, machine->status, &sentences), 0);
	object = status_json(&machine->facts, machine->status, &sentences, NULL, NULL);
	device = json_object_array_get_idx(member(object, "devices"), 0);
	assert_int_equal(json_object_get_int64(member(member(device, "zram"), "written_back")), 4 * MIB);
	assert_int_equal(json_object_get_int64(member(device, "saved")), 4177920);
	assert_null(member(member(device, "zram"), "limit"));
	assert_string_equal(json_object_to_json_string(member(member(device, "zram"), "ratio")), "0.999");
	device = json_object_array_get_idx(member(object, "devices"), 1);
	assert_null(member(device, "zram"));
	assert_string_equal(json_object_get_string(member(device, "path_hex")), "2f73776170ff");
	assert_null(member(object, "pressure"));
	assert_null(member(object, "groups"));
	assert_int_equal(json_object_array_length(member(object, "explanations")), sentences.count);
	json_object_put(object);
	status_sentences_free(&sentences);
	free_machine(machine);
}

/* ## control groups, in a folder */

static void make_group(int root, const char *path, const char *current)
{
	char file[256];
	int fd;

	assert_int_equal(mkdirat(root, path, 0700), 0);
	if (!current)
		return;
	snprintf(file, sizeof(file), "%s/memory.swap.current", path);
	fd = openat(root, file, O_WRONLY | O_CREAT, 0600);
	assert_int_equal(write(fd, current, strlen(current)), strlen(current));
	close(fd);
}

static void control_groups(void **state)
{
	char folder[] = "/tmp/test-ramswap-status-XXXXXX", command[64];
	struct status_groups groups;
	int root;

	(void)state;
	assert_non_null(mkdtemp(folder));
	root = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(status_groups_read(root, &groups), -ENOENT);
	assert_int_equal(mkdirat(root, "sys", 0700) | mkdirat(root, "sys/fs", 0700) | mkdirat(root, "sys/fs/cgroup", 0700), 0);
	assert_int_equal(status_groups_read(root, &groups), -ENOENT);
	make_group(root, "sys/fs/cgroup/without", NULL);
	assert_int_equal(status_groups_read(root, &groups), -ENOENT);
	make_group(root, "sys/fs/cgroup/user", "1000\n");
	make_group(root, "sys/fs/cgroup/user/one", "600\n");
	make_group(root, "sys/fs/cgroup/user/two", "300\n");
	make_group(root, "sys/fs/cgroup/none", "0\n");
	make_group(root, "sys/fs/cgroup/none/below", "77\n"); /* cannot be: it is not looked at */
	make_group(root, "sys/fs/cgroup/whole", "500\n");
	make_group(root, "sys/fs/cgroup/whole/part", "500\n");
	assert_int_equal(symlinkat("whole", root, "sys/fs/cgroup/link"), 0);
	assert_int_equal(status_groups_read(root, &groups), 0);
	assert_int_equal(groups.count, 4);
	assert_string_equal(groups.list[0].path, "/user/one");
	assert_string_equal(groups.list[1].path, "/whole/part");
	assert_string_equal(groups.list[2].path, "/user/two");
	assert_string_equal(groups.list[3].path, "/user");
	assert_int_equal(groups.list[3].own, 100);
	assert_int_equal(groups.list[3].swap, 1000);
	status_groups_free(&groups);
	make_group(root, "sys/fs/cgroup/odd", "many\n");
	assert_int_equal(status_groups_read(root, &groups), -EINVAL);
	assert_int_equal(groups.count, 0);
	close(root);
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	assert_int_equal(system(command), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(written_back),
		cmocka_unit_test(zeros_are_not_stored),
		cmocka_unit_test(what_cannot_be_explained_is_said),
		cmocka_unit_test(failed_reads_that_are_none),
		cmocka_unit_test(fields_of_older_kernels),
		cmocka_unit_test(nonsense_stays_within_its_type),
		cmocka_unit_test(nothing_at_all),
		cmocka_unit_test(the_order),
		cmocka_unit_test(kinds),
		cmocka_unit_test(a_kind_that_facts_know),
		cmocka_unit_test(counters),
		cmocka_unit_test(releases),
		cmocka_unit_test(differences),
		cmocka_unit_test(whole_numbers),
		cmocka_unit_test(the_lint_finds_faults),
		cmocka_unit_test(metrics),
		cmocka_unit_test(metrics_of_a_machine_without_swap),
		cmocka_unit_test(json),
		cmocka_unit_test(control_groups),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
