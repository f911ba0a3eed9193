/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Can this kernel enforce? One finding for each thing that the engine stands on. */
#ifndef DIGSIG_ENFORCE_DOCTOR_H
#define DIGSIG_ENFORCE_DOCTOR_H

#include <stdbool.h>
#include <stddef.h>

enum doctor_state {
	DOCTOR_OK,
	DOCTOR_MISSING, /* the engine does not start, or judges nothing right */
	DOCTOR_NOTE, /* it starts; this is worth knowing */
	DOCTOR_UNSEEN, /* this caller could not find out */
};

struct doctor_finding {
	const char *name; /* one word or two, static */
	enum doctor_state state;
	char text[512]; /* what was found; what is missing, in the words of digsig start */
	char command[512]; /* what to type; empty: nothing, or it is not that simple */
};

#define DOCTOR_FINDINGS_MAX 17

/*
 * Looks at everything, and returns how many findings there are. Changes nothing: the engine's
 * program is loaded for a moment if the caller may, and not attached.
 */
size_t doctor_examine(struct doctor_finding findings[DOCTOR_FINDINGS_MAX]);

/* "ok", "missing", "note", "unseen". A static string. */
const char *doctor_state_name(enum doctor_state state);

#endif
