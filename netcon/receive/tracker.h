/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What datagrams mean: it puts the pieces of messages together, keeps account of each host's sequence numbers, and says
 * what was lost, came twice, or began anew. It has no threads and no sockets: each thread of a receiver has one.
 */
#ifndef KERNKIT_NETCON_TRACKER_H
#define KERNKIT_NETCON_TRACKER_H

#include "../output/output.h"

struct tracker_settings {
	size_t hosts_max; /* so many are known at a time */
	size_t memory_max; /* bytes that the pieces of messages may take, and lines without an end */
	/* Milliseconds: until what is missing of a message is given up, a gap is called lost, a host is forgotten. */
	__u64 assemble, lose, forget;
	/* Milliseconds that a message is held back, because the next one may continue it; 0: continuations are given on by themselves. */
	__u64 join;
};

#define TRACKER_SETTINGS_USUAL \
	{ .hosts_max = 200000, .memory_max = 64 << 20, .assemble = 3000, .lose = 10000, .forget = 24 * 3600 * 1000ULL }

/* All since the beginning, but for the last two. Another thread may read them at any time: tracker_counts. */
struct tracker_counts {
	__u64 datagrams, bytes;
	__u64 messages; /* that were given on, torn ones and joined ones too */
	__u64 basic; /* of these: not in the extended format */
	__u64 fragments; /* datagrams that were a piece of a message */
	__u64 torn; /* messages given on although pieces were missing */
	__u64 conflicts; /* pieces that others contradicted, or for which there were too many */
	__u64 duplicates; /* messages dropped, because they had been given on before */
	__u64 late; /* messages given on behind one with a higher sequence number */
	__u64 lost; /* messages that did not come in time */
	__u64 found; /* of these: came after all */
	__u64 restarts, new_hosts, forgotten_hosts;
	__u64 short_of_memory; /* datagrams that were dropped for it; and messages given on whose number could not be kept */
	__u64 hosts; /* known now */
	__u64 memory; /* bytes taken now, by hosts, pieces, lines without an end and messages held back */
};

/* Where it goes: called from within tracker_take, tracker_tick and tracker_give_up. */
struct tracker_sink {
	void *context;
	void (*message)(void *context, const struct received *received);
	void (*happened)(void *context, const struct happened *happened);
};

struct tracker;

/* 0 or -ENOMEM. */
int tracker_open(const struct tracker_settings *settings, const struct tracker_sink *sink, struct tracker **tracker);

/* The time: of the calendar, for what is given on, and in milliseconds of a clock that only grows, never 0. */
struct tracker_time {
	struct timespec calendar;
	__u64 now;
};

/* Whether the host of that source is known, and no longer on probation. */
bool tracker_has_established(const struct tracker *tracker, const struct netcon_source *source);

/* A datagram. */
void tracker_take(struct tracker *tracker, const struct netcon_source *source, const char *bytes, size_t size,
	const struct tracker_time *time);

/* Gives up what has waited too long; to be called some times a second. */
void tracker_tick(struct tracker *tracker, const struct tracker_time *time);

void tracker_counts(const struct tracker *tracker, struct tracker_counts *counts);

/* Gives up all that waits, and forgets all hosts, at the end. */
void tracker_give_up(struct tracker *tracker, const struct tracker_time *time);

/* Frees everything; NULL: nothing. What waits is not given on: see tracker_give_up. */
void tracker_close(struct tracker *tracker);

#endif
