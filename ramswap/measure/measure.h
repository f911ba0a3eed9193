/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What zram's algorithms do with pages of this machine. AF_ALG gives programs no compression, so the sample goes through a zram
 * device of its own, which is removed again: the kernel's own code, its own allocator, its own mm_stat.
 */
#ifndef RAMSWAP_MEASURE_H
#define RAMSWAP_MEASURE_H

#include "../ramswap.h"

struct measure_settings {
	__u64 size; /* bytes of the sample; 0: 16 MiB, less where memory is short */
	const char *corpus; /* a file whose pages are the sample; NULL: anonymous pages of running programs */
};

/* 0; or a negative errno, and what was wrong: -ENODEV: this kernel has no zram. */
int measure_zram(const struct measure_settings *settings, struct ramswap_measures *measures,
	struct ramswap_problem *problem);

#endif
