// SPDX-License-Identifier: GPL-2.0-or-later
#include "stream.h"
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "state.h"

bool stream_is_subject(const char *subject)
{
	size_t size = strlen(subject);

	return record_is_word(subject, size, STREAM_SUBJECT_MAX) && subject[0] != '.' && subject[size - 1] != '.' &&
		!strstr(subject, "..") && !strpbrk(subject, "*>");
}

bool stream_is_name(const char *name)
{
	return record_is_word(name, strlen(name), STREAM_ID_MAX) && !strpbrk(name, ".*>/\\");
}

/* A longer one would not leave room for the rest of the subject. */
static bool is_inbox_prefix(const char *prefix)
{
	return stream_is_subject(prefix) && strlen(prefix) <= STREAM_INBOX_PREFIX_MAX;
}

static int check(const struct stream_settings *settings)
{
	if (!settings->url || !*settings->url || !settings->spool || !*settings->spool)
		return -EINVAL;
	if (!settings->subject_prefix || !stream_is_subject(settings->subject_prefix))
		return -EINVAL;
	if (settings->stream && !stream_is_name(settings->stream))
		return -EINVAL;
	if (settings->inbox_prefix && !is_inbox_prefix(settings->inbox_prefix))
		return -EINVAL;
	return !settings->tls_certificate != !settings->tls_key ? -EINVAL : 0;
}

const char *stream_open_problem(int err)
{
	switch (err) {
	case -ENOSYS:
		return "this program was built without NATS";
	case -EBUSY:
		return "another process has this spool open";
	case -EINVAL:
		return "the settings of the stream cannot be used";
	default:
		return strerror(-err);
	}
}

static void init_locks(struct stream *stream)
{
	pthread_condattr_t attributes;

	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_mutex_init(&stream->lock, NULL);
	pthread_mutex_init(&stream->report_lock, NULL);
	pthread_mutex_init(&stream->spool_lock, NULL);
	pthread_cond_init(&stream->to_publish, &attributes);
	pthread_cond_init(&stream->to_write, &attributes);
	pthread_cond_init(&stream->progress, &attributes);
	pthread_condattr_destroy(&attributes);
}

/* After the threads have ended. */
static void free_stream(struct stream *stream)
{
	message_free_all(&stream->window);
	message_free_all(&stream->fresh);
	if (stream->spool)
		spool_close(stream->spool);
	if (stream->options)
		connection_options_free(stream->options);
	pthread_mutex_destroy(&stream->lock);
	pthread_mutex_destroy(&stream->report_lock);
	pthread_mutex_destroy(&stream->spool_lock);
	pthread_cond_destroy(&stream->to_publish);
	pthread_cond_destroy(&stream->to_write);
	pthread_cond_destroy(&stream->progress);
	free(stream->prefix);
	free(stream);
}

static int open_spool(struct stream *stream, const struct stream_settings *settings)
{
	__u64 limit = settings->spool_limit ? settings->spool_limit : STREAM_SPOOL_LIMIT, segment_size = limit / 16;
	struct spool_counts found;
	char text[PROBLEM_MAX];
	int err;

	/* A segment goes as a whole: of a small spool it must not be a large part. */
	segment_size = segment_size > 16 << 20 ? 16 << 20 : segment_size;
	err = spool_open(settings->spool, segment_size, &stream->spool);
	if (err)
		return err;
	spool_counts(stream->spool, &found);
	stream->spool_limit = limit;
	stream->spool_bytes = found.bytes;
	stream->cursor = stream->position = stream->safe = found.position;
	stream->backlog_end = found.records ? found.next : found.position;
	stream->next = found.next;
	if (!found.records)
		stream->cursor = stream->backlog_end = found.next;
	stream->counts.recovered = stream->counts.spooled = found.records;
	stream->counts.damaged_bytes = found.damaged;
	if (found.damaged) {
		snprintf(text, sizeof(text), "the spool has %llu damaged bytes, which were skipped, after a crash perhaps",
			(unsigned long long)found.damaged);
		stream_report(stream, ABOUT_SPOOL, text);
	}
	return 0;
}

/* Ends a thread, with lock, which is left meanwhile. */
static void stop(struct stream *stream, pthread_t *thread, bool *flag, pthread_cond_t *condition)
{
	*flag = true;
	pthread_cond_broadcast(condition);
	pthread_mutex_unlock(&stream->lock);
	pthread_join(*thread, NULL);
	pthread_mutex_lock(&stream->lock);
}

