/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Arguments as a line that a shell would take apart into the same ones. */
#ifndef KERNKIT_TEXT_SHELL_H
#define KERNKIT_TEXT_SHELL_H

#include <stdbool.h>
#include <stddef.h>

/*
 * args: the arguments of a program, each with a 0 behind it, size bytes. What needs it is quoted, as
 * 'x y', and where control characters or bytes that are not UTF-8 are in it, as $'a\nb', which POSIX has
 * since 2024; so the line is also safe for a terminal. is_cut: there were more, which an ellipsis says.
 * A new string, to be freed; NULL when memory is short. *word_bytes, if not NULL: those of the first word.
 */
char *shell_line(const char *args, size_t size, bool is_cut, size_t *word_bytes);

#endif
