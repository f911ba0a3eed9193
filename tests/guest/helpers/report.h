/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How the test programs say that the kernel refused something: by the error's name. */
#ifndef GUEST_REPORT_H
#define GUEST_REPORT_H

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXIT_REFUSED 126

/* Prints "WHAT: EACCES" on stderr and leaves with 126. */
static inline __attribute__((noreturn)) void refused(const char *what)
{
	const char *name = strerrorname_np(errno);

	fprintf(stderr, "%s: %s\n", what, name ? name : "?");
	exit(EXIT_REFUSED);
}

/* A mistake in the test itself. */
static inline __attribute__((noreturn)) void misused(const char *usage)
{
	fprintf(stderr, "usage: %s\n", usage);
	exit(2);
}

#endif
