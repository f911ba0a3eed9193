/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's command line, as systemd reads it: kernel-command-line(7). */
#ifndef RAMSWAP_CONFIG_COMMAND_LINE_H
#define RAMSWAP_CONFIG_COMMAND_LINE_H

#include <stdbool.h>
#include <stddef.h>

enum { COMMAND_LINE_WORD_MAX = 255 };

/*
 * The next word, from *at on, which then is behind it, into word: there is none: false. Words have spaces and
 * newlines between them; what is in quotes, single or double, is of one word, and the quotes, which may be anywhere
 * in it, are not. A backslash is one. A word that is too long is left out.
 */
bool command_line_word(const char **at, char word[COMMAND_LINE_WORD_MAX + 1]);

/*
 * What the command line says of a switch: "ramswap=0", "ramswap=yes", or "ramswap" alone, which is yes. The last one
 * counts; "-" and "_" are the same in its name. 0 and *is_on; -ENOENT: it says nothing; -EINVAL: the last one has a
 * value that is none.
 */
int command_line_switch(const char *line, const char *name, bool *is_on);

#endif
