// SPDX-License-Identifier: GPL-2.0-or-later
/* Appends records to a spool, and reads them. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include "spool_folder.h"

static int write_at(int fd, const void *bytes, size_t size, __u64 offset)
{
	const char *from = bytes;

	while (size) {
		ssize_t count = pwrite(fd, from, size, (off_t)offset);

		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			return -errno;
		from += count;
		offset += (__u64)count;
		size -= (size_t)count;
	}
	return 0;
}

/* The segment that was written until now is complete. */
static int leave_active(struct spool *spool)
{
	int err;

	if (spool->active_fd < 0)
		return 0;
	err = spool_sync(spool);
	if (err)
		return err;
	close(spool->active_fd);
	spool->active_fd = -1;
	return 0;
}

static int begin_segment(struct spool *spool, __u64 first)
{
	struct spool_segment segment = { .first = first, .last = first, .size = SPOOL_HEADER };
	char name[SEGMENT_NAME_MAX];
	int fd, err = leave_active(spool);

	if (err)
		return err;
	fd = spool_open_segment(spool, &segment, O_RDWR | O_CREAT | O_EXCL);
	if (fd < 0)
		return fd;
	err = write_at(fd, SPOOL_MAGIC, SPOOL_HEADER, 0);
	if (!err)
		err = spool_add_segment(spool, &segment);
	if (err) {
		close(fd);
		spool_print_name(name, first);
		unlinkat(spool->folder_fd, name, 0);
		return err;
	}
	spool->active_fd = fd;
	spool->has_unsynced_name = true;
	return 0;
}

int spool_write(struct spool *spool, const void *bytes, size_t size, __u64 first, __u64 last)
{
	struct spool_segment *segment = spool->count ? &spool->segments[spool->count - 1] : NULL;
	int err;

	if (first < spool->next || last < first || last >= RECORD_NUMBER_MAX)
		return -EINVAL;
	if (spool->active_fd < 0 || segment->size >= spool->segment_size) {
		err = begin_segment(spool, first);
		if (err)
			return err;
		segment = &spool->segments[spool->count - 1];
	}
	spool->is_dirty = true;
	err = write_at(spool->active_fd, bytes, size, segment->size);
	/* Where the half stays, it is overwritten by what comes next, or cut off at the next start. */
	if (err)
		return ftruncate(spool->active_fd, (off_t)segment->size) ? -errno : err;
	segment->size += size;
	segment->last = last;
	spool->bytes += size;
	spool->next = last + 1;
	return 0;
}

int spool_sync(struct spool *spool)
{
	if (spool->active_fd < 0 || !spool->is_dirty)
		return 0;
	if (fdatasync(spool->active_fd) || (spool->has_unsynced_name && fsync(spool->folder_fd)))
		return -errno;
	spool->is_dirty = spool->has_unsynced_name = false;
	return 0;
}

/* The segment that has the first number at or behind the one that is read; NULL: there is none. */
static const struct spool_segment *segment_from(const struct spool *spool, __u64 first)
{
	for (size_t i = 0; i < spool->count; i++)
		if (spool->segments[i].first >= first)
			return &spool->segments[i];
	return NULL;
}

static int begin_reading(struct spool *spool, const struct spool_segment *segment)
{
	int fd;

	if (spool->reader.fd >= 0 && spool->reading == segment->first) {
		spool->reader.end = segment->size;
		return 0;
	}
	segment_end(&spool->reader);
	fd = spool_open_segment(spool, segment, O_RDONLY);
	if (fd < 0)
		return fd;
	segment_begin(&spool->reader, fd, segment->size < SEGMENT_SIZE_MAX ? segment->size : SEGMENT_SIZE_MAX);
	spool->reading = segment->first;
	return 0;
}

int spool_read(struct spool *spool, __u64 from, struct spool_record *record)
{
	const struct spool_segment *segment = segment_from(spool, spool->reading);
	int err;

	while (segment) {
		err = segment->last < from ? -ENODATA : begin_reading(spool, segment);
		while (!err) {
			err = segment_next(&spool->reader, record);
			if (!err && record->number >= from)
				return 0;
		}
		if (err != -ENODATA)
			return err;
		/* What is written next may go into the same one. */
		if (segment == &spool->segments[spool->count - 1] && spool->active_fd >= 0)
			return -ENODATA;
		segment = segment_from(spool, segment->first + 1);
	}
	return -ENODATA;
}
