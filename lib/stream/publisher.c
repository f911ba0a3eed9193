// SPDX-License-Identifier: GPL-2.0-or-later
/* The thread that publishes, connection after connection. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../time/backoff.h"
#include "session.h"

enum {
	CONNECT_AGAIN_LEAST = 250, /* milliseconds between attempts */
	CONNECT_AGAIN_MOST = 5000,
};

/* The first of the window that has to be sent. With lock. */
static struct message *unsent(const struct stream *stream)
{
	struct message *message = stream->window.first;

	if (!stream->window_unsent)
		return NULL;
	while (message && message->sent_at)
		message = message->next;
	return message;
}

static bool has_window_room(const struct stream *stream)
{
	return stream->window.count < WINDOW_MESSAGES_MAX && stream->window.bytes < WINDOW_BYTES_MAX;
}

/* With lock, which is left meanwhile. 0; -ENODATA; or the disk's errno. */
static int read_backlog(struct stream *stream, struct message **message)
{
	struct spool_record record;
	__u64 from = stream->cursor;
	int err;

	pthread_mutex_unlock(&stream->lock);
	pthread_mutex_lock(&stream->spool_lock);
	err = spool_read(stream->spool, from, &record);
	if (!err) {
		*message = message_new(&record);
		err = *message ? 0 : -ENOMEM;
	}
	pthread_mutex_unlock(&stream->spool_lock);
	pthread_mutex_lock(&stream->lock);
	return err;
}

/* Moves the next message from the disk into the window. With lock, which is left meanwhile. */
static void advance_backlog(struct stream *stream)
{
	__u64 end = stream->backlog_end;
	struct message *message;
	char text[PROBLEM_MAX];
	int err = read_backlog(stream, &message);

	if (!err) {
		message->is_written = true;
		stream->cursor = message->number + 1;
		message_append(&stream->window, message);
		stream->window_unsent++;
		return;
	}
	/* What is not there any more cannot be published. */
	if (err == -ENODATA) {
		stream->cursor = end;
		return;
	}
	pthread_mutex_unlock(&stream->lock);
	snprintf(text, sizeof(text), "the spool cannot be read: %s", strerror(-err));
	stream_report(stream, ABOUT_SPOOL, text);
	pthread_mutex_lock(&stream->lock);
	if (!stream->is_stopping)
		stream_wait_until(stream, &stream->to_publish, stream_now() + 1000);
}

static bool advance_fresh(struct stream *stream)
{
	struct message *message = message_take_first(&stream->fresh);

	if (!message)
		return false;
	stream->cursor = message->number + 1;
	/* Then nothing is on disk alone. */
	stream->backlog_end = stream->cursor;
	message_append(&stream->window, message);
	stream->window_unsent++;
	pthread_cond_broadcast(&stream->progress);
	return true;
}

/* The next message to publish, which is in the window; waits for it. NULL: the session ends. With lock. */
static struct message *next_message(struct stream *stream)
{
	while (!stream->is_stopping && !stream->is_broken) {
		struct message *message = unsent(stream);

		if (stream->is_stalled && (stream->probe || stream_now() < stream->retry_at)) {
			stream_wait_until(stream, &stream->to_publish, stream->probe ? stream_now() + LISTEN : stream->retry_at);
			continue;
		}
		if (message)
			return message;
		if (has_window_room(stream) && stream->cursor < stream->backlog_end) {
			advance_backlog(stream);
			continue;
		}
		if (has_window_room(stream) && advance_fresh(stream))
			continue;
		pthread_cond_wait(&stream->to_publish, &stream->lock);
	}
	return NULL;
}

/* With lock, which is left meanwhile. false: the connection is broken. */
static bool publish(struct session *session, struct message *message, char *problem)
{
	struct stream *stream = session->stream;
	struct publication *publication;
	__u64 number = message->number;
	int err = connection_prepare(session->connection, message, &publication, problem);

	if (err)
		return false;
	message->sent_at = stream_now();
	stream->window_unsent--;
	if (stream->is_stalled)
		stream->probe = number;
	pthread_mutex_unlock(&stream->lock);
	/* It may be acknowledged, and freed, before this returns. */
	err = connection_publish(session->connection, publication, problem);
	if (err == -EMSGSIZE)
		stream_report(stream, ABOUT_SERVER, problem);
	pthread_mutex_lock(&stream->lock);
	if (err != -EMSGSIZE)
		return !err;
	*problem = '\0';
	stream->counts.rejected += stream_forget(stream, number);
	stream->probe = stream->probe == number ? 0 : stream->probe;
	return true;
}

