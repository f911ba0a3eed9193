/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of the tracker share: tracker.c, whole messages and hosts; pieces.c; basic.c. */
#ifndef KERNKIT_NETCON_TRACKER_PARTS_H
#define KERNKIT_NETCON_TRACKER_PARTS_H

#include "hosts.h"
#include "tracker.h"

LIST_HEAD(waiting_list, host);

struct tracker {
	struct tracker_settings settings;
	struct tracker_sink sink;
	struct hosts *hosts;
	struct waiting_list waiting;
	/* Of all hosts, the oldest first: those that began while the host was on probation, and the others. */
	struct pending_list pending[2];
	size_t pending_memory, rest_memory; /* bytes, together at most memory_max; held messages are in the second */
	struct tracker_counts counts;
	struct tracker_time time; /* of the call */
};

/* This thread alone writes them, so the addition need not be one step. */
static inline void count(__u64 *counter, __u64 number)
{
	__atomic_store_n(counter, *counter + number, __ATOMIC_RELAXED);
}

/* --- tracker.c */

/* A message of the host, without the message: arrived now. */
struct received tracker_received(const struct tracker *tracker, const struct host *host);

/* To the sink. */
void tracker_give_on(struct tracker *tracker, const struct received *received);

/* Something of the host may be given up in time. */
void tracker_wait(struct tracker *tracker, struct host *host);

/* Gives it on, unless its number has been seen. Of the present boot; boot_id: "": it has none. heard: see below. */
void tracker_take_numbered(struct tracker *tracker, struct host *host, struct received *received, const char *boot_id, __u64 heard);

/* An extended message, whole or torn, which may be the first of another boot; heard: milliseconds, when its first piece came. */
void tracker_take_extended(struct tracker *tracker, struct host *host, struct received *received, __u64 heard);

/* --- pieces.c */

/* A datagram that is a piece of a message. */
void pieces_take(struct tracker *tracker, struct host *host, const struct netcon_message *message);

/* Gives it on, complete or torn. is_of_present: of the present boot; otherwise it may begin another. */
void pieces_finish(struct tracker *tracker, struct pending *pending, bool is_of_present);

/* Gives up what has waited too long. */
void pieces_tick(struct tracker *tracker);

/* Forgets what waits, without giving it on. */
void pieces_drop(struct tracker *tracker, struct host *host);

/* --- basic.c */

/* Text in which lines end with a newline, cut wherever the kernel's buffer ended. */
void basic_take(struct tracker *tracker, struct host *host, const char *text, size_t size);

/* The line without an end. */
void basic_give_on_rest(struct tracker *tracker, struct host *host);

/* The same, if its end has been waited for too long. */
void basic_tick(struct tracker *tracker, struct host *host);

#endif
