// SPDX-License-Identifier: GPL-2.0-or-later
#include "state.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "../../lib/time/clock.h"

__u64 stream_now(void)
{
	return clock_now() / CLOCK_MILLISECOND + 1;
}

void stream_wait_until(struct stream *stream, pthread_cond_t *condition, __u64 until)
{
	struct timespec time = {
		.tv_sec = (time_t)(until / 1000),
		.tv_nsec = (long)(until % 1000) * 1000000,
	};

	pthread_cond_timedwait(condition, &stream->lock, &time);
}

static void tell(struct stream *stream, const char *text)
{
	if (stream->report)
		stream->report(stream->closure, text);
}

void stream_report(struct stream *stream, enum stream_topic topic, const char *text)
{
	char *said = stream->reported[topic];

	pthread_mutex_lock(&stream->report_lock);
	if (strncmp(said, text, PROBLEM_MAX - 1)) {
		snprintf(said, PROBLEM_MAX, "%s", text);
		tell(stream, text);
	}
	pthread_mutex_unlock(&stream->report_lock);
}

void stream_report_well(struct stream *stream, enum stream_topic topic, const char *text)
{
	char *said = stream->reported[topic];

	pthread_mutex_lock(&stream->report_lock);
	if (*said)
		tell(stream, text);
	*said = '\0';
	pthread_mutex_unlock(&stream->report_lock);
}

__u64 stream_position(const struct stream *stream)
{
	if (stream->window.first)
		return stream->window.first->number;
	if (stream->cursor < stream->backlog_end)
		return stream->cursor;
	return stream->fresh.first ? stream->fresh.first->number : stream->next;
}

bool stream_forget(struct stream *stream, __u64 number)
{
	struct message *message = message_take(&stream->window, number);

	if (!message)
		return false;
	stream->window_unsent -= !message->sent_at;
	if (message->is_written)
		stream->counts.spooled--;
	else
		stream->unwritten -= message_record_size(message);
	free(message);
	pthread_cond_broadcast(&stream->progress);
	pthread_cond_signal(&stream->to_publish);
	return true;
}
