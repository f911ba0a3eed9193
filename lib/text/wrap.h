/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text in lines of a limited width. */
#ifndef KERNKIT_WRAP_H
#define KERNKIT_WRAP_H

#include <stdio.h>

/*
 * Prints the text, of ASCII characters, from column on, where the cursor is, in lines that begin at that
 * column and end before width, and a newline. Only a word that is longer than that is in a longer line.
 */
void print_wrapped(FILE *out, const char *text, int column, int width);

#endif
