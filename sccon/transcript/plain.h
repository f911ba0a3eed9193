/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The text of a console without what is for a terminal alone. */
#ifndef SCCON_TRANSCRIPT_PLAIN_H
#define SCCON_TRANSCRIPT_PLAIN_H

#include <stddef.h>

/*
 * Takes control sequences, strings to the terminal (such as titles) and controls but the tab out of text, of size bytes; a 0 stands
 * behind what is left. Returns how many bytes that are. A sequence that text does not end goes to its end.
 */
size_t text_make_plain(char *text, size_t size);

#endif
