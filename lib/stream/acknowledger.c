// SPDX-License-Identifier: GPL-2.0-or-later
/* The thread that takes the acknowledgements of a connection. */
#include <errno.h>
#include "../time/clock.h"
#include "session.h"

enum {
	RETRY_LEAST = 500, /* milliseconds between attempts at a stream that takes nothing */
	RETRY_MOST = 30000,
};

/* JetStream takes nothing: one message will try again. number: which was refused; 0: not known. With lock. */
static void stall(struct stream *stream, __u64 number)
{
	bool was_probe = stream->probe && (!number || number == stream->probe);

	if (!stream->is_stalled || was_probe)
		stream->retry_delay = clock_back_off(stream->is_stalled ? stream->retry_delay : 0, RETRY_LEAST, RETRY_MOST);
	if (!stream->is_stalled || was_probe)
		stream->retry_at = stream_now() + stream->retry_delay;
	if (was_probe)
		stream->probe = 0;
	stream->is_stalled = true;
	pthread_cond_broadcast(&stream->progress);
}

/* With lock. */
static void refused_for_now(struct stream *stream, __u64 number)
{
	for (struct message *i = stream->window.first; i; i = i->next) {
		if (!i->sent_at || (number && i->number != number))
			continue;
		i->sent_at = 0;
		stream->window_unsent++;
	}
	stall(stream, number);
	/* The publisher may have had nothing to do. */
	pthread_cond_broadcast(&stream->to_publish);
}

static void note(struct stream *stream, const struct acknowledgement *got)
{
	bool was_stalled;

	pthread_mutex_lock(&stream->lock);
	was_stalled = stream->is_stalled || stream->is_mute;
	stream->is_mute = false;
	stream->answered_at = stream_now();
	if (got->kind == REFUSED_FOR_NOW) {
		refused_for_now(stream, got->number);
	} else if (stream_forget(stream, got->number)) {
		stream->counts.acknowledged += got->kind != REFUSED_FOREVER;
		stream->counts.duplicates += got->kind == ACKNOWLEDGED_DUPLICATE;
		stream->counts.rejected += got->kind == REFUSED_FOREVER;
		stream->is_stalled = false;
		stream->probe = 0;
	}
	pthread_mutex_unlock(&stream->lock);
	if (*got->problem)
		stream_report(stream, ABOUT_SERVER, got->problem);
	else if (was_stalled)
		stream_report_well(stream, ABOUT_SERVER, "JetStream stores messages again");
}

bool session_is_overdue(const struct stream *stream, unsigned int milliseconds)
{
	const struct message *message = stream->window.first;
	__u64 since;

	while (message && !message->sent_at)
		message = message->next;
	if (!message)
		return false;
	since = message->sent_at > stream->answered_at ? message->sent_at : stream->answered_at;
	return stream_now() > since + milliseconds;
}

void *session_take_acknowledgements(void *argument)
{
	struct session *session = argument;
	struct stream *stream = session->stream;
	struct acknowledgement got;
	bool ends = false;

	while (!ends) {
		int err = connection_acknowledgement(session->connection, LISTEN, &got);

		if (!err) {
			note(stream, &got);
			continue;
		}
		connection_complaint(session->connection, got.problem);
		if (err == -EAGAIN && *got.problem)
			stream_report(stream, ABOUT_SERVER, got.problem);
		pthread_mutex_lock(&stream->lock);
		ends = err != -EAGAIN || stream->is_broken || session_is_overdue(stream, ACKNOWLEDGE_MILLISECONDS);
		if (ends) {
			stream->is_broken = true;
			pthread_cond_broadcast(&stream->to_publish);
		}
		pthread_mutex_unlock(&stream->lock);
	}
	return NULL;
}
