/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SLABTOP_HELP_H
#define SLABTOP_HELP_H

enum { HELP_WIDTH = 42 };

/* Lines shorter than that, NULL at the end. */
extern const char *const help_screen[];

#endif
