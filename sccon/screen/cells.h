/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A row of a screen as bytes for a terminal. */
#ifndef SCCON_SCREEN_CELLS_H
#define SCCON_SCREEN_CELLS_H

#include <stdbool.h>
#include <stdio.h>
#include <vterm.h>

/* Attributes and colours of what comes next, as a sequence of SGR that depends on nothing before it. */
void cells_put_pen(FILE *out, const VTermScreenCell *cell);

/*
 * The cells from the first column on, but for what an empty row has at its end. Attributes are off before it and afterwards.
 * is_reverse: libvterm has turned each of them, because the whole screen is, which the terminal does itself. is_plain: attributes
 * are off in it, too.
 */
void cells_put(FILE *out, const VTermScreenCell *cells, int count, bool is_reverse, bool is_plain);

#endif
