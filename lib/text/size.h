/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text to a number of bytes, and back. */
#ifndef KERNKIT_SIZE_H
#define KERNKIT_SIZE_H

#include <stddef.h>
#include <linux/types.h>

/* The grammar in words, for help and errors. */
#define SIZE_RULE "bytes, or a number and K, M, G or T"

/*
 * All of text: a number with or without a fraction, and directly behind it a unit, powers of 1024: K, M, G
 * or T, of either case, alone or with "iB"; none: bytes. "4096", "64K", "1.5MiB". What is less than a byte
 * is cut off. From least to most bytes, both included.
 *
 * 0 and *bytes; or -EINVAL: text is not that; -ERANGE: it is, but too small or too large. *bytes then stays
 * as it was.
 */
int size_parse(const char *text, __u64 least, __u64 most, __u64 *bytes);

/*
 * bytes for people: "512", "1.5K", "931.5G": at most six characters below an exabyte. size: the room in text, of which
 * 16 are enough.
 */
void size_print(char *text, size_t size, double bytes);

#endif
