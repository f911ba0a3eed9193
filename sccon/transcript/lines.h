/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The two streams of a console, cut into records. Pure: bytes and times in, records out. */
#ifndef SCCON_TRANSCRIPT_LINES_H
#define SCCON_TRANSCRIPT_LINES_H

#include "record.h"

/* Takes a record. text: size bytes with a 0 behind them, which are the caller's again afterwards. */
typedef void lines_take(void *context, __u64 time, enum record_kind kind, const char *text, size_t size);

/* One stream. All zero at first. */
struct line {
	__u64 time; /* of its first byte */
	size_t size;
	char text[RECORD_TEXT_MAX + 1];
};

struct lines {
	struct line output, input;
	lines_take *take;
	void *context;
};

/* Bytes of the console, which came at time, in milliseconds since 1970. Lines that end in them are taken. */
void lines_put(struct lines *lines, __u64 time, const char *bytes, size_t size);

/* Bytes that were sent to the console. A record ends behind each CR and LF. */
void lines_put_input(struct lines *lines, __u64 time, const char *bytes, size_t size);

/* What has no end yet is taken as it is, as RECORD_PART and RECORD_INPUT. */
void lines_flush(struct lines *lines);

/* A note, cut to RECORD_TEXT_MAX. It does not cut the line that is not at its end. */
void lines_note(struct lines *lines, __u64 time, const char *text);

/* Whether something waits for lines_flush, and the time of its first byte. */
bool lines_wait(const struct lines *lines, __u64 *since);

#endif
