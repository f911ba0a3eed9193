/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is known of the events of a host from one process to the next: a small file, written whole. */
#ifndef DIGSIG_FLEETD_POSITION_H
#define DIGSIG_FLEETD_POSITION_H

#include "log_reader.h"

enum { BOOT_SIZE = 37 }; /* of a UUID as text, with its NUL */

struct position {
	char boot[BOOT_SIZE]; /* "": there is none */
	__u64 sequence; /* of the last entry that was taken in this boot */
	__u64 refused, lost; /* in this boot */
	struct log_place place;
};

/* Pure. A text of which a line is missing, or no number, is none: false. */
bool position_parse(const char *text, struct position *position);

/* text has room for POSITION_TEXT. */
enum { POSITION_TEXT = 320 };
void position_print(const struct position *position, char *text);

/*
 * Reads the file "position" of a folder. What is not there, or is damaged, is empty: 0, and *damaged. What was counted in another boot
 * does not count; the place does.
 */
int position_read(int folder, const char *boot, struct position *position, bool *damaged);
int position_write(int folder, const struct position *position);

#endif
