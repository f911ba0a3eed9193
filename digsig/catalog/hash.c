// SPDX-License-Identifier: GPL-2.0-or-later
/* Hashes the candidates, each inode once, with a thread a processor. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "../../lib/file/same_version.h"
#include "../file/digest.h"
#include "../file/kernel_module.h"
#include "builder.h"

#define READ_SIZE ((size_t)96 << 10)
#define THREADS_MAX 256

/* What the threads share. */
struct hashing {
	struct catalog_builder *builder;
	const struct catalog_work *work;
	atomic_size_t next;
	_Atomic __u64 bytes; /* done, for the progress */
	__u64 total;
	atomic_bool is_stopped;
};

/* One thread's own. */
struct worker {
	struct hashing *hashing;
	pthread_t thread;
	bool reports; /* the caller's own thread: progress is told in it alone */
	__u8 buffer[READ_SIZE];
};

static bool is_code(
	const struct candidate *candidate, const __u8 *bytes, size_t size, mode_t mode)
{
	if (size >= 4 && !memcmp(bytes, "\177ELF", 4))
		return true;
	if (candidate->is_named_as_module && kernel_module_is_packed(bytes, size))
		return true;
	return size >= 2 && bytes[0] == '#' && bytes[1] == '!' && mode & 0111;
}

static void note_bytes(struct worker *worker, size_t size)
{
	struct hashing *hashing = worker->hashing;
	__u64 done = atomic_fetch_add(&hashing->bytes, size) + size;

	if (worker->reports)
		file_progress_report(hashing->work->progress, done, hashing->total);
	if (hashing->work->is_cancelled && *hashing->work->is_cancelled)
		atomic_store(&hashing->is_stopped, true);
}

static ssize_t read_some(int fd, __u8 *buffer)
{
	ssize_t got;

	do
		got = read(fd, buffer, READ_SIZE);
	while (got < 0 && errno == EINTR);
	return got < 0 ? -errno : got;
}

/* Reads the open file to its end. 0; 1: not of the kind that is wanted; a negative errno. */
static int hash_open_file(struct worker *worker, struct candidate *candidate, int fd)
{
	struct digest digest;
	struct stat before, after;
	ssize_t got;

	if (fstat(fd, &before))
		return -errno;
	if (!S_ISREG(before.st_mode))
		return 1;
	got = read_some(fd, worker->buffer);
	if (got < 0)
		return (int)got;
	if (!candidate->is_wanted_by_name &&
		!is_code(candidate, worker->buffer, (size_t)got, before.st_mode))
		return 1;
	if ((size_t)got == READ_SIZE)
		posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	digest_init(&digest);
	candidate->size = 0;
	while (got > 0 && !atomic_load(&worker->hashing->is_stopped)) {
		digest_update(&digest, worker->buffer, (size_t)got);
		candidate->size += (__u64)got;
		note_bytes(worker, (size_t)got);
		/* All of it was there at once: the next read would only say so. */
		if (candidate->size == (__u64)before.st_size && (size_t)got < READ_SIZE)
			break;
		got = read_some(fd, worker->buffer);
	}
	if (got < 0)
		return (int)got;
	digest_final(&digest, candidate->digest);
	if (fstat(fd, &after))
		return -errno;
	return is_same_version(&before, &after) && candidate->size == (__u64)after.st_size ? 0 : -EAGAIN;
}

static void hash_candidate(struct worker *worker, struct candidate *candidate)
{
	int fd = open(candidate->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	__u64 expected = candidate->size;
	int err;

	if (fd < 0 && errno == ENOENT) {
		candidate->state = CANDIDATE_GONE;
		return;
	}
	err = fd < 0 ? -errno : hash_open_file(worker, candidate, fd);
	if (fd >= 0)
		close(fd);
	candidate->state = err < 0 ? CANDIDATE_FAILED : err ? CANDIDATE_SKIPPED : CANDIDATE_HASHED;
	candidate->error = err;
	/* What need not be read is done as well. */
	if (err)
		note_bytes(worker, expected);
}

static void *work_through(void *context)
{
	struct worker *worker = context;
	struct hashing *hashing = worker->hashing;
	struct catalog_builder *builder = hashing->builder;

	while (!atomic_load(&hashing->is_stopped)) {
		size_t index = atomic_fetch_add(&hashing->next, 1);

		if (index >= builder->count)
			break;
		if (!builder->candidates[index].is_link)
			hash_candidate(worker, &builder->candidates[index]);
	}
	return NULL;
}

static int compare_inodes(const void *a, const void *b)
{
	const struct candidate *left = a, *right = b;

	if (left->device != right->device)
		return left->device < right->device ? -1 : 1;
	if (left->inode != right->inode)
		return left->inode < right->inode ? -1 : 1;
	return strcmp(left->path, right->path);
}

/* Files in the order of their inodes, near which they lie on the disk; links behind the first. */
static void find_links(struct catalog_builder *builder)
{
	struct candidate *first = NULL;

	if (builder->count)
		qsort(builder->candidates, builder->count, sizeof(*builder->candidates),
			compare_inodes);
	for (size_t i = 0; i < builder->count; i++) {
		struct candidate *candidate = &builder->candidates[i];

		candidate->is_link = first && candidate->device == first->device &&
			candidate->inode == first->inode;
		if (!candidate->is_link) {
			first = candidate;
			continue;
		}
		first->is_wanted_by_name |= candidate->is_wanted_by_name;
		first->is_named_as_module |= candidate->is_named_as_module;
	}
}

static void gather_results(struct catalog_builder *builder)
{
	const struct candidate *first = NULL;

	for (size_t i = 0; i < builder->count; i++) {
		struct candidate *candidate = &builder->candidates[i];

		if (candidate->is_link) {
			candidate->state = first->state;
			memcpy(candidate->digest, first->digest, sizeof(first->digest));
			continue;
		}
		first = candidate;
		builder->counts.seen++;
		if (candidate->state == CANDIDATE_GONE)
			builder->counts.gone++;
		else if (candidate->state == CANDIDATE_FAILED)
			builder_note_failure(builder, candidate->path, candidate->error);
		if (candidate->state != CANDIDATE_HASHED)
			continue;
		builder->counts.files++;
		builder->counts.bytes += candidate->size;
	}
}

static unsigned int processors(void)
{
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof(set), &set))
		return 1;
	return (unsigned int)CPU_COUNT(&set);
}

static void run_workers(struct worker *workers, unsigned int count)
{
	unsigned int started = 1;

	/* Fewer threads than wanted are enough. */
	while (started < count &&
		!pthread_create(&workers[started].thread, NULL, work_through, &workers[started]))
		started++;
	work_through(&workers[0]);
	for (unsigned int i = 1; i < started; i++)
		pthread_join(workers[i].thread, NULL);
}

int catalog_builder_hash(struct catalog_builder *builder, const struct catalog_work *work)
{
	struct hashing hashing = { .builder = builder, .work = work };
	unsigned int threads = work->threads ? work->threads : processors();
	struct worker *workers;

	find_links(builder);
	for (size_t i = 0; i < builder->count; i++)
		if (!builder->candidates[i].is_link)
			hashing.total += builder->candidates[i].size;
	threads = threads > THREADS_MAX ? THREADS_MAX : threads;
	workers = calloc(threads, sizeof(*workers));
	if (!workers)
		return -ENOMEM;
	for (unsigned int i = 0; i < threads; i++)
		workers[i].hashing = &hashing;
	workers[0].reports = true;
	run_workers(workers, threads);
	free(workers);
	if (atomic_load(&hashing.is_stopped))
		return -ECANCELED;
	gather_results(builder);
	return 0;
}
