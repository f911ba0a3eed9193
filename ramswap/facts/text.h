/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text of the kernel's files, line by line. Text is any bytes; what does not fit is cut. */
#ifndef RAMSWAP_FACTS_TEXT_H
#define RAMSWAP_FACTS_TEXT_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

enum {
	/* The longest that matters has a path of swap in it, each byte of which may be an escape of four. */
	FACTS_LINE_MAX = 4 * 4096 + 255,
};

/* No size of a machine is larger: an exbibyte. What says more is nonsense. Four of them can be added. */
#define FACTS_SIZE_MOST (1ULL << 60)

struct facts_lines {
	const char *at, *end; /* what is not read yet */
	char line[FACTS_LINE_MAX + 1];
};

/* size bytes of text, which stay the caller's until the last line is read. */
void facts_lines_begin(struct facts_lines *lines, const char *text, size_t size);

/* The next one is in line, without its newline, up to its first 0; false: there is none. */
bool facts_line_next(struct facts_lines *lines);

/* The next word behind spaces and tabs, which ends with a 0 then; NULL: there is none. *at is what follows it. */
char *facts_word_next(char **at);

/* All of text as a number of at most most; false: it is not, and *number stays. */
bool facts_parse_number(const char *text, __u64 most, __u64 *number);

/* The same with a sign, for -most - 1 to most. */
bool facts_parse_signed(const char *text, __s64 most, __s64 *number);

/* The same of hexadecimal digits, "0x0007" and "7". */
bool facts_parse_hex(const char *text, __u64 most, __u64 *number);

/* "8:16". False: it is not. */
bool facts_parse_device(const char *text, unsigned int *major, unsigned int *minor);

/* Of "0-3,8": how many numbers that is, at most 65536; 0: it is none. */
unsigned int facts_parse_list_count(const char *text);

/* Whether that list has the number. */
bool facts_list_has(const char *text, unsigned int number);

/* A name of the kernel's, whole: true; or false, and name is "", where it is empty, too long, or has a "/" in it. */
bool facts_copy_name(char *name, const char *text);

/* \040 and the like of /proc/swaps and mountinfo, in their place. */
void facts_undo_escapes(char *text);

/* Whether text has that word, between spaces or newlines. */
bool facts_has_word(const char *text, const char *word);

/*
 * Room for one more in an array of count: the array, which may have moved, with that one all 0; NULL: memory is short,
 * and the array is as it was.
 */
void *facts_grow(void *array, size_t count, size_t size);

#endif
