/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text that came from files, shown so that it cannot speak to the terminal. */
#ifndef KERNKIT_TEXT_H
#define KERNKIT_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <linux/types.h>

/* The UTF-8 sequence at text, which is not its end: how many bytes it has, and *character; 0: it is none. */
size_t text_character(const char *text, unsigned int *character);

/* Whether a terminal may show it as it is: no control character, none that turns the writing direction. */
bool is_harmless(unsigned int character);

/*
 * Prints text with control characters, characters that turn the writing direction, and bytes that
 * are not UTF-8 as \xNN, and a backslash as two.
 */
void print_safely(FILE *out, const char *text);

/* The same of size bytes, which may be any, and behind which a '\0' stands. */
void print_safely_sized(FILE *out, const char *text, size_t size);

/* print_safely as a new string, to be freed; NULL when memory is short. */
char *safe_text(const char *text);

/*
 * The same into safe, which has room for 4 * size + 1; a '\0' stands behind the bytes. Returns the length.
 */
size_t safe_text_into(char *safe, const char *text, size_t size);

/*
 * The bytes that safe stands for, *used of them, into text, which has room for so many. Returns how much of safe was taken:
 * it ends before an escape that is none, and where room ends.
 */
size_t safe_text_parse(const char *safe, size_t size, char *text, size_t room, size_t *used);

/*
 * A message, made of format as by printf(3) and then safe, into text of size bytes, cut if it is longer;
 * when memory is short, what err, a negative errno, means.
 */
void print_safe_message(char *text, size_t size, int err, const char *format, va_list arguments)
	__attribute__((format(printf, 4, 0)));

/* bytes as lower-case hexadecimal digits; text has room for 2 * size + 1. */
void print_hex(char *text, const __u8 *bytes, size_t size);

/* The reverse, of either case; false: text is not exactly 2 * size such digits. */
bool parse_hex(const char *text, __u8 *bytes, size_t size);

/* What a noun of so many ends with: "" or "s". */
const char *text_plural(__u64 count);

/* seconds since 1970 as 2026-01-31T12:00:00Z; text has room for 32. */
void print_time(char *text, __u64 seconds);

/*
 * Cuts a remark off a line: a # at its beginning, or behind a space or a tab, and all behind it; and white space from both
 * ends. Returns where what is left begins, in line.
 */
char *text_strip_remark(char *line);

#endif
