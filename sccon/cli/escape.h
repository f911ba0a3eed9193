/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is typed: bytes for the machine, and escapes as those of ssh(1) at the beginning of a line. */
#ifndef SCCON_CLI_ESCAPE_H
#define SCCON_CLI_ESCAPE_H

#include <stdbool.h>
#include <stddef.h>

enum escape_action {
	ESCAPE_NOTHING,
	ESCAPE_END, /* ~. */
	ESCAPE_HELP, /* ~? */
	ESCAPE_BREAK, /* ~b */
	ESCAPE_ASK, /* ~w */
	ESCAPE_FORCE, /* ~f */
	ESCAPE_RELEASE, /* ~r */
	ESCAPE_SUSPEND, /* ~^Z */
};

enum { ESCAPE_NONE = -1 };

enum escape_place { ESCAPE_LINE_BEGINS, ESCAPE_CAME, ESCAPE_IN_LINE };

struct escape {
	int character; /* ESCAPE_NONE: all goes to the machine */
	enum escape_place place;
};

/*
 * Takes bytes up to the first action, if there is one; returns how many. out, which has room for twice as many, gets
 * *out_size bytes for the machine.
 */
size_t escape_take(struct escape *escape, const char *in, size_t size, char *out, size_t *out_size, enum escape_action *action);

/* "~", "^]", "none": 0 and the character, or ESCAPE_NONE; -EINVAL: text is not that. */
int escape_parse(const char *text, int *character);

/* The character as it is typed; text has room for 8. */
void escape_print(char *text, int character);

#endif
