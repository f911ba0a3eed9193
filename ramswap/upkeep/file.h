/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The small files that upkeep keeps, and the kernel's that it writes to. */
#ifndef RAMSWAP_UPKEEP_FILE_H
#define RAMSWAP_UPKEEP_FILE_H

#include <stddef.h>
#include "../ramswap.h"

/* 0, and *text to be freed; -ENOENT: there is none, and nothing is said; another negative errno and what was wrong. */
int upkeep_file_read(int root, const char *path, size_t most, char **text, size_t *size,
	struct ramswap_problem *problem);

/* Replaces the file as a whole; makes its folder, and the one that this is in. */
int upkeep_file_write(int root, const char *folder, const char *path, const char *text,
	struct ramswap_problem *problem);

/*
 * text into an attribute of a device, whose folder in /sys/block is open: as one write. 0 or the negative errno of it,
 * which is the kernel's answer; -ENOENT: this kernel has no such attribute.
 */
int upkeep_put(int folder, const char *attribute, const char *text);

#endif
