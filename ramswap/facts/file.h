/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's files, each bounded. A folder is a descriptor of the root, or of a device's folder below it; no path
 * leaves it.
 */
#ifndef RAMSWAP_FACTS_FILE_H
#define RAMSWAP_FACTS_FILE_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

enum {
	FACTS_VALUE_MAX = 4095, /* an attribute of sysfs is a page at most */
	FACTS_TEXT_MOST = 1 << 20,
	FACTS_NAMES_MOST = 4096, /* in a folder */
};

/* One buffer for all files, since most are small and many are read. */
struct facts_buffer {
	char *text; /* of the file that was read last; a 0 stands behind it */
	size_t room, size;
};

/* The whole file. 0 or a negative errno: -EFBIG: it has more than most bytes. */
int facts_read_text(struct facts_buffer *buffer, int folder, const char *path, size_t most);

/* All of a small one, as one read gives it, without the newline at its end. False: there is none, or it is empty. */
bool facts_read_value(int folder, const char *path, char value[FACTS_VALUE_MAX + 1]);

/* That as a number. False: it is none, and *number stays. */
bool facts_read_number(int folder, const char *path, __u64 most, __u64 *number);

/* That as a name. False: it is none, and name is "". */
bool facts_read_name(int folder, const char *path, char *name);

/* "1" or "Y". */
bool facts_read_flag(int folder, const char *path);

/* The last name of what a link leads to; of a file, of what is in it. False: there is none, and name is "". */
bool facts_read_link(int folder, const char *path, char *name);

/* Whether there is something, be it a link that leads nowhere. */
bool facts_exists(int folder, const char *path);

/* A folder, to be closed; or a negative errno. */
int facts_open_folder(int folder, const char *path);

struct facts_names {
	char (*names)[64];
	size_t count;
};

/*
 * The names in a folder that begin with prefix, in the order of their numbers: those that are too long, or begin with a
 * ".", are left out. 0, to be freed with facts_names_free; where there is no such folder there are none; -ENOMEM.
 */
int facts_read_names(int folder, const char *path, const char *prefix, struct facts_names *names);
void facts_names_free(struct facts_names *names);

#endif
