/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How much was written back in the last 24 hours. Flash memory wears with every write, so this outlives the boot; the
 * file is replaced as a whole. Its first line is "ramswap-budget 1"; each further one is an hour since 1970 and the
 * bytes that were written in it.
 */
#ifndef RAMSWAP_UPKEEP_BUDGET_H
#define RAMSWAP_UPKEEP_BUDGET_H

#include <stddef.h>
#include "../ramswap.h"

#define BUDGET_FOLDER "var/lib/ramswap" /* below the root */
#define BUDGET_FILE BUDGET_FOLDER "/budget"

enum {
	/* An hour counts until all of it is 24 hours old. */
	BUDGET_HOURS = 25,
	BUDGET_SIZE_MAX = 4096, /* of the file */
};

struct budget {
	struct budget_hour {
		__u64 hour, bytes;
	} hours[BUDGET_HOURS]; /* in their order */
	size_t count;
};

/*
 * now: seconds since 1970. What is older than 24 hours is left out; what was written in the future, since the clock was set
 * back, counts as written now. 0; -EINVAL: it is none of ours.
 */
int budget_parse(const char *text, size_t size, __u64 now, struct budget *budget);

/* text has room for BUDGET_SIZE_MAX. */
void budget_print(const struct budget *budget, char *text);

/* What was written in the 24 hours before now, at least. */
__u64 budget_used(const struct budget *budget, __u64 now);

/* What may be written still; daily: in 24 hours. */
__u64 budget_left(const struct budget *budget, __u64 now, __u64 daily);

void budget_add(struct budget *budget, __u64 now, __u64 bytes);

/* What was added and not written after all: of the same hour or the one before. */
void budget_take_back(struct budget *budget, __u64 bytes);

/* Of the machine below root. No file: nothing was written. 0; or a negative errno and what was wrong. */
int budget_read(int root, __u64 now, struct budget *budget, struct ramswap_problem *problem);
int budget_write(int root, const struct budget *budget, struct ramswap_problem *problem);

#endif
