// SPDX-License-Identifier: GPL-2.0-or-later
/* The thread that writes to the spool what is not acknowledged in time, and deletes what is. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "state.h"

enum {
	BATCH_SIZE = 1 << 20, /* bytes that are written at a time; one message may have more */
	TICK = 50, /* milliseconds: how often it looks whether something has to be written */
	SYNC_EVERY = 1000, /* milliseconds */
};

/* What this thread alone knows. */
struct spooler {
	struct stream *stream;
	char *batch;
	size_t size, room;
	size_t limit; /* what the batch may have, if it has more than one message */
	unsigned int count; /* messages in it */
	__u64 first, last; /* the numbers in the batch */
	__u64 synced_at, told_at; /* when it was done last */
	__u64 retry_at; /* after an error of the disk */
	bool is_dirty; /* written, not synced */
};

static int add_to_batch(struct spooler *spooler, const struct message *message)
{
	struct spool_record record = message_record(message);
	size_t size = spooler->size + record_size(&record);
	char *batch;

	if (size > spooler->room) {
		batch = realloc(spooler->batch, size > BATCH_SIZE ? size : BATCH_SIZE);
		if (!batch)
			return -ENOMEM;
		spooler->batch = batch;
		spooler->room = size > BATCH_SIZE ? size : BATCH_SIZE;
	}
	record_encode(&record, spooler->batch + spooler->size);
	if (!spooler->size)
		spooler->first = message->number;
	spooler->size = size;
	spooler->last = message->number;
	spooler->count++;
	return 0;
}

/* Adds those of the list that have to be written now. false: the batch is full, or the next ones have time. */
static bool add_list(struct spooler *spooler, const struct message_list *list, __u64 put_before, bool all)
{
	const struct stream *stream = spooler->stream;

	for (const struct message *i = list->first; i; i = i->next) {
		if (i->is_written)
			continue;
		if (!all && i->put_at > put_before && i->number >= stream->flush_to)
			return false;
		if (spooler->size && spooler->size + message_record_size(i) > spooler->limit)
			return false;
		if (add_to_batch(spooler, i))
			return false;
	}
	return true;
}

/* With lock. Each message that is written has those before it written: numbers rise in the spool. */
static void make_batch(struct spooler *spooler)
{
	struct stream *stream = spooler->stream;
	__u64 now = stream_now(), before = now > STREAM_SPOOL_AFTER ? now - STREAM_SPOOL_AFTER : 0;
	bool all = stream->fresh.bytes > FRESH_BYTES_MANY || stream->is_finishing;

	spooler->size = spooler->count = 0;
	if (add_list(spooler, &stream->window, before, all))
		add_list(spooler, &stream->fresh, before, all);
}

static void mark(struct stream *stream, struct message_list *list, __u64 first, __u64 last)
{
	for (struct message *i = list->first; i && i->number <= last; i = i->next) {
		if (i->number < first || i->is_written)
			continue;
		i->is_written = true;
		stream->unwritten -= message_record_size(i);
		stream->counts.spooled++;
	}
}

/* With lock. What is fresh and written is read from the disk when its turn comes. */
static void note_written(struct spooler *spooler)
{
	struct stream *stream = spooler->stream;
	struct message *message;

	mark(stream, &stream->window, spooler->first, spooler->last);
	mark(stream, &stream->fresh, spooler->first, spooler->last);
	while (stream->fresh.first && stream->fresh.first->is_written) {
		message = message_take_first(&stream->fresh);
		if (stream->cursor >= stream->backlog_end)
			stream->cursor = message->number;
		stream->backlog_end = message->number + 1;
		free(message);
	}
	spooler->is_dirty = true;
	pthread_cond_signal(&stream->to_publish);
	pthread_cond_broadcast(&stream->progress);
}

static __u64 size_of_spool(struct stream *stream)
{
	struct spool_counts counts;

	spool_counts(stream->spool, &counts);
	return counts.bytes;
}

/* With lock, which is left meanwhile. */
static void say(struct stream *stream, int err, const char *what)
{
	char text[PROBLEM_MAX];

	pthread_mutex_unlock(&stream->lock);
	snprintf(text, sizeof(text), "the spool cannot be %s: %s", what, strerror(-err));
	if (err)
		stream_report(stream, ABOUT_SPOOL, text);
	else
		stream_report_well(stream, ABOUT_SPOOL, "the spool can be written again");
	pthread_mutex_lock(&stream->lock);
}

/* With lock, which is left meanwhile. */
static void note_disk(struct spooler *spooler, int err, const char *what)
{
	struct stream *stream = spooler->stream;
	int before = stream->disk_error;

	if (err)
		spooler->retry_at = stream_now() + SYNC_EVERY;
	stream->disk_error = err;
	if (err || before) {
		pthread_cond_broadcast(&stream->progress);
		say(stream, err, what);
	}
}

