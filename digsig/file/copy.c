// SPDX-License-Identifier: GPL-2.0-or-later
#include "copy.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>

/* Small enough that what was read is hashed out of the processor's own cache. */
#define STEP_SIZE ((size_t)128 << 10)

#define FORGET_SIZE ((__u64)8 << 20)

/* Lets the new file share the old one's blocks, where the file system can. */
static void try_clone(const struct replacement *replacement, struct writer_plan *plan,
	__u64 same_from, __u64 same_to)
{
	if (ioctl(replacement->target, FICLONE, replacement->source))
		return;
	plan->in_place_from = same_from;
	plan->in_place_to = same_to;
}

/*
 * The old file is about to go, and with it its part of the page cache: to let go of that here,
 * while other threads hash and write, is quicker than all at once at the end.
 */
static void forget_what_is_copied(const struct copy *copy, __u64 offset)
{
	if (offset % FORGET_SIZE == 0)
		posix_fadvise(copy->replacement->source, (off_t)(offset - FORGET_SIZE),
			(off_t)FORGET_SIZE, POSIX_FADV_DONTNEED);
}

static int copy_bytes(const struct copy *copy, struct writer *writer, struct file_problem *problem)
{
	__u64 offset = 0;

	while (offset < copy->limit) {
		size_t size;
		__u8 *room;
		int err = writer_room(writer, &room, &size);

		if (err)
			return file_problem_set(problem, FILE_PROBLEM_WRITE, err);
		if (copy->is_cancelled && *copy->is_cancelled)
			return file_problem_set(problem, FILE_PROBLEM_CANCELLED, -ECANCELED);
		size = size < STEP_SIZE ? size : STEP_SIZE;
		size = copy->limit - offset < size ? (size_t)(copy->limit - offset) : size;
		err = copy->read(copy->context, room, size, offset);
		if (err)
			return file_problem_set(problem, FILE_PROBLEM_READ, err);
		err = writer_advance(writer, size);
		if (err)
			return file_problem_set(problem, FILE_PROBLEM_WRITE, err);
		offset += size;
		forget_what_is_copied(copy, offset);
		file_progress_report(copy->progress, offset, copy->limit);
	}
	return 0;
}

int copy_start(const struct copy *copy, struct writer **writer, struct file_problem *problem)
{
	const struct replacement *replacement = copy->replacement;
	struct writer_plan plan = { .size = copy->total, .digest = copy->digest };
	int err;

	err = replacement_create(copy->replacement, problem);
	if (err)
		return err;
	plan.fd = replacement->target;
	plan.is_sparse = replacement->before.st_blocks < replacement->before.st_size / 512;
	try_clone(replacement, &plan, copy->same_from, copy->same_to);
	if (copy->limit > STEP_SIZE)
		posix_fadvise(replacement->source, 0, 0, POSIX_FADV_SEQUENTIAL);
	err = writer_start(writer, &plan);
	if (err)
		return file_problem_set(problem, FILE_PROBLEM_WRITE, err);
	err = copy_bytes(copy, *writer, problem);
	if (err)
		writer_abandon(*writer);
	else
		writer_end_digest(*writer);
	return err;
}
