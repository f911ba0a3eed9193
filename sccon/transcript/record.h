/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The form of a log: a record is a line of text.
 *
 *   2026-11-30T17:42:25.123Z | [    0.000000] Linux version 6.12
 *
 * The time, in UTC, is when the first byte of the record came. The mark says what the record is:
 *
 *   |   a line of the console, which CR LF ended
 *   /   a line of the console, which LF ended
 *   +   a part of a line of the console, which the next record continues
 *   <   bytes that were sent to the console
 *   #   a note: something happened, in words
 *
 * The text is as lib/text has it: a backslash is two, and a control character, a character that turns the writing
 * direction and a byte that is not UTF-8 are \xNN. So a log can be shown on any terminal and searched by any tool, and
 * the bytes of the console are those of the records |, / and + one behind the other, with the ends of their lines.
 *
 * A tilde in place of the blank behind the time: the clock was set back. A record before it in the file has a later time, by more than
 * ten seconds; see order.h.
 *
 *   2026-11-30T16:42:25.123Z~| [    7.000000] rtc_cmos: setting system clock
 *
 * A line that ends with " \-", which no text can contain, was not written to its end: the machine was switched off.
 */
#ifndef SCCON_TRANSCRIPT_RECORD_H
#define SCCON_TRANSCRIPT_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>

#define RECORD_TORN " \\-"

enum record_kind {
	RECORD_LINE_CRLF, /* | */
	RECORD_LINE, /* / */
	RECORD_PART, /* + */
	RECORD_INPUT, /* < */
	RECORD_NOTE, /* # */
};

enum {
	RECORD_TEXT_MAX = 4096, /* bytes of a console in one record */
	RECORD_TIME_SIZE = sizeof("2026-11-30T17:42:25.123Z"),
	RECORD_HEADER_SIZE = RECORD_TIME_SIZE + 2, /* bytes before the text: "2026-11-30T17:42:25.123Z | " */
	RECORD_LINE_MAX = RECORD_TIME_SIZE + 2 + 4 * RECORD_TEXT_MAX + 1, /* bytes of a record in the file */
};

struct record {
	__u64 time; /* milliseconds since 1970 */
	enum record_kind kind;
	bool is_torn; /* its end is missing */
	bool is_behind; /* has the tilde */
	size_t size;
	char text[RECORD_TEXT_MAX + 1]; /* any bytes, and a 0 behind them */
};

/* What ends the line in the stream of the console: "\r\n", "\n" or "". */
const char *record_end(enum record_kind kind);

/* The name of the kind in JSON: "line", "part", "input", "note". */
const char *record_kind_name(enum record_kind kind);

/* time, milliseconds since 1970, as text of RECORD_TIME_SIZE with its 0. A year beyond 9999 is 9999. */
void record_print_time(char *text, __u64 time);

/* The reverse: how many bytes of text are the time; 0: it begins with none. text ends with a 0. */
size_t record_parse_time(const char *text, __u64 *time);

/*
 * A record as a line with its newline into line, of RECORD_LINE_MAX + 1 bytes; its length. text: at most RECORD_TEXT_MAX
 * bytes, and behind them a 0.
 */
size_t record_print(char *line, __u64 time, enum record_kind kind, const char *text, size_t size);

/* Whether the record that begins there has the tilde. A record is printed without it. */
void record_mark(char *line, bool is_behind);

/* What stands before the text, of at least size bytes, which need no 0 behind them. 0; or -EBADMSG: it is no record. */
int record_parse_header(const char *line, size_t size, __u64 *time, bool *is_behind);

/* A line without its newline, with a 0 behind size bytes. 0; or -EBADMSG: it is no record. */
int record_parse(const char *line, size_t size, struct record *record);

#endif