/* The program's signals are for its own threads. */
static int start_threads(struct stream *stream)
{
	sigset_t all, before;
	int err;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	err = -pthread_create(&stream->spooler, NULL, stream_spool, stream);
	if (!err) {
		err = -pthread_create(&stream->publisher, NULL, stream_publish, stream);
		if (err) {
			pthread_mutex_lock(&stream->lock);
			stop(stream, &stream->spooler, &stream->is_finishing, &stream->to_write);
			pthread_mutex_unlock(&stream->lock);
		}
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return err;
}

int stream_open(const struct stream_settings *settings, struct stream **opened)
{
	char problem[PROBLEM_MAX] = "";
	struct stream *stream;
	int err = check(settings);

	if (err)
		return err;
	stream = calloc(1, sizeof(*stream));
	if (!stream)
		return -ENOMEM;
	init_locks(stream);
	stream->report = settings->report;
	stream->closure = settings->closure;
	stream->prefix = strdup(settings->subject_prefix);
	err = stream->prefix ? connection_options_new(settings, &stream->options, problem) : -ENOMEM;
	if (*problem)
		stream_report(stream, ABOUT_SERVER, problem);
	if (!err)
		err = open_spool(stream, settings);
	if (!err)
		err = start_threads(stream);
	if (err) {
		free_stream(stream);
		return err;
	}
	*opened = stream;
	return 0;
}

/* Room in the spool for one more, if all that is in memory has to go there. */
static bool has_room(const struct stream *stream, size_t size)
{
	return stream->spool_bytes + stream->unwritten + size + SPOOL_HEADER <= stream->spool_limit;
}

/* With lock. */
static int take(struct stream *stream, struct message *message)
{
	size_t size = message_record_size(message);

	while (has_room(stream, size) && stream->fresh.bytes + size > FRESH_BYTES_MAX && !stream->disk_error) {
		pthread_cond_signal(&stream->to_write);
		pthread_cond_wait(&stream->progress, &stream->lock);
	}
	if (!has_room(stream, size) || stream->next >= RECORD_NUMBER_MAX)
		return -ENOSPC;
	if (stream->disk_error && stream->fresh.bytes + size > FRESH_BYTES_MAX)
		return stream->disk_error;
	message->number = stream->next++;
	message->put_at = stream_now();
	message_append(&stream->fresh, message);
	stream->unwritten += size;
	stream->counts.put++;
	pthread_cond_signal(&stream->to_publish);
	/* Otherwise it looks again by itself. */
	if (stream->unwritten == size || stream->fresh.bytes > FRESH_BYTES_MANY)
		pthread_cond_signal(&stream->to_write);
	return 0;
}

int stream_put(struct stream *stream, const char *subject, const char *id, const void *bytes, size_t size)
{
	size_t prefix_size = strlen(stream->prefix), subject_size = strlen(subject);
	char whole[STREAM_SUBJECT_MAX + 1];
	struct message *message;
	int err;

	if (!stream_is_subject(subject) || prefix_size + 1 + subject_size > STREAM_SUBJECT_MAX ||
		!record_is_word(id, strlen(id), STREAM_ID_MAX))
		return -EINVAL;
	if (size > STREAM_BYTES_MAX)
		return -EMSGSIZE;
	snprintf(whole, sizeof(whole), "%s.%s", stream->prefix, subject);
	message = message_new(&(struct spool_record){
		.id = id,
		.subject = whole,
		.id_size = strlen(id),
		.subject_size = prefix_size + 1 + subject_size,
		.bytes = bytes,
		.size = size,
	});
	pthread_mutex_lock(&stream->lock);
	err = message ? take(stream, message) : -ENOMEM;
	stream->counts.refused += err != 0;
	pthread_mutex_unlock(&stream->lock);
	if (err)
		free(message);
	return err;
}

int stream_flush(struct stream *stream)
{
	__u64 all;
	int err = 0;

	pthread_mutex_lock(&stream->lock);
	all = stream->next;
	if (stream->flush_to < all)
		stream->flush_to = all;
	pthread_cond_signal(&stream->to_write);
	while (stream->safe < all && stream_position(stream) < all && !stream->disk_error)
		pthread_cond_wait(&stream->progress, &stream->lock);
	if (stream->safe < all && stream_position(stream) < all)
		err = stream->disk_error;
	pthread_mutex_unlock(&stream->lock);
	return err;
}

void stream_counts(struct stream *stream, struct stream_counts *counts)
{
	pthread_mutex_lock(&stream->lock);
	*counts = stream->counts;
	counts->waiting = counts->recovered + counts->put - counts->acknowledged - counts->rejected;
	counts->spool_bytes = stream->spool_bytes;
	counts->is_connected = stream->is_connected;
	pthread_mutex_unlock(&stream->lock);
}

int stream_close(struct stream *stream, double timeout)
{
	__u64 until = stream_now() + (__u64)(timeout > 0 ? timeout * 1000 : 0);
	int err;

	pthread_mutex_lock(&stream->lock);
	while (stream_position(stream) < stream->next && stream_now() < until && !stream->has_failed &&
		!stream->is_stalled)
		stream_wait_until(stream, &stream->progress, until);
	stop(stream, &stream->publisher, &stream->is_stopping, &stream->to_publish);
	/* What is acknowledged by now needs not be written. */
	stop(stream, &stream->spooler, &stream->is_finishing, &stream->to_write);
	pthread_mutex_unlock(&stream->lock);
	err = stream_position(stream) < stream->next && stream->safe < stream->next ? stream->disk_error : 0;
	free_stream(stream);
	return err;
}
