/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One file of configfs, in the directory of a target. */
#ifndef KERNKIT_NETCON_TARGET_ATTRIBUTE_H
#define KERNKIT_NETCON_TARGET_ATTRIBUTE_H

#include <stdbool.h>
#include <stddef.h>

/* The room for a path and for a value. */
enum { ATTRIBUTE_PATH_MAX = 512, ATTRIBUTE_VALUE_MAX = 256 };

/* Whether the file is there. */
bool attribute_exists(const char *folder, const char *name);

/* The first line, without its newline; value has room for ATTRIBUTE_VALUE_MAX. 0 or a negative errno. */
int attribute_read(const char *folder, const char *name, char *value);

/* 0 or a negative errno. */
int attribute_write(const char *folder, const char *name, const char *value);

#endif
