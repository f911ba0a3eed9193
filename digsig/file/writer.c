// SPDX-License-Identifier: GPL-2.0-or-later
#include "writer.h"
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BUFFER_SIZE ((size_t)4 << 20)
#define BUFFER_COUNT 4
#define DIRECT_ALIGNMENT 4096
/* Up to here the page cache holds the result for whoever runs or verifies it next. */
#define BUFFERED_MAX ((__u64)32 << 20)

struct writer {
	struct writer_plan plan;
	__u8 *memory; /* the buffers, aligned for O_DIRECT */
	size_t buffer_size; /* of each: BUFFER_SIZE, or less if that holds the whole file */
	unsigned int buffer_count; /* 1 or BUFFER_COUNT */
	size_t filled; /* bytes in the buffer that the caller fills */
	/* Buffers are filled and taken for writing in turn; these counts of them only grow. */
	__u64 submitted, taken;
	bool is_unwritten[BUFFER_COUNT], is_unhashed[BUFFER_COUNT];
	size_t hashed; /* bytes of the buffer being filled that are in the digest already */
	bool is_over; /* no more will be submitted */
	bool is_hash_over; /* what follows is not part of the digest */
	int error; /* the first one, negative */
	__u64 written_to; /* where the last write(2) ended */
	bool is_direct;
	bool has_write_thread, has_hash_thread; /* else the caller does it */
	pthread_t write_thread, hash_thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
};

static __u8 *buffer_of(const struct writer *writer, __u64 number)
{
	return writer->memory + (number % writer->buffer_count) * writer->buffer_size;
}

static size_t aligned(size_t size)
{
	return (size + DIRECT_ALIGNMENT - 1) & ~(size_t)(DIRECT_ALIGNMENT - 1);
}

static bool is_busy(const struct writer *writer, __u64 number)
{
	return writer->is_unwritten[number % BUFFER_COUNT] ||
		writer->is_unhashed[number % BUFFER_COUNT];
}

static bool needs_no_writing(
	const struct writer *writer, const __u8 *bytes, size_t size, __u64 offset)
{
	const struct writer_plan *plan = &writer->plan;

	if (offset >= plan->in_place_from && offset + size <= plan->in_place_to)
		return true;
	return plan->is_sparse && !bytes[0] && !memcmp(bytes, bytes + 1, size - 1);
}

static int write_exactly(struct writer *writer, const __u8 *bytes, size_t size, __u64 offset)
{
	while (size) {
		ssize_t put = pwrite(writer->plan.fd, bytes, size, (off_t)offset);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0 && errno == EINVAL && writer->is_direct) {
			/* What open(2) permits, a file system may still refuse here. */
			fcntl(writer->plan.fd, F_SETFL, 0);
			writer->is_direct = false;
			continue;
		}
		if (put < 0)
			return -errno;
		bytes += put;
		offset += (__u64)put;
		size -= (size_t)put;
	}
	writer->written_to = offset;
	return 0;
}

static int write_buffer(struct writer *writer, __u64 number, size_t size)
{
	__u8 *bytes = buffer_of(writer, number);
	size_t padded = size;

	if (needs_no_writing(writer, bytes, size, number * BUFFER_SIZE))
		return 0;
	if (writer->is_direct) {
		padded = aligned(size);
		memset(bytes + size, 0, padded - size);
	}
	return write_exactly(writer, bytes, padded, number * BUFFER_SIZE);
}

static void *write_buffers(void *context)
{
	struct writer *writer = context;

	pthread_mutex_lock(&writer->lock);
	for (;;) {
		__u64 number = writer->taken;
		size_t size = BUFFER_SIZE;
		int err;

		if (number == writer->submitted) {
			if (writer->is_over)
				break;
			pthread_cond_wait(&writer->changed, &writer->lock);
			continue;
		}
		writer->taken++;
		err = writer->error;
		/* The last buffer may be a short one. */
		if (writer->plan.size - number * BUFFER_SIZE < size)
			size = (size_t)(writer->plan.size - number * BUFFER_SIZE);
		pthread_mutex_unlock(&writer->lock);
		if (!err)
			err = write_buffer(writer, number, size);
		pthread_mutex_lock(&writer->lock);
		if (!writer->error)
			writer->error = err;
		writer->is_unwritten[number % BUFFER_COUNT] = false;
		pthread_cond_broadcast(&writer->changed);
	}
	pthread_mutex_unlock(&writer->lock);
	return NULL;
}

/* Hashes whole buffers, in turn; the caller hashes the last, short one. */
static void *hash_buffers(void *context)
{
	struct writer *writer = context;
	__u64 number = 0;

	pthread_mutex_lock(&writer->lock);
	for (;;) {
		if (number == writer->submitted) {
			if (writer->is_hash_over)
				break;
			pthread_cond_wait(&writer->changed, &writer->lock);
			continue;
		}
		pthread_mutex_unlock(&writer->lock);
		digest_update(writer->plan.digest, buffer_of(writer, number), BUFFER_SIZE);
		pthread_mutex_lock(&writer->lock);
		writer->is_unhashed[number++ % BUFFER_COUNT] = false;
		pthread_cond_broadcast(&writer->changed);
	}
	pthread_mutex_unlock(&writer->lock);
	return NULL;
}

static void end_hash_thread(struct writer *writer)
{
	if (!writer->has_hash_thread)
		return;
	pthread_mutex_lock(&writer->lock);
	writer->is_hash_over = true;
	pthread_cond_broadcast(&writer->changed);
	pthread_mutex_unlock(&writer->lock);
	pthread_join(writer->hash_thread, NULL);
	writer->has_hash_thread = false;
}

