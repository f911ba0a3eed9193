/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RAMSWAP_MEASURE_FAIL_H
#define RAMSWAP_MEASURE_FAIL_H

#include "../ramswap.h"

/* Puts the words into *problem and returns err. */
int measure_fail(struct ramswap_problem *problem, int err, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
