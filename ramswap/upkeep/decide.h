/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is to be done with pages that lie in our zram devices for long: a pure function of facts, settings, what was
 * written in 24 hours, and what the last upkeep left.
 */
#ifndef RAMSWAP_UPKEEP_DECIDE_H
#define RAMSWAP_UPKEEP_DECIDE_H

#include "budget.h"
#include "past.h"

/* From which part on of what was written back too much came back; and below which it is tried again. */
#define UPKEEP_PAUSE_PART 0.25
#define UPKEEP_RESUME_PART 0.1

enum {
	UPKEEP_REASONS_MAX = 8, /* of a device */
	UPKEEP_BLOCK = 4096, /* bytes: the unit of bd_stat and of the limit */
	UPKEEP_PART_PAGES = 256, /* of fewer pages no part is taken */
};

struct upkeep_reason {
	char code[32]; /* for programs, stable */
	char text[320]; /* a sentence */
};

struct upkeep_device {
	const struct ramswap_zram *zram; /* of facts */
	__u64 age; /* seconds: pages that were not touched for so long are idle; 0: none are marked */
	bool recompresses; /* pages that are idle, and those that do not compress */
	bool writes_back; /* pages that are idle, those that do not compress first */
	bool is_paused; /* much of what was written back came back: nothing is added */
	/* Since the last upkeep, in units of UPKEEP_BLOCK. */
	bool has_past;
	__u64 came_back, were_back; /* read from the backing device; on it at that time */
	__u64 unaccounted; /* written by others: it counts, too */
	__u64 marked; /* of struct past_device */
	struct upkeep_reason reasons[UPKEEP_REASONS_MAX];
	size_t reason_count;
};

struct upkeep_plan {
	struct upkeep_device *devices; /* ours that have a size */
	size_t device_count;
	bool has_budget;
	__u64 daily; /* bytes that may be written in 24 hours */
	struct budget budget; /* with what was unaccounted */
	__u64 left; /* of daily */
};

/*
 * now: seconds since 1970. facts must outlive the plan. 0, to be freed with upkeep_plan_free; -ENOMEM. budget: what
 * was written; without settings->writeback_daily it is not looked at.
 */
int upkeep_decide(const struct ramswap_facts *facts, const struct ramswap_settings *settings,
	const struct budget *budget, const struct past *past, __u64 now, struct upkeep_plan *plan);
void upkeep_plan_free(struct upkeep_plan *plan);

/* A sentence for a device; what has no room is left out. */
void upkeep_say(struct upkeep_device *device, const char *code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
