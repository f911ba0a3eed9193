/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef DIGSIG_CLI_ESCAPE_H
#define DIGSIG_CLI_ESCAPE_H

#include <stddef.h>

/*
 * Puts text that somebody else chose (a path, an identity, a process' name) into out, as much as
 * fits, so that a terminal or a JSON reader can take it: control characters and bytes that are not
 * UTF-8 become \xNN, a backslash becomes \\. Four times the text's length plus one is always
 * enough. Returns out.
 */
char *escape_text(const char *text, size_t length, char *out, size_t size);

#endif
