/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libslab: does a number grow steadily, how fast, and how sure is that?
 *
 * Samples are gathered into at most 64 blocks of equal length, of which the means are kept, so that
 * memory and time do not depend on how long it takes. The slope is that of a least-squares line
 * through the means. Its error is the greater of two:
 *
 * - that of the line, with residuals that hang together (AR(1)) counting for fewer;
 * - that of a random walk: the long-run variance of the means' increments (Newey and West, Bartlett
 *   weights). A cache whose size wanders about also has a slope, which by the first error is far
 *   from 0, and by this one is not.
 *
 * One jump is no growth by the second; and what levels off is told by the last third.
 */
#ifndef KERNKIT_SLAB_TREND_H
#define KERNKIT_SLAB_TREND_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>

enum { SLAB_TREND_BLOCKS = 64, SLAB_TREND_SAMPLES_MIN = 12 };

struct slab_trend {
	__u64 start; /* nanoseconds, of the first sample */
	size_t samples;

	/* Private: the blocks; the last one may be filling still. */
	size_t block_count, per_block, in_block;
	struct slab_trend_block {
		double time, value; /* seconds since start; both means */
	} blocks[SLAB_TREND_BLOCKS + 1];
};

/* Zero a trend before its first sample. time: nanoseconds, not going backwards. */
void slab_trend_add(struct slab_trend *trend, __u64 time, __u64 value);

struct slab_trend_fit {
	double slope, error; /* a second; error: one standard error */
	double confidence; /* that the slope is above 0: one-sided, by Student's t */
	double seconds; /* from the first sample to the last */
	bool is_levelling; /* the last third has less than a quarter of the slope of the whole */
};

/* -ENODATA: fewer than SLAB_TREND_SAMPLES_MIN samples, or no time between them. */
int slab_trend_fit(const struct slab_trend *trend, struct slab_trend_fit *fit);

#endif
