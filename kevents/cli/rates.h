/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Events per second: what --rates counts, and its screen. */
#ifndef KEVENTS_CLI_RATES_H
#define KEVENTS_CLI_RATES_H

#include "cli.h"
#include "counts.h"

/* Of one type of event or more. */
struct rate {
	const char *name; /* in JSON */
	const char *title;
	const char *brief; /* at most 8 columns */
	uint32_t types;
};

/* The last one has no types: loads of images that are not signed, where DigSig's engine runs. */
enum { RATES = 7, UNSIGNED_LOADS = RATES - 1 };
enum { RATES_HISTORY = 240, RATES_TOP = 8 };

extern const struct rate rates[RATES];

/* An interval that is over, and those before it. */
struct rates_frame {
	bool shown[RATES];
	double history[RATES][RATES_HISTORY]; /* the last one is the newest */
	size_t length; /* of these */
	struct program_count top[RATES_TOP];
	size_t top_count;
	double seconds, interval; /* that it took, and that was asked for */
	uint64_t realtime; /* its end */
	uint64_t lost; /* records, since the start */
};

/* How many events of a rate there were. */
uint64_t rate_sum(const struct rate *rate, const struct program_count *count);

/* Prints the local time as HH:MM:SS, without a newline. realtime: nanoseconds since 1970. */
void rates_print_clock(uint64_t realtime);

/* The terminal's screen; what is printed next stands below it. */
void rates_print_screen(const struct rates_frame *frame);

#endif
