/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SLABTOP_SPARKLINE_H
#define SLABTOP_SPARKLINE_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>

/*
 * A column a value, between the least and the greatest of them: eight heights of block elements in
 * UTF-8, or five of ASCII. text has room for 3 * count + 1. Returns the bytes.
 */
size_t draw_sparkline(char *text, const __u64 *values, size_t count, bool is_utf8);

#endif