/* With lock, which is left meanwhile. true: something was written, and there may be more. */
static bool write_batch(struct spooler *spooler)
{
	struct stream *stream = spooler->stream;
	__u64 bytes;
	int err;

	make_batch(spooler);
	if (!spooler->size)
		return false;
	pthread_mutex_unlock(&stream->lock);
	pthread_mutex_lock(&stream->spool_lock);
	err = spool_write(stream->spool, spooler->batch, spooler->size, spooler->first, spooler->last);
	bytes = size_of_spool(stream);
	pthread_mutex_unlock(&stream->spool_lock);
	pthread_mutex_lock(&stream->lock);
	stream->spool_bytes = bytes;
	if (!err)
		note_written(spooler);
	spooler->limit = err ? 0 : spooler->limit < BATCH_SIZE / 2 ? 2 * spooler->limit + 4096 : BATCH_SIZE;
	/* Where not all have room, one may. */
	if (err && spooler->count > 1)
		return true;
	note_disk(spooler, err, "written");
	return !err;
}

/* The first number of those that are only in memory. With lock. */
static __u64 first_unwritten(const struct stream *stream)
{
	for (const struct message *i = stream->window.first; i; i = i->next)
		if (!i->is_written)
			return i->number;
	return stream->fresh.first ? stream->fresh.first->number : stream->next;
}

/* With lock, which is left meanwhile. */
static void sync_spool(struct spooler *spooler)
{
	struct stream *stream = spooler->stream;
	__u64 written = first_unwritten(stream);
	int err = 0;

	if (spooler->is_dirty) {
		pthread_mutex_unlock(&stream->lock);
		pthread_mutex_lock(&stream->spool_lock);
		err = spool_sync(stream->spool);
		pthread_mutex_unlock(&stream->spool_lock);
		pthread_mutex_lock(&stream->lock);
		spooler->synced_at = stream_now();
	}
	if (!err) {
		spooler->is_dirty = false;
		stream->safe = written > stream->safe ? written : stream->safe;
		pthread_cond_broadcast(&stream->progress); /* stream_flush waits for it */
	}
	note_disk(spooler, err, "synced");
}

/* Tells the spool what is acknowledged. With lock, which is left meanwhile. */
static void acknowledge(struct spooler *spooler)
{
	struct stream *stream = spooler->stream;
	__u64 position = stream_position(stream), bytes;
	int err;

	pthread_mutex_unlock(&stream->lock);
	pthread_mutex_lock(&stream->spool_lock);
	err = spool_acknowledge(stream->spool, position);
	bytes = size_of_spool(stream);
	pthread_mutex_unlock(&stream->spool_lock);
	pthread_mutex_lock(&stream->lock);
	stream->spool_bytes = bytes;
	stream->position = position;
	spooler->told_at = stream_now();
	/* Without it more is published again after a crash: said, but no reason to take no messages. */
	if (err)
		say(stream, err, "told what is acknowledged");
}

/* With lock. All of the spool is acknowledged: it goes at once. */
static bool is_done(const struct stream *stream)
{
	return stream->spool_bytes && !stream->counts.spooled;
}

static bool has_to_sync(const struct spooler *spooler)
{
	const struct stream *stream = spooler->stream;

	return stream->flush_to > stream->safe || stream->is_finishing ||
		(spooler->is_dirty && stream_now() >= spooler->synced_at + SYNC_EVERY);
}

/* With lock, which is left meanwhile. */
static void work(struct spooler *spooler)
{
	struct stream *stream = spooler->stream;
	__u64 now = stream_now();

	if (now < spooler->retry_at && !stream->is_finishing)
		return;
	while (write_batch(spooler))
		if (!stream->is_finishing && has_to_sync(spooler))
			break;
	if (!stream->disk_error && has_to_sync(spooler))
		sync_spool(spooler);
	if (stream->spool_bytes && stream_position(stream) > stream->position &&
		(is_done(stream) || stream->is_finishing || now >= spooler->told_at + SYNC_EVERY))
		acknowledge(spooler);
}

void *stream_spool(void *argument)
{
	struct stream *stream = argument;
	struct spooler spooler = { .stream = stream, .limit = BATCH_SIZE };

	pthread_mutex_lock(&stream->lock);
	while (!stream->is_finishing) {
		work(&spooler);
		if (stream->is_finishing)
			break;
		if (stream->unwritten || stream->spool_bytes || spooler.is_dirty)
			stream_wait_until(stream, &stream->to_write, stream_now() + TICK);
		else
			pthread_cond_wait(&stream->to_write, &stream->lock);
	}
	work(&spooler);
	pthread_mutex_unlock(&stream->lock);
	free(spooler.batch);
	return NULL;
}
