/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The values of options. */
#ifndef SLABTOP_ARGUMENTS_H
#define SLABTOP_ARGUMENTS_H

#include <stdbool.h>
#include <linux/types.h>

/*
 * Above 0, at most a year: "0.5", "500ms", "10s", "2m", "1h", "1d"; a number alone is in units
 * of unit seconds.
 */
bool parse_seconds(const char *text, double unit, double *seconds);

/* Bytes, 0 or more: "512", "1.5K", "2M", "1G", powers of 1024. */
bool parse_size(const char *text, double *bytes);

/* The whole text as a number from 1 to limit. */
bool parse_count(const char *text, unsigned long limit, unsigned long *count);

#endif
