// SPDX-License-Identifier: GPL-2.0-or-later
#include "writeback.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "../../lib/time/clock.h"
#include "../facts/file.h"
#include "file.h"

/* Between two of them it can be stopped, and the budget is kept: a second or two on a slow disk. */
#define PORTION (16ULL << 20)

/* Of pages that do not compress, each block that is written frees a whole page. */
static const char *const modes[] = { "huge_idle", "idle" };

/* The kernel stops by itself after so many blocks. */
static int set_limit(struct upkeep_run *run, __u64 blocks)
{
	char text[32];
	int err;

	snprintf(text, sizeof(text), "%llu", (unsigned long long)blocks);
	err = upkeep_put(run->folder, "writeback_limit", text);
	if (err)
		return upkeep_fail(run, err, "writeback_limit", text);
	err = upkeep_put(run->folder, "writeback_limit_enable", "1");
	return err ? upkeep_fail(run, err, "writeback_limit_enable", "1") : 0;
}

static bool is_limit_reached(const struct upkeep_run *run)
{
	__u64 blocks;

	return facts_read_number(run->folder, "writeback_limit", ~0ULL, &blocks) && !blocks;
}

/* How many bytes the next portion may have: 0: the budget is spent. */
static __u64 next_portion(const struct upkeep_run *run)
{
	__u64 left = run->plan->has_budget ? run->plan->left : PORTION;

	return (left < PORTION ? left : PORTION) / UPKEEP_BLOCK * UPKEEP_BLOCK;
}

/* It may take hours. */
static __u64 now(const struct upkeep_run *run)
{
	return run->now + (clock_now() - run->begin) / CLOCK_SECOND;
}

/* What is about to be written counts as written, in the file, too: after a kill it may have been. */
static int book(struct upkeep_run *run, __u64 bytes)
{
	struct upkeep_plan *plan = run->plan;

	if (!plan->has_budget)
		return 0;
	budget_add(&plan->budget, now(run), bytes);
	plan->left = budget_left(&plan->budget, now(run), plan->daily);
	return budget_write(run->root, &plan->budget, run->problem);
}

static void unbook(struct upkeep_run *run, __u64 bytes)
{
	struct upkeep_plan *plan = run->plan;

	if (!plan->has_budget)
		return;
	budget_take_back(&plan->budget, bytes);
	plan->left = budget_left(&plan->budget, now(run), plan->daily);
}

/* The kernel's answer to a mode, whatever it is; *written: bytes. */
static int write_mode(struct upkeep_run *run, const char *mode, struct ramswap_zram *counts, __u64 *written)
{
	__u64 before = counts->back_writes;
	int err = upkeep_put(run->folder, "writeback", mode);

	upkeep_read_counts(run->folder, counts);
	*written = counts->back_writes > before ? (counts->back_writes - before) * UPKEEP_BLOCK : 0;
	run->result->written += *written;
	return err;
}

/* What the kernel's answer means: true: the mode goes on. */
static bool goes_on(struct upkeep_run *run, int answer, __u64 written, const char *mode, int *err)
{
	*err = 0;
	switch (answer) {
	case 0:
		return false;
	case -EIO:
		if (!is_limit_reached(run))
			break;
		if (!written)
			run->result->end = UPKEEP_BUDGET;
		return written;
	case -EINVAL:
		/* Kernels before 5.16 do not know the first: the second writes those pages, too. */
		if (mode == modes[0])
			return false;
		break;
	case -ENOSPC:
		run->result->end = UPKEEP_DEVICE_FULL;
		return false;
	}
	run->result->end = UPKEEP_FAILED;
	*err = upkeep_fail(run, answer, "writeback", mode);
	return false;
}

static int write_portions(struct upkeep_run *run, const char *mode, struct ramswap_zram *counts)
{
	bool is_going = true;
	int err = 0, answer;

	while (is_going) {
		__u64 portion = next_portion(run), written = 0;

		if (!portion || run->stop()) {
			run->result->end = portion ? UPKEEP_STOPPED : UPKEEP_BUDGET;
			return 0;
		}
		err = set_limit(run, portion / UPKEEP_BLOCK);
		if (!err)
			err = book(run, portion);
		if (err) {
			run->result->end = UPKEEP_FAILED;
			return err;
		}
		answer = write_mode(run, mode, counts, &written);
		is_going = goes_on(run, answer, written, mode, &err);
		unbook(run, portion - (written < portion ? written : portion));
	}
	return err;
}

/* Somebody set a limit of his own, and ramswap.conf has none: it is his. */
static int write_within_limit(struct upkeep_run *run, const char *mode, struct ramswap_zram *counts)
{
	__u64 written;
	int err, answer = write_mode(run, mode, counts, &written);

	goes_on(run, answer, 0, mode, &err);
	return err;
}

static bool has_own_limit(const struct upkeep_run *run)
{
	return run->plan->has_budget || !run->device->zram->is_writeback_limited;
}

int upkeep_write_back(struct upkeep_run *run, struct ramswap_zram *counts)
{
	int err = 0, kept;

	run->result->end = UPKEEP_ALL;
	for (size_t i = 0; i < sizeof(modes) / sizeof(*modes) && !err && run->result->end == UPKEEP_ALL; i++) {
		if (has_own_limit(run))
			err = write_portions(run, modes[i], counts);
		else
			err = write_within_limit(run, modes[i], counts);
	}
	if (has_own_limit(run))
		upkeep_put(run->folder, "writeback_limit_enable", "0");
	kept = run->plan->has_budget ? budget_write(run->root, &run->plan->budget, run->problem) : 0;
	return err ? err : kept;
}
