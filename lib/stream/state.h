/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the threads of a stream share. A message is in one of three places, in the order of numbers:
 *
 *   window   in memory: being published, not acknowledged
 *   backlog  on disk alone: numbers from cursor on, below backlog_end
 *   fresh    in memory: put, not yet published
 *
 * A message of window or fresh may be on disk too. What is written of fresh is freed, and is backlog then.
 */
#ifndef KERNKIT_STREAM_STATE_H
#define KERNKIT_STREAM_STATE_H

#include <pthread.h>
#include "connection.h"
#include "message.h"
#include "spool.h"
#include "stream.h"

enum {
	WINDOW_MESSAGES_MAX = 4096,
	WINDOW_BYTES_MAX = 16 << 20,
	FRESH_BYTES_MAX = 16 << 20, /* then stream_put waits for the disk */
	FRESH_BYTES_MANY = 4 << 20, /* then it is written at once */
	ACKNOWLEDGE_MILLISECONDS = 30000, /* without an answer for so long the connection is given up */
	MUTE_MILLISECONDS = 5000, /* without an answer for so long the server takes nothing, whatever ends the connection */
};

enum stream_topic { ABOUT_SERVER, ABOUT_SPOOL, TOPICS };

struct stream {
	pthread_mutex_t lock; /* of all below, until the next comment */
	pthread_cond_t to_publish, to_write, progress;
	struct message_list window, fresh;
	__u64 cursor; /* the first number that was not yet in the window */
	__u64 backlog_end;
	__u64 next; /* the number of the next message */
	size_t window_unsent; /* how many of the window have to be sent */
	size_t unwritten; /* bytes of messages that are neither acknowledged nor in the spool */
	__u64 spool_limit, spool_bytes;
	__u64 position; /* all below were acknowledged when the spool was last told */
	__u64 flush_to; /* somebody waits until all below are safe */
	__u64 safe; /* all below are acknowledged, or synced */
	int disk_error; /* a negative errno: the disk takes nothing at the moment */
	bool is_stopping; /* the publisher has to end */
	bool is_finishing; /* the spooler has to write the rest, and to end */
	bool is_connected, was_connected;
	bool has_failed; /* the last attempt to connect, or the last connection */
	bool is_broken; /* the connection */
	bool is_mute; /* a connection ended without an answer to what was published, and none has come since */
	bool is_stalled; /* JetStream takes nothing at the moment: one message tries, at retry_at */
	__u64 retry_at, retry_delay, probe; /* probe: the number of that message, sent and not answered; 0: none */
	__u64 answered_at; /* when the last answer came */
	struct stream_counts counts;

	pthread_mutex_t report_lock; /* of the next ones */
	void (*report)(void *closure, const char *text);
	void *closure;
	char reported[TOPICS][PROBLEM_MAX]; /* what was said last; "": that all is well */

	pthread_mutex_t spool_lock; /* taken without lock, or before it */
	struct spool *spool;

	struct connection_options *options;
	char *prefix;
	pthread_t publisher, spooler;
};

/* Milliseconds of CLOCK_MONOTONIC; never 0. */
__u64 stream_now(void);

/* Waits for condition, with lock held, at most until the time that is stream_now's. */
void stream_wait_until(struct stream *stream, pthread_cond_t *condition, __u64 until);

/* Says that something is wrong, unless it was said last. Without lock. */
void stream_report(struct stream *stream, enum stream_topic topic, const char *text);

/* Says that what was wrong is over, if something was. Without lock. */
void stream_report_well(struct stream *stream, enum stream_topic topic, const char *text);

/* All messages below are acknowledged. With lock. */
__u64 stream_position(const struct stream *stream);

/* The message is not waited for any more: takes it out of the window. With lock. false: it is not there. */
bool stream_forget(struct stream *stream, __u64 number);

/* The threads. */
void *stream_publish(void *stream);
void *stream_spool(void *stream);

#endif
