/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SLABTOP_HELP_H
#define SLABTOP_HELP_H

/* Lines of at most 40 columns where they matter, NULL at the end. */
extern const char *const help_screen[];

#endif
