/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Modes of a terminal that libvterm has and does not tell: they change how later text is drawn. */
#ifndef SCCON_SCREEN_MODES_H
#define SCCON_SCREEN_MODES_H

#include <stdbool.h>
#include <stddef.h>

enum { MODES_SETS = 4 };

/* All zero at first. */
struct modes {
	bool is_inserting; /* IRM: a character moves what stands behind it */
	bool is_returning; /* LNM: a line feed goes to the first column, too */
	char sets[MODES_SETS]; /* the character sets G0 to G3, by the last byte of their sequence; 0: as at first */
	unsigned char shift; /* which one of them characters are of */
};

/* CSI number h, or l. */
void modes_set(struct modes *modes, unsigned int number, bool is_on);

/* What stands behind ESC in a sequence that is whole. */
void modes_escape(struct modes *modes, const char *sequence, size_t size);

/* A control character: SO and SI change the character set. */
void modes_control(struct modes *modes, char control);

/* CSI ! p: LNM is left as it is. */
void modes_soft_reset(struct modes *modes);

#endif
