/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Random numbers for samples and orders, not for secrets: SplitMix64 (Steele, Lea and Flood, 2014). */
#ifndef RAMSWAP_MEASURE_RANDOM_H
#define RAMSWAP_MEASURE_RANDOM_H

#include <linux/types.h>
#include <stddef.h>

/* A state to begin with, from the kernel. */
__u64 measure_random_seed(void);

/* The next number; the same state gives the same numbers. */
__u64 measure_random(__u64 *state);

/* The next number below bound, which is not 0. */
__u64 measure_random_below(__u64 *state, __u64 bound);

/* 0 to count - 1 in a random order. */
void measure_random_order(__u64 *state, __u32 *order, size_t count);

/*
 * Half of the page is random bytes, half is 0: it compresses to a little more than half. The same seed gives the same
 * page.
 */
void measure_random_page(__u64 seed, void *page, size_t size);

#endif
