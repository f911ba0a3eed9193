/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which of some names was probably meant. */
#ifndef KERNKIT_TEXT_NEAREST_H
#define KERNKIT_TEXT_NEAREST_H

#include <stddef.h>

/* All zero but word before its first use. */
struct nearest {
	const char *word; /* as it was typed */
	const char *name; /* the nearest so far that is near enough; NULL: none */
	size_t distance; /* of that */
};

/*
 * Compares one more name. The distance is the number of letters to add, take away, change or exchange
 * with the next one (optimal string alignment); one for each three letters, rounded up, is near enough.
 * Of equally near names the first stays.
 */
void nearest_try(struct nearest *nearest, const char *name);

#endif