/* With lock, which is left meanwhile. problem: why it ended; "": it was asked to. */
static void publish_all(struct session *session, char *problem)
{
	struct stream *stream = session->stream;
	struct message *message;

	while ((message = next_message(stream)))
		if (!publish(session, message, problem))
			break;
	if (!*problem && !stream->is_stopping)
		snprintf(problem, PROBLEM_MAX, "the connection was lost");
}

/* All that is not acknowledged has to be published again. With lock. */
static void begin_session(struct stream *stream)
{
	for (struct message *i = stream->window.first; i; i = i->next)
		i->sent_at = 0;
	stream->window_unsent = stream->window.count;
	stream->counts.reconnects += stream->was_connected;
	stream->is_connected = stream->was_connected = true;
	stream->is_broken = stream->has_failed = stream->is_stalled = false;
	stream->probe = 0;
}

/*
 * A server whose disk is full may hold what was published without an answer, and then lose the connection: that it takes nothing is what
 * counts, also while there is a connection again. With lock.
 */
static void note_silence(struct stream *stream, char *problem)
{
	if (!*problem || !session_is_overdue(stream, MUTE_MILLISECONDS))
		return;
	stream->is_mute = true;
	snprintf(problem, PROBLEM_MAX, "JetStream does not acknowledge");
}

/* Without lock. */
static void tell_connected(struct stream *stream)
{
	bool is_mute;

	pthread_mutex_lock(&stream->lock);
	is_mute = stream->is_mute;
	pthread_mutex_unlock(&stream->lock);
	/* Else it is told when it answers. */
	if (!is_mute)
		stream_report_well(stream, ABOUT_SERVER, "connected");
}

/* With lock, which is left meanwhile. problem: why it ended; "": it was asked to. */
static void hold_session(struct stream *stream, char *problem)
{
	struct session session = { .stream = stream };
	char complaint[PROBLEM_MAX] = "";
	pthread_t taker;
	int err;

	pthread_mutex_unlock(&stream->lock);
	err = connection_open(stream->options, &session.connection, problem);
	pthread_mutex_lock(&stream->lock);
	if (err)
		return;
	begin_session(stream);
	if (pthread_create(&taker, NULL, session_take_acknowledgements, &session)) {
		snprintf(problem, PROBLEM_MAX, "%s", strerror(EAGAIN));
	} else {
		pthread_mutex_unlock(&stream->lock);
		tell_connected(stream);
		pthread_mutex_lock(&stream->lock);
		publish_all(&session, problem);
		stream->is_broken = true;
		pthread_mutex_unlock(&stream->lock);
		pthread_join(taker, NULL);
		connection_complaint(session.connection, complaint);
		pthread_mutex_lock(&stream->lock);
	}
	if (*problem && *complaint)
		snprintf(problem, PROBLEM_MAX, "%s", complaint);
	note_silence(stream, problem);
	pthread_mutex_unlock(&stream->lock);
	connection_close(session.connection);
	pthread_mutex_lock(&stream->lock);
}

void *stream_publish(void *argument)
{
	struct stream *stream = argument;
	struct backoff backoff = { .least = CONNECT_AGAIN_LEAST, .most = CONNECT_AGAIN_MOST };

	pthread_mutex_lock(&stream->lock);
	while (!stream->is_stopping) {
		char problem[PROBLEM_MAX] = "";
		__u64 before = stream->counts.acknowledged;

		hold_session(stream, problem);
		stream->is_connected = false;
		stream->has_failed = true;
		pthread_cond_broadcast(&stream->progress);
		if (stream->is_stopping)
			break;
		pthread_mutex_unlock(&stream->lock);
		stream_report(stream, ABOUT_SERVER, problem);
		pthread_mutex_lock(&stream->lock);
		/* A session that got nothing through, too, must not be followed by the next one at once. */
		if (stream->counts.acknowledged > before)
			backoff_reset(&backoff);
		if (!stream->is_stopping)
			stream_wait_until(stream, &stream->to_publish, stream_now() + backoff_next(&backoff));
	}
	pthread_mutex_unlock(&stream->lock);
	return NULL;
}
