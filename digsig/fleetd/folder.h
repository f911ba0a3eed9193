/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files of a folder that this program alone writes. Functions return 0 or a negative errno. */
#ifndef DIGSIG_FLEETD_FOLDER_H
#define DIGSIG_FLEETD_FOLDER_H

#include <stddef.h>

/*
 * Writes name whole: at any moment it is the old file or the new one, also after a crash. What a kill leaves is NAME.new, which
 * the next call writes over.
 */
int folder_write(int folder, const char *name, const void *bytes, size_t size);

/* All of a file, to be freed; a '\0' stands behind it. -EFBIG: more than most bytes. */
int folder_read(int folder, const char *name, size_t most, char **bytes, size_t *size);

/* Makes a folder, unless it is there, and opens it: a descriptor. */
int folder_make(int folder, const char *name);

/* Removes a file, or a folder with all that is in it, four folders deep at most. Nothing there: 0. */
int folder_remove(int folder, const char *name);

/* Calls visit for each name but "." and "..", until it returns an error, which is returned. */
typedef int folder_visitor(void *closure, int folder, const char *name);
int folder_visit(int folder, folder_visitor *visit, void *closure);

#endif
