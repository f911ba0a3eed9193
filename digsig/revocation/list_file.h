/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A file of revocations: read whole, and parsed with the number of the line that is wrong. */
#ifndef DIGSIG_REVOCATION_LIST_FILE_H
#define DIGSIG_REVOCATION_LIST_FILE_H

#include "revocation.h"

#define REVOCATION_FILE_SIZE_MAX ((size_t)4 << 20)

/* "FILE:7: what is wrong", or the file and what is wrong with it; one line. */
struct revocation_problem {
	char text[640];
};

/* The whole file as a string, to be freed; NULL: it is not there. 0 or a negative errno. */
int list_read(const char *path, char **text, struct revocation_problem *problem);

/* Adds all that text says, which is cut up, to the list. 0, -EINVAL, -ENOSPC, -ENOMEM. */
int list_parse(const char *path, char *text, struct revocations *list,
	struct revocation_problem *problem);

/* Words it, and returns err. */
int list_fail(struct revocation_problem *problem, int err, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
