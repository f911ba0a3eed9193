/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names in a folder. */
#ifndef KERNKIT_NETCON_TARGET_NAMES_H
#define KERNKIT_NETCON_TARGET_NAMES_H

#include <dirent.h>
#include <stddef.h>

/*
 * Those that is_wanted, in their order, each without its last suffix bytes: 0, and the caller frees them with names_free. Or a negative
 * errno: there are none then, and nothing is to be freed.
 */
int names_read(const char *folder, int (*is_wanted)(const struct dirent *), size_t suffix, char ***names, size_t *count);

/* NULL: nothing. */
void names_free(char **names, size_t count);

#endif
