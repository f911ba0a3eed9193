/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SLABTOP_STATUS_H
#define SLABTOP_STATUS_H

#include "view.h"

/*
 * The last line of the screen: what is being typed, what went wrong, or what keeps this from being
 * all caches now. false: there is nothing to say.
 */
bool print_status(char *text, size_t size, const struct source *source, const struct rows *rows,
	const struct view *view);

#endif
