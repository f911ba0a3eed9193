/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Says in words what a function of the library returns. */
#ifndef DIGSIG_LIBRARY_ERROR_H
#define DIGSIG_LIBRARY_ERROR_H

#include "../digsig.h"

/* Fills *error, which may be NULL, with the text, made harmless for a terminal; returns err. */
int library_fail(struct digsig_error *error, int err, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* library_fail for a NULL that a caller passed: what it is of. */
int library_fail_null(struct digsig_error *error, const char *what);

#endif
