// SPDX-License-Identifier: GPL-2.0-or-later
#include "run.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "../../lib/time/clock.h"
#include "../facts/file.h"
#include "../facts/parse.h"
#include "file.h"
#include "writeback.h"

const char *upkeep_end_word(enum upkeep_end end)
{
	static const char *const words[] = { "not-wanted", "all", "budget", "not-yet", "device-full", "stopped", "failed" };

	return words[end];
}

void upkeep_read_counts(int folder, struct ramswap_zram *zram)
{
	char value[FACTS_VALUE_MAX + 1];

	if (facts_read_value(folder, "mm_stat", value))
		facts_parse_mm_stat(value, zram);
	if (facts_read_value(folder, "bd_stat", value))
		facts_parse_bd_stat(value, zram);
}

int upkeep_fail(struct upkeep_run *run, int err, const char *attribute, const char *text)
{
	snprintf(run->problem->text, sizeof(run->problem->text), "zram%u: \"%.64s\" into its file %.32s: %s",
		run->device->zram->number, text, attribute, strerror(-err));
	return err;
}

static int put(struct upkeep_run *run, const char *attribute, const char *text)
{
	int err = upkeep_put(run->folder, attribute, text);

	return err ? upkeep_fail(run, err, attribute, text) : 0;
}

/*
 * Marks what was not touched for so long. A kernel without CONFIG_ZRAM_MEMORY_TRACKING can only mark all pages, and
 * touching one takes its mark away: there those are idle that bear the mark of a time long ago. *is_due: there are
 * idle pages now.
 */
static int mark_idle(struct upkeep_run *run, struct past_device *past, __u64 boot, bool *is_due)
{
	char age[32];
	int err;

	snprintf(age, sizeof(age), "%llu", (unsigned long long)run->device->age);
	*is_due = true;
	past->marked = 0;
	err = upkeep_put(run->folder, "idle", age);
	if (!err)
		return 0;
	if (err != -EINVAL)
		return upkeep_fail(run, err, "idle", age);
	past->marked = run->device->marked;
	*is_due = past->marked && boot >= past->marked && boot - past->marked >= run->device->age;
	if (past->marked)
		return 0;
	past->marked = boot;
	return put(run, "idle", "all");
}

/* After all idle ones are dealt with, the next time begins. */
static int mark_again(struct upkeep_run *run, struct past_device *past, __u64 boot)
{
	if (!past->marked || (run->device->writes_back && run->result->end != UPKEEP_ALL))
		return 0;
	past->marked = boot;
	return put(run, "idle", "all");
}

static int recompress(struct upkeep_run *run, struct ramswap_zram *counts)
{
	__u64 before = counts->compressed;
	int err = put(run, "recompress", "type=idle");

	if (!err)
		err = put(run, "recompress", "type=huge");
	upkeep_read_counts(run->folder, counts);
	if (before > counts->compressed)
		run->result->recompressed = before - counts->compressed;
	return err;
}

static int work(struct upkeep_run *run, struct ramswap_zram *counts, struct past_device *past, __u64 boot)
{
	const struct upkeep_device *device = run->device;
	int err = 0, failed = 0;
	bool is_due = false;

	if (device->age)
		err = mark_idle(run, past, boot, &is_due);
	if (err)
		run->result->end = UPKEEP_FAILED;
	if (err || !device->age)
		return err;
	if (!is_due) {
		run->result->end = UPKEEP_NOT_YET;
		return 0;
	}
	/* What could not be compressed may still be written back. */
	if (device->recompresses)
		failed = recompress(run, counts);
	if (device->writes_back)
		err = upkeep_write_back(run, counts);
	if (!err)
		err = mark_again(run, past, boot);
	return err ? err : failed;
}

static int run_in(struct upkeep_run *run, struct past *past, __u64 boot)
{
	const struct ramswap_zram *zram = run->device->zram;
	struct past_device left = { .number = zram->number, .when = boot, .marked = run->device->marked,
		.is_paused = run->device->is_paused };
	struct ramswap_zram counts = *zram;
	__u64 resident;
	int err;

	upkeep_read_counts(run->folder, &counts);
	resident = counts.resident;
	err = work(run, &counts, &left, boot);
	upkeep_read_counts(run->folder, &counts);
	run->result->freed = (__s64)resident - (__s64)counts.resident;
	left.reads = counts.back_reads;
	left.writes = counts.back_writes;
	left.pages = counts.back_pages;
	past_set(past, &left);
	return err;
}

int upkeep_run(int root, struct upkeep_plan *plan, struct upkeep_device *device, struct past *past, __u64 now,
	__u64 boot, upkeep_stop *stop, struct upkeep_result *result, struct ramswap_problem *problem)
{
	struct upkeep_run run = { .root = root, .plan = plan, .device = device, .now = now, .begin = clock_now(), .stop = stop,
		.result = result, .problem = problem };
	char path[64];
	int err;

	*result = (struct upkeep_result){ .end = UPKEEP_NOT_WANTED };
	snprintf(path, sizeof(path), "sys/block/zram%u", device->zram->number);
	run.folder = facts_open_folder(root, path);
	if (run.folder < 0) {
		result->end = UPKEEP_FAILED;
		snprintf(problem->text, sizeof(problem->text), "/%s: %s", path, strerror(-run.folder));
		return run.folder;
	}
	err = run_in(&run, past, boot);
	close(run.folder);
	return err;
}