void writer_end_digest(struct writer *writer)
{
	end_hash_thread(writer);
	if (writer->plan.digest)
		digest_update(writer->plan.digest,
			buffer_of(writer, writer->submitted) + writer->hashed,
			writer->filled - writer->hashed);
	writer->plan.digest = NULL;
}

static int reserve_space(const struct writer_plan *plan)
{
	/* One write(2) finds as much, and blocks that were reserved have to be marked as written later. */
	if (plan->size <= BUFFER_SIZE)
		return 0;
	/* Not posix_fallocate(3), which writes zeros where the file system cannot reserve. */
	if (plan->is_sparse || plan->in_place_to)
		return 0;
	if (!fallocate(plan->fd, 0, 0, (off_t)plan->size))
		return 0;
	return errno == EOPNOTSUPP || errno == ENOSYS ? 0 : -errno;
}

/* Waits for the threads; afterwards error is final. */
static void end_threads(struct writer *writer)
{
	end_hash_thread(writer);
	pthread_mutex_lock(&writer->lock);
	writer->is_over = true;
	pthread_cond_broadcast(&writer->changed);
	pthread_mutex_unlock(&writer->lock);
	if (writer->has_write_thread)
		pthread_join(writer->write_thread, NULL);
	writer->has_write_thread = false;
}

static int start_threads(struct writer *writer)
{
	int err;

	writer->is_direct = !fcntl(writer->plan.fd, F_SETFL, O_DIRECT);
	err = pthread_create(&writer->write_thread, NULL, write_buffers, writer);
	if (err)
		return -err;
	writer->has_write_thread = true;
	if (writer->plan.digest) {
		err = pthread_create(&writer->hash_thread, NULL, hash_buffers, writer);

		if (err) {
			end_threads(writer);
			return -err;
		}
		writer->has_hash_thread = true;
	}
	return 0;
}

static void release(struct writer *writer)
{
	pthread_cond_destroy(&writer->changed);
	pthread_mutex_destroy(&writer->lock);
	free(writer->memory);
	free(writer);
}

int writer_start(struct writer **writer, const struct writer_plan *plan)
{
	bool is_threaded = plan->size > BUFFERED_MAX;
	struct writer *made;
	int err;

	err = reserve_space(plan);
	if (err)
		return err;
	made = calloc(1, sizeof(*made));
	if (!made)
		return -ENOMEM;
	made->plan = *plan;
	made->buffer_count = is_threaded ? BUFFER_COUNT : 1;
	made->buffer_size = plan->size < BUFFER_SIZE ? aligned((size_t)plan->size + 1) : BUFFER_SIZE;
	made->memory = aligned_alloc(DIRECT_ALIGNMENT, made->buffer_count * made->buffer_size);
	if (!made->memory) {
		free(made);
		return -ENOMEM;
	}
	pthread_mutex_init(&made->lock, NULL);
	pthread_cond_init(&made->changed, NULL);
	err = is_threaded ? start_threads(made) : 0;
	if (err) {
		release(made);
		return err;
	}
	*writer = made;
	return 0;
}

int writer_room(struct writer *writer, __u8 **room, size_t *size)
{
	int err;

	pthread_mutex_lock(&writer->lock);
	while (is_busy(writer, writer->submitted))
		pthread_cond_wait(&writer->changed, &writer->lock);
	err = writer->error;
	pthread_mutex_unlock(&writer->lock);
	if (err)
		return err;
	*room = buffer_of(writer, writer->submitted) + writer->filled;
	*size = writer->buffer_size - writer->filled;
	return 0;
}

static int submit(struct writer *writer)
{
	int err = 0;

	if (writer->has_write_thread) {
		pthread_mutex_lock(&writer->lock);
		writer->is_unwritten[writer->submitted % BUFFER_COUNT] = true;
		writer->is_unhashed[writer->submitted % BUFFER_COUNT] = writer->has_hash_thread;
		writer->submitted++;
		pthread_cond_broadcast(&writer->changed);
		pthread_mutex_unlock(&writer->lock);
	} else {
		err = write_buffer(writer, writer->submitted, writer->filled);
		writer->error = err;
		writer->submitted++;
	}
	writer->filled = 0;
	writer->hashed = 0;
	return err;
}

int writer_advance(struct writer *writer, size_t size)
{
	if (writer->plan.digest && !writer->has_hash_thread) {
		digest_update(writer->plan.digest,
			buffer_of(writer, writer->submitted) + writer->filled, size);
		writer->hashed += size;
	}
	writer->filled += size;
	return writer->filled == writer->buffer_size ? submit(writer) : 0;
}

/* Padding for O_DIRECT goes, trailing holes come, and a clone may be of a longer file. */
static int set_size(const struct writer *writer)
{
	const struct writer_plan *plan = &writer->plan;

	if (writer->written_to == plan->size && !plan->in_place_to)
		return 0;
	return ftruncate(plan->fd, (off_t)plan->size) ? -errno : 0;
}

int writer_finish(struct writer *writer)
{
	int err = writer->filled ? submit(writer) : 0;

	end_threads(writer);
	if (!err)
		err = writer->error;
	if (!err)
		err = set_size(writer);
	release(writer);
	return err;
}

void writer_abandon(struct writer *writer)
{
	if (!writer)
		return;
	end_threads(writer);
	release(writer);
}
