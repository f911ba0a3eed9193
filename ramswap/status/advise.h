/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Is swap in memory worth it on a machine? A pure function of what happened there for a while: who waited for memory,
 * what came back from swap, which pages were wanted again. The answer is about that time alone.
 */
#ifndef RAMSWAP_STATUS_ADVISE_H
#define RAMSWAP_STATUS_ADVISE_H

#include "sample.h"

enum advise_answer {
	ADVISE_NO, /* memory was not short, or swap could not have helped */
	ADVISE_YES, /* it would have helped, and there is none */
	ADVISE_LARGER, /* there is some, it is full, and more would have helped */
	ADVISE_ENOUGH, /* there is some, and it does what it can */
	ADVISE_TOO_MUCH, /* what ran needs more memory than there is, with any swap */
};

/* "no", "yes", "larger", "enough", "too-much": for programs. */
const char *advise_answer_word(enum advise_answer answer);

/* The answer in a sentence. */
const char *advise_answer_text(enum advise_answer answer);

enum {
	ADVISE_REASONS_MAX = 12,
	ADVISE_SECONDS_LEAST = 1, /* of less nothing can be said */
	ADVISE_WINDOW = 10, /* seconds: shorter ones are not looked at alone */
};

/* From where on a figure counts; in percent of the time, and bytes a second. */
#define ADVISE_SOME 1.0 /* programs that waited for memory: it is short */
#define ADVISE_WORST 10.0 /* the same of the worst ADVISE_WINDOW: it was short for a while */
#define ADVISE_FULL 10.0 /* all of them waited at once: it is much too short */
#define ADVISE_TRAFFIC (256 << 10) /* pages that came and went, or were wanted again */

struct advise_reason {
	char code[32]; /* for programs, stable */
	char text[384]; /* a sentence, with the sum */
};

struct advice {
	enum advise_answer answer;
	struct status_rates rates; /* over the whole time */
	struct status_rates worst; /* over the ADVISE_WINDOW or more in which most had to wait */
	bool is_of_worst; /* the answer is about that time: over the whole, memory was not short */
	struct advise_reason reasons[ADVISE_REASONS_MAX];
	size_t reason_count;
};

/* count samples, in their order. 0; -ENODATA: they are of less than ADVISE_SECONDS_LEAST. */
int advise_judge(const struct status_sample *samples, size_t count, struct advice *advice);

#endif
