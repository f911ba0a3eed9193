// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The budget of writeback, what an upkeep leaves to the next, and what it decides. Then an upkeep with a folder in place
 * of "/", and a model of zram in place of the kernel, for what guests' kernels do not do: those without an age of pages, a
 * disk that is full or broken, recompression. tests/guest/ramswap.d/maintain.sh has the real one.
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
#include "ramswap/upkeep/file.h"
#include "ramswap/upkeep/run.h"

#define MIB (1ULL << 20)
#define HOUR 3600ULL
#define NOW (500000 * HOUR + 1800)

static char folder[] = "/tmp/test-ramswap-upkeep-XXXXXX";
static int root;

static int set_up(void **state)
{
	(void)state;
	if (!mkdtemp(folder))
		return -1;
	root = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return root < 0;
}

static int tear_down(void **state)
{
	char command[64];

	(void)state;
	close(root);
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	return system(command);
}

static void write_text(const char *path, const char *text)
{
	int fd = openat(root, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

/* ## the budget */

static void a_day_has_24_hours(void **state)
{
	struct budget budget = { 0 };

	(void)state;
	assert_int_equal(budget_left(&budget, NOW, 100), 100);
	budget_add(&budget, NOW, 60);
	assert_int_equal(budget_left(&budget, NOW, 100), 40);
	assert_int_equal(budget_left(&budget, NOW, 60), 0);
	assert_int_equal(budget_left(&budget, NOW, 50), 0);
	budget_add(&budget, NOW + 10 * HOUR, 40);
	assert_int_equal(budget_used(&budget, NOW + 10 * HOUR), 100);
	/* An hour counts until its last second is a day old. */
	assert_int_equal(budget_used(&budget, NOW + 24 * HOUR), 100);
	assert_int_equal(budget_used(&budget, NOW + 24 * HOUR + 1799), 100);
	assert_int_equal(budget_used(&budget, NOW + 24 * HOUR + 1800), 40);
	assert_int_equal(budget_used(&budget, NOW + 35 * HOUR), 0);
	assert_int_equal(budget.count, 2);
	budget_add(&budget, NOW + 40 * HOUR, 1);
	assert_int_equal(budget.count, 1);
}

static void a_budget_of_every_hour(void **state)
{
	struct budget budget = { 0 };

	(void)state;
	for (__u64 i = 0; i < 1000; i++) {
		budget_add(&budget, NOW + i * HOUR / 2, 1);
		assert_true(budget.count <= BUDGET_HOURS);
		assert_true(budget_used(&budget, NOW + i * HOUR / 2) <= 50);
	}
	assert_true(budget_used(&budget, NOW + 1000 * HOUR / 2) >= 48);
}

static void what_was_not_written_is_taken_back(void **state)
{
	struct budget budget = { 0 };

	(void)state;
	budget_add(&budget, NOW, 100);
	budget_take_back(&budget, 30);
	assert_int_equal(budget_used(&budget, NOW), 70);
	budget_add(&budget, NOW + HOUR, 10);
	budget_take_back(&budget, 30);
	assert_int_equal(budget_used(&budget, NOW + HOUR), 50);
	budget_take_back(&budget, 1000);
	assert_int_equal(budget_used(&budget, NOW + HOUR), 0);
	budget_add(&budget, NOW, UINT64_MAX);
	budget_add(&budget, NOW, UINT64_MAX);
	assert_int_equal(budget_used(&budget, NOW), UINT64_MAX);
}

static void a_clock_that_is_set_back(void **state)
{
	struct budget budget = { 0 }, read;
	char text[BUDGET_SIZE_MAX];

	(void)state;
	budget_add(&budget, NOW + 1000 * HOUR, 50);
	budget_add(&budget, NOW, 20);
	assert_int_equal(budget_used(&budget, NOW), 70);
	assert_int_equal(budget.count, 1);
	budget_add(&budget, NOW - 2 * HOUR, 0);
	assert_int_equal(budget.count, 1);
	/* The next one does not have to wait a thousand hours. */
	budget_print(&budget, text);
	assert_int_equal(budget_parse(text, strlen(text), NOW, &read), 0);
	assert_int_equal(budget_used(&read, NOW), 70);
	assert_int_equal(budget_used(&read, NOW + 25 * HOUR), 0);
}

static void budgets_in_files(void **state)
{
	static const char *const bad[] = { "", "ramswap-budget 1", "ramswap-budget 2\n", "ramswap-budget 1\n1",
		"ramswap-budget 1\n1 2", "ramswap-budget 1\n500000 \n", "ramswap-budget 1\n-1 2\n",
		"ramswap-budget 1\n1  2\n", "ramswap-budget 1\n1 2 3\n", "ramswap-budget 1\n500000 1\n499999 1\n",
		"ramswap-budget 1\n1 18446744073709551616\n" };
	struct budget budget = { 0 }, read;
	struct ramswap_problem problem;
	char text[BUDGET_SIZE_MAX], large[BUDGET_SIZE_MAX + 32];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		if (budget_parse(bad[i], strlen(bad[i]), NOW, &budget) != -EINVAL)
			fail_msg("%s is a budget", bad[i]);
	assert_int_equal(budget_parse("ramswap-budget 1\n\0", 18, NOW, &budget), -EINVAL);
	assert_int_equal(budget_read(root, NOW, &budget, &problem), 0);
	assert_int_equal(budget.count, 0);
	for (__u64 i = 0; i < 30; i++)
		budget_add(&budget, NOW + i * HOUR, UINT64_MAX - i);
	budget_print(&budget, text);
	assert_int_equal(budget_write(root, &budget, &problem), 0);
	assert_int_equal(budget_read(root, NOW + 30 * HOUR, &read, &problem), 0);
	assert_int_equal(read.count, 24); /* one is old by then */
	assert_memory_equal(read.hours, &budget.hours[1], 24 * sizeof(*read.hours));
	/* More than is ever written. */
	snprintf(large, sizeof(large), "ramswap-budget 1\n%0*d 1\n", BUDGET_SIZE_MAX, 500000);
	assert_int_equal(budget_parse(large, strlen(large), NOW, &budget), -EINVAL);
	write_text("var/lib/ramswap/budget", "7");
	assert_int_equal(budget_read(root, NOW, &budget, &problem), -EINVAL);
	assert_non_null(strstr(problem.text, "/var/lib/ramswap/budget: it is no record of ramswap's"));
	assert_int_equal(unlinkat(root, "var/lib/ramswap/budget", 0), 0);
}

/* ## what an upkeep leaves to the next one */

static void assert_same_past(const struct past *one, const struct past *other)
{
	char text[PAST_SIZE_MAX], of_other[PAST_SIZE_MAX];

	past_print(one, text);
	past_print(other, of_other);
	assert_string_equal(text, of_other);
	assert_int_equal(one->count, other->count);
}

static void pasts_in_files(void **state)
{
	static const char *const bad[] = { "", "ramswap-upkeep 1", "ramswap-upkeep 1\nzram0\n",
		"ramswap-upkeep 1\nzram0 1 2 3 4 5\n", "ramswap-upkeep 1\nzram0 1 2 3 4 5 2\n",
		"ramswap-upkeep 1\nzram0 1 2 3 4 5 1", "ramswap-upkeep 1\nzram 1 2 3 4 5 1\n",
		"ramswap-upkeep 1\nsda0 1 2 3 4 5 1\n", "ramswap-upkeep 1\nzram4294967296 1 2 3 4 5 1\n",
		"ramswap-upkeep 1\nzram0 1 2 3 4 5 1 6\n", "ramswap-upkeep 1\nzram0 1 2 3 4 -5 1\n" };
	struct past_device device = { .number = 3, .when = 1, .reads = 2, .writes = 3, .pages = 4, .marked = 5, .is_paused = true };
	struct ramswap_zram zram = { .number = 3, .back_reads = 2, .back_writes = 3 };
	struct ramswap_problem problem;
	struct past past, read;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		if (past_parse(bad[i], strlen(bad[i]), &past) != -EINVAL)
			fail_msg("%s is a past", bad[i]);
	assert_int_equal(past_read(root, &past, &problem), 0);
	assert_true(past_set(&past, &device));
	assert_int_equal(past_write(root, &past, &problem), 0);
	assert_int_equal(past_read(root, &read, &problem), 0);
	assert_same_past(&read, &past);
	assert_true(past_find(&read, &zram)->is_paused);
	/* Its counters went back: it is another one. */
	zram.back_reads = 1;
	assert_null(past_find(&read, &zram));
	zram = (struct ramswap_zram){ .number = 3, .back_reads = 9, .back_writes = 2 };
	assert_null(past_find(&read, &zram));
	zram = (struct ramswap_zram){ .number = 4, .back_reads = 9, .back_writes = 9 };
	assert_null(past_find(&read, &zram));
	for (unsigned int i = 0; i < PAST_DEVICES_MAX; i++) {
		device = (struct past_device){ .number = i, .when = UINT64_MAX, .reads = UINT64_MAX, .writes = UINT64_MAX,
			.pages = UINT64_MAX, .marked = UINT64_MAX };
		assert_true(past_set(&past, &device));
	}
	device.number = PAST_DEVICES_MAX;
	assert_false(past_set(&past, &device));
	assert_int_equal(past_write(root, &past, &problem), 0);
	assert_int_equal(past_read(root, &read, &problem), 0);
	assert_same_past(&read, &past);
	assert_int_equal(unlinkat(root, PAST_FILE, 0), 0);
}

/* ## decisions */

/* Our device, with a disk, and pages in memory; settings that want all. */
struct machine {
	struct ramswap_facts facts;
	struct ramswap_zram zram;
	struct ramswap_settings settings;
	struct budget budget;
	struct past past;
	struct upkeep_plan plan;
};

static struct machine make_machine(void)
{
	struct machine machine = { .facts = { .zram_count = 1, .page_size = 4096 },
		.zram = { .is_set_up = true, .is_ours = true, .disksize = 256 * MIB, .stat_fields = 9, .stored = 64 * MIB,
			.compressed = 30 * MIB, .resident = 31 * MIB, .has_writeback = true, .has_idle = true, .backing = "/dev/vda" },
		.settings = { .idle_after = 3600, .writeback_daily = 100 * MIB } };

	return machine;
}

static const struct upkeep_device *decide(struct machine *machine)
{
	machine->facts.zrams = &machine->zram;
	upkeep_plan_free(&machine->plan);
	assert_int_equal(upkeep_decide(&machine->facts, &machine->settings, &machine->budget, &machine->past, NOW,
				 &machine->plan),
		0);
	return machine->plan.devices;
}

static bool has_reason(const struct upkeep_device *device, const char *code)
{
	for (size_t i = 0; i < device->reason_count; i++)
		if (!strcmp(device->reasons[i].code, code))
			return true;
	return false;
}

static void what_is_wanted_and_can_be_done(void **state)
{
	struct machine machine = make_machine();
	const struct upkeep_device *device = decide(&machine);

	(void)state;
	assert_int_equal(machine.plan.device_count, 1);
	assert_true(device->writes_back && !device->recompresses && !device->is_paused);
	assert_int_equal(device->age, 3600);
	assert_true(has_reason(device, "age"));
	assert_int_equal(machine.plan.left, 100 * MIB);
	upkeep_plan_free(&machine.plan);
}

static void what_is_not_ours_is_left_alone(void **state)
{
	struct machine machine = make_machine();

	(void)state;
	machine.zram.is_ours = false;
	decide(&machine);
	assert_int_equal(machine.plan.device_count, 0);
	machine.zram.is_ours = true;
	machine.zram.is_set_up = false;
	decide(&machine);
	assert_int_equal(machine.plan.device_count, 0);
	upkeep_plan_free(&machine.plan);
}

static void what_cannot_be_done_has_a_reason(void **state)
{
	static const struct {
		const char *reason;
		size_t offset, size;
	} cases[] = {
#define WITHOUT(reason, field) { reason, offsetof(struct machine, field), sizeof(((struct machine *)NULL)->field) }
		WITHOUT("off", settings.idle_after),
		WITHOUT("writeback-kernel", zram.has_writeback),
		WITHOUT("writeback-device", zram.backing),
		WITHOUT("idle-kernel", zram.has_idle),
		WITHOUT("empty", zram.compressed),
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct machine machine = make_machine();
		const struct upkeep_device *device;

		memset((char *)&machine + cases[i].offset, 0, cases[i].size);
		device = decide(&machine);
		if (device->writes_back || device->age || !has_reason(device, cases[i].reason))
			fail_msg("not %s", cases[i].reason);
		upkeep_plan_free(&machine.plan);
	}
}

/* A kernel without these numbers says nothing about what is stored. */
static void what_is_stored_may_not_be_known(void **state)
{
	struct machine machine = make_machine();

	(void)state;
	machine.zram.stat_fields = 0;
	machine.zram.compressed = 0;
	assert_true(decide(&machine)->writes_back);
	upkeep_plan_free(&machine.plan);
}

static void recompression(void **state)
{
	struct machine machine = make_machine();
	const struct upkeep_device *device;

	(void)state;
	machine.settings.recompress_after = 60.5;
	device = decide(&machine);
	assert_true(!device->recompresses && has_reason(device, "recompress-kernel"));
	machine.zram.has_recompression = true;
	device = decide(&machine);
	assert_true(!device->recompresses && has_reason(device, "recompress-algorithm"));
	strcpy(machine.zram.recompression, "zstd");
	device = decide(&machine);
	assert_true(device->recompresses && device->writes_back && has_reason(device, "age-shared"));
	/* One mark for both: the longer time. */
	assert_int_equal(device->age, 3600);
	*machine.zram.backing = '\0';
	device = decide(&machine);
	assert_true(device->recompresses && !device->writes_back && !has_reason(device, "age-shared"));
	assert_int_equal(device->age, 61);
	upkeep_plan_free(&machine.plan);
}

static void ages(void **state)
{
	static const struct {
		double seconds;
		__u64 age;
	} cases[] = { { 0.001, 1 }, { 1, 1 }, { 1.5, 2 }, { 86400, 86400 }, { 1e300, 1000000001 } };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct machine machine = make_machine();

		machine.settings.idle_after = cases[i].seconds;
		assert_int_equal(decide(&machine)->age, cases[i].age);
		upkeep_plan_free(&machine.plan);
	}
}

static void a_budget_that_is_spent(void **state)
{
	struct machine machine = make_machine();
	const struct upkeep_device *device;

	(void)state;
	budget_add(&machine.budget, NOW - HOUR, 100 * MIB - 4096);
	device = decide(&machine);
	assert_true(device->writes_back);
	assert_int_equal(machine.plan.left, 4096);
	budget_add(&machine.budget, NOW - HOUR, 1);
	device = decide(&machine);
	assert_true(!device->writes_back && has_reason(device, "budget"));
	machine.settings.writeback_daily = 0;
	device = decide(&machine);
	assert_true(device->writes_back && !machine.plan.has_budget);
	upkeep_plan_free(&machine.plan);
}

/* Somebody else wrote: by hand, or a ramswap that was killed before it could say so. */
static void what_others_wrote_counts(void **state)
{
	struct machine machine = make_machine();
	struct past_device before = { .writes = 1000 };

	(void)state;
	machine.zram.back_writes = 1256;
	decide(&machine);
	assert_int_equal(machine.plan.left, 100 * MIB - 1256 * 4096);
	past_set(&machine.past, &before);
	decide(&machine);
	assert_int_equal(machine.plan.left, 99 * MIB);
	machine.zram.back_writes = UINT64_MAX;
	decide(&machine);
	assert_int_equal(machine.plan.left, 0);
	upkeep_plan_free(&machine.plan);
}

static void what_comes_back_pauses(void **state)
{
	static const struct {
		__u64 pages, reads; /* on the disk at the last time; came back since */
		bool was_paused, is_paused;
	} cases[] = {
		{ 10000, 2499, false, false }, { 10000, 2500, false, true }, { 10000, 2499, true, true },
		{ 10000, 1000, true, true }, { 10000, 999, true, false }, { 0, 0, true, false }, { 255, 255, false, false },
		{ 256, 256, false, true }, { 0, 300, false, true }, { 0, 100, false, false }, { 10000, UINT64_MAX, false, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct machine machine = make_machine();
		struct past_device before = { .pages = cases[i].pages, .is_paused = cases[i].was_paused };
		const struct upkeep_device *device;

		machine.zram.back_reads = cases[i].reads;
		past_set(&machine.past, &before);
		device = decide(&machine);
		if (device->is_paused != cases[i].is_paused || device->writes_back == device->is_paused ||
			has_reason(device, "paused") != device->is_paused ||
			has_reason(device, "resumed") != (cases[i].was_paused && !device->is_paused))
			fail_msg("case %zu", i);
		upkeep_plan_free(&machine.plan);
	}
}

/* ## an upkeep, and a model of zram */

static struct {
	__u64 huge, others; /* idle blocks in memory, when they are marked */
	__u64 room; /* of the disk */
	__u64 breaks_after; /* blocks, then it cannot be written; 0: never */
	bool marks_age, knows_huge_idle, is_limited;
	__u64 limit, reads, writes, count;
	bool is_marked;
	unsigned int marks; /* how often all were marked */
	bool can_recompress;
	char said[1024]; /* all that was written to it */
	__u64 booked; /* the least that the budget's file had while pages were written */
} model;

static void put_counts(void)
{
	char text[256];
	__u64 memory = (model.huge + model.others) * 4096;

	snprintf(text, sizeof(text), "%llu %llu %llu 0 0 0 0 %llu 0\n", (unsigned long long)(memory + model.count * 4096),
		(unsigned long long)memory, (unsigned long long)memory, (unsigned long long)model.huge);
	write_text("sys/block/zram0/mm_stat", text);
	snprintf(text, sizeof(text), "%llu %llu %llu\n", (unsigned long long)model.count, (unsigned long long)model.reads,
		(unsigned long long)model.writes);
	write_text("sys/block/zram0/bd_stat", text);
	snprintf(text, sizeof(text), "%llu\n", (unsigned long long)model.limit);
	write_text("sys/block/zram0/writeback_limit", text);
}

static int write_blocks(__u64 *blocks)
{
	while (*blocks && model.is_marked) {
		if (model.is_limited && !model.limit)
			return -EIO;
		if (model.breaks_after && model.writes >= model.breaks_after)
			return -EIO;
		if (model.count == model.room)
			return -ENOSPC;
		--*blocks;
		model.count++;
		model.writes++;
		model.limit -= model.is_limited;
	}
	return 0;
}

static int model_write_back(const char *mode)
{
	struct ramswap_problem problem;
	struct budget budget;
	__u64 before = model.writes;
	int err;

	if (!strcmp(mode, "huge_idle") && !model.knows_huge_idle)
		return -EINVAL;
	err = write_blocks(&model.huge);
	if (!err && !strcmp(mode, "idle"))
		err = write_blocks(&model.others);
	if (model.writes > before && !budget_read(root, NOW, &budget, &problem))
		model.booked = budget_used(&budget, NOW);
	return err;
}

static int model_mark(const char *text)
{
	if (!strcmp(text, "all")) {
		model.marks++;
		model.is_marked = true;
		return 0;
	}
	if (!model.marks_age)
		return -EINVAL;
	model.is_marked = true;
	return 0;
}

static int model_put(const char *attribute, const char *text)
{
	if (!strcmp(attribute, "idle"))
		return model_mark(text);
	if (!strcmp(attribute, "writeback"))
		return model_write_back(text);
	if (!strcmp(attribute, "writeback_limit_enable"))
		model.is_limited = *text == '1';
	else if (!strcmp(attribute, "writeback_limit"))
		model.limit = strtoull(text, NULL, 10);
	else if (strcmp(attribute, "recompress") != 0)
		return -ENOENT;
	else if (!model.can_recompress)
		return -ENOMEM;
	else
		model.others -= model.others / 2;
	return 0;
}

int __wrap_upkeep_put(int where, const char *attribute, const char *text);

int __wrap_upkeep_put(int where, const char *attribute, const char *text)
{
	int err = model_put(attribute, text);
	size_t length = strlen(model.said);

	(void)where;
	snprintf(model.said + length, sizeof(model.said) - length, "%s=%s ", attribute, text);
	put_counts();
	return err;
}

static unsigned int stops_after;

static bool is_stopped(void)
{
	return stops_after && !--stops_after;
}

static void begin(struct machine *machine)
{
	*machine = make_machine();
	memset(&model, 0, sizeof(model));
	model.huge = 1000;
	model.others = 9000;
	model.room = 1000000;
	model.marks_age = model.knows_huge_idle = true;
	mkdirat(root, "sys", 0700);
	mkdirat(root, "sys/block", 0700);
	mkdirat(root, "sys/block/zram0", 0700);
	unlinkat(root, BUDGET_FILE, 0);
	stops_after = 0;
	put_counts();
}

static struct upkeep_result run_at(struct machine *machine, __u64 boot, int expected)
{
	struct ramswap_problem problem = { "" };
	struct upkeep_result result;
	int err;

	machine->zram.back_reads = model.reads;
	machine->zram.back_writes = model.writes;
	machine->zram.back_pages = model.count;
	assert_int_equal(budget_read(root, NOW, &machine->budget, &problem), 0);
	decide(machine);
	*model.said = '\0';
	err = upkeep_run(root, &machine->plan, machine->plan.devices, &machine->past, NOW, boot, is_stopped, &result, &problem);
	if (err != expected)
		fail_msg("%d: %s", err, problem.text);
	assert_int_equal(err != 0, *problem.text != '\0');
	upkeep_plan_free(&machine->plan);
	return result;
}

static void assert_budget(__u64 used)
{
	struct ramswap_problem problem;
	struct budget budget;

	assert_int_equal(budget_read(root, NOW, &budget, &problem), 0);
	assert_int_equal(budget_used(&budget, NOW), used);
}

static void all_that_is_idle(void **state)
{
	struct machine machine;
	struct upkeep_result result;

	(void)state;
	begin(&machine);
	result = run_at(&machine, 10, 0);
	assert_int_equal(result.end, UPKEEP_ALL);
	assert_int_equal(result.written, 10000 * 4096);
	assert_int_equal(result.freed, 10000 * 4096);
	assert_budget(10000 * 4096);
	/* Incompressible ones first, in portions of 16 MiB, and no limit is left behind. */
	assert_string_equal(model.said,
		"idle=3600 writeback_limit=4096 writeback_limit_enable=1 writeback=huge_idle "
		"writeback_limit=4096 writeback_limit_enable=1 writeback=idle "
		"writeback_limit=4096 writeback_limit_enable=1 writeback=idle "
		"writeback_limit=4096 writeback_limit_enable=1 writeback=idle writeback_limit_enable=0 ");
	assert_int_equal(machine.past.devices[0].writes, 10000);
	assert_int_equal(machine.past.devices[0].pages, 10000);
	/* While pages are written, what may be written is in the file. */
	assert_true(model.booked >= 10000 * 4096);
}

static void no_more_than_the_budget(void **state)
{
	struct machine machine;
	struct upkeep_result result;

	(void)state;
	begin(&machine);
	machine.settings.writeback_daily = 20 * MIB + 4095;
	result = run_at(&machine, 10, 0);
	assert_int_equal(result.end, UPKEEP_BUDGET);
	assert_int_equal(result.written, 20 * MIB);
	assert_int_equal(model.writes, 5120);
	assert_budget(20 * MIB);
	result = run_at(&machine, 20, 0);
	assert_int_equal(result.end, UPKEEP_NOT_WANTED);
	assert_int_equal(model.writes, 5120);
	assert_string_equal(model.said, "");
}

static void without_a_budget(void **state)
{
	struct machine machine;

	(void)state;
	begin(&machine);
	machine.settings.writeback_daily = 0;
	assert_int_equal(run_at(&machine, 10, 0).end, UPKEEP_ALL);
	assert_int_equal(model.writes, 10000);
	assert_int_equal(faccessat(root, BUDGET_FILE, F_OK, 0), -1);
}

/* A limit that somebody set by hand is his. */
static void a_limit_of_somebody_else(void **state)
{
	struct machine machine;

	(void)state;
	begin(&machine);
	machine.settings.writeback_daily = 0;
	machine.zram.is_writeback_limited = model.is_limited = true;
	model.limit = 300;
	assert_int_equal(run_at(&machine, 10, 0).end, UPKEEP_BUDGET);
	assert_int_equal(model.writes, 300);
	assert_string_equal(model.said, "idle=3600 writeback=huge_idle ");
	assert_true(model.is_limited);
}

static void a_kernel_that_does_not_know_huge_idle(void **state)
{
	struct machine machine;

	(void)state;
	begin(&machine);
	model.knows_huge_idle = false;
	assert_int_equal(run_at(&machine, 10, 0).end, UPKEEP_ALL);
	assert_int_equal(model.writes, 10000);
	assert_budget(10000 * 4096);
}

static void a_disk_that_is_full(void **state)
{
	struct machine machine;
	struct upkeep_result result;

	(void)state;
	begin(&machine);
	model.room = 1500;
	result = run_at(&machine, 10, 0);
	assert_int_equal(result.end, UPKEEP_DEVICE_FULL);
	assert_int_equal(result.written, 1500 * 4096);
	assert_budget(1500 * 4096);
}

static void a_disk_that_breaks(void **state)
{
	struct machine machine;
	struct upkeep_result result;

	(void)state;
	begin(&machine);
	model.breaks_after = 6000;
	result = run_at(&machine, 10, -EIO);
	assert_int_equal(result.end, UPKEEP_FAILED);
	assert_int_equal(result.written, 6000 * 4096);
	assert_budget(6000 * 4096);
	assert_false(model.is_limited);
}

static void somebody_stops_it(void **state)
{
	struct machine machine;
	struct upkeep_result result;

	(void)state;
	begin(&machine);
	stops_after = 3;
	result = run_at(&machine, 10, 0);
	assert_int_equal(result.end, UPKEEP_STOPPED);
	assert_int_equal(result.written, (1000 + 4096) * 4096);
	assert_budget((1000 + 4096) * 4096);
	assert_false(model.is_limited);
}

/* Without the budget's file nothing is written: it could not be kept. */
static void a_budget_that_cannot_be_kept(void **state)
{
	struct machine machine;

	(void)state;
	begin(&machine);
	assert_int_equal(mkdirat(root, "var", 0700) && errno != EEXIST, 0);
	assert_int_equal(renameat(root, "var", root, "away"), 0);
	write_text("var", "no folder");
	machine.budget = (struct budget){ 0 };
	decide(&machine);
	{
		struct ramswap_problem problem;
		struct upkeep_result result;

		assert_int_equal(upkeep_run(root, &machine.plan, machine.plan.devices, &machine.past, NOW, 10, is_stopped,
					 &result, &problem),
			-ENOTDIR);
		assert_int_equal(result.end, UPKEEP_FAILED);
		assert_non_null(strstr(problem.text, "/var/lib/ramswap"));
	}
	assert_int_equal(model.writes, 0);
	upkeep_plan_free(&machine.plan);
	assert_int_equal(unlinkat(root, "var", 0), 0);
	assert_int_equal(renameat(root, "away", root, "var"), 0);
}

/* There all pages are marked, and those count that bear the mark of a time long ago. */
static void a_kernel_that_cannot_mark_by_age(void **state)
{
	struct machine machine;
	struct upkeep_result result;

	(void)state;
	begin(&machine);
	model.marks_age = false;
	result = run_at(&machine, 1000, 0);
	assert_int_equal(result.end, UPKEEP_NOT_YET);
	assert_string_equal(model.said, "idle=3600 idle=all ");
	assert_int_equal(machine.past.devices[0].marked, 1000);
	result = run_at(&machine, 1000 + 3599, 0);
	assert_int_equal(result.end, UPKEEP_NOT_YET);
	assert_string_equal(model.said, "idle=3600 ");
	assert_int_equal(machine.past.devices[0].marked, 1000);
	model.huge = 100; /* the others were touched */
	model.others = 0;
	result = run_at(&machine, 1000 + 3600, 0);
	assert_int_equal(result.end, UPKEEP_ALL);
	assert_int_equal(result.written, 100 * 4096);
	assert_int_equal(model.marks, 2);
	assert_int_equal(machine.past.devices[0].marked, 4600);
}

/* With a budget that ends before the pages do, the marks stay as they are for the next time. */
static void marks_outlive_a_budget(void **state)
{
	struct machine machine;

	(void)state;
	begin(&machine);
	model.marks_age = false;
	machine.settings.writeback_daily = 4 * MIB;
	run_at(&machine, 1000, 0);
	assert_int_equal(run_at(&machine, 5000, 0).end, UPKEEP_BUDGET);
	assert_int_equal(model.marks, 1);
	assert_int_equal(machine.past.devices[0].marked, 1000);
}

static void recompression_comes_first(void **state)
{
	struct machine machine;
	struct upkeep_result result;

	(void)state;
	begin(&machine);
	machine.settings.recompress_after = 60;
	machine.zram.has_recompression = true;
	strcpy(machine.zram.recompression, "zstd");
	model.can_recompress = true;
	result = run_at(&machine, 10, 0);
	assert_non_null(strstr(model.said, "idle=3600 recompress=type=idle recompress=type=huge writeback_limit="));
	assert_int_equal(result.recompressed, 6750 * 4096);
	assert_int_equal(result.end, UPKEEP_ALL);
	/* What cannot be recompressed is written back all the same. */
	begin(&machine);
	machine.settings.recompress_after = 60;
	machine.zram.has_recompression = true;
	strcpy(machine.zram.recompression, "zstd");
	result = run_at(&machine, 10, -ENOMEM);
	assert_int_equal(result.recompressed, 0);
	assert_int_equal(result.written, 10000 * 4096);
}

static void a_device_that_went(void **state)
{
	struct ramswap_problem problem;
	struct upkeep_result result;
	struct machine machine;

	(void)state;
	begin(&machine);
	machine.zram.number = 7;
	decide(&machine);
	assert_int_equal(upkeep_run(root, &machine.plan, machine.plan.devices, &machine.past, NOW, 10, is_stopped, &result,
				 &problem),
		-ENOENT);
	assert_non_null(strstr(problem.text, "/sys/block/zram7"));
	assert_int_equal(result.end, UPKEEP_FAILED);
	upkeep_plan_free(&machine.plan);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_day_has_24_hours),
		cmocka_unit_test(a_budget_of_every_hour),
		cmocka_unit_test(what_was_not_written_is_taken_back),
		cmocka_unit_test(a_clock_that_is_set_back),
		cmocka_unit_test(budgets_in_files),
		cmocka_unit_test(pasts_in_files),
		cmocka_unit_test(what_is_wanted_and_can_be_done),
		cmocka_unit_test(what_is_not_ours_is_left_alone),
		cmocka_unit_test(what_cannot_be_done_has_a_reason),
		cmocka_unit_test(what_is_stored_may_not_be_known),
		cmocka_unit_test(recompression),
		cmocka_unit_test(ages),
		cmocka_unit_test(a_budget_that_is_spent),
		cmocka_unit_test(what_others_wrote_counts),
		cmocka_unit_test(what_comes_back_pauses),
		cmocka_unit_test(all_that_is_idle),
		cmocka_unit_test(no_more_than_the_budget),
		cmocka_unit_test(without_a_budget),
		cmocka_unit_test(a_limit_of_somebody_else),
		cmocka_unit_test(a_kernel_that_does_not_know_huge_idle),
		cmocka_unit_test(a_disk_that_is_full),
		cmocka_unit_test(a_disk_that_breaks),
		cmocka_unit_test(somebody_stops_it),
		cmocka_unit_test(a_budget_that_cannot_be_kept),
		cmocka_unit_test(a_kernel_that_cannot_mark_by_age),
		cmocka_unit_test(marks_outlive_a_budget),
		cmocka_unit_test(recompression_comes_first),
		cmocka_unit_test(a_device_that_went),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
