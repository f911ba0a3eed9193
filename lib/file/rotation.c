// SPDX-License-Identifier: GPL-2.0-or-later
#include "rotation.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* number 0: the name itself. */
static void print_name(char *text, const char *name, unsigned int number)
{
	if (number)
		snprintf(text, NAME_MAX + 1, "%s.%u", name, number);
	else
		snprintf(text, NAME_MAX + 1, "%s", name);
}

/* The first number that nothing has; at most keep, whose file is the one to go. */
static unsigned int first_free(int folder, const char *name, unsigned int keep)
{
	char text[NAME_MAX + 1];
	struct stat st;
	unsigned int number;

	for (number = 1; number < keep; number++) {
		print_name(text, name, number);
		if (fstatat(folder, text, &st, AT_SYMLINK_NOFOLLOW) && errno == ENOENT)
			break;
	}
	return number;
}

int rotation_rename(int folder, const char *name, unsigned int keep)
{
	char from[NAME_MAX + 1], to[NAME_MAX + 1];
	unsigned int number;

	if (!keep)
		return unlinkat(folder, name, 0) && errno != ENOENT ? -errno : 0;
	for (number = first_free(folder, name, keep); number; number--) {
		print_name(from, name, number - 1);
		print_name(to, name, number);
		/* Whoever renamed it has made the room. */
		if (renameat(folder, from, folder, to) && errno != ENOENT)
			return -errno;
	}
	return 0;
}
