/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KEVENTS_ERROR_H
#define KEVENTS_ERROR_H

#include "kevents.h"

/* Fills *error, if there is one, with words that cannot speak to a terminal; returns err. */
__attribute__((format(printf, 3, 4))) int kevents_fail(
	struct kevents_error *error, int err, const char *format, ...);

#endif
