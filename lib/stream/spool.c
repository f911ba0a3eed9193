// SPDX-License-Identifier: GPL-2.0-or-later
#include "spool.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include "spool_folder.h"

static int compare(const void *one, const void *other)
{
	__u64 first = ((const struct spool_segment *)one)->first, second = ((const struct spool_segment *)other)->first;

	return first < second ? -1 : first > second;
}

int spool_add_segment(struct spool *spool, const struct spool_segment *segment)
{
	struct spool_segment *segments;

	if (spool->count == spool->room) {
		size_t room = spool->room ? 2 * spool->room : 16;

		segments = reallocarray(spool->segments, room, sizeof(*segments));
		if (!segments)
			return -ENOMEM;
		spool->segments = segments;
		spool->room = room;
	}
	spool->segments[spool->count++] = *segment;
	spool->bytes += segment->size;
	return 0;
}

/* Reads all of it: which numbers it has, and where it is torn. */
static int examine(struct spool *spool, struct spool_segment *segment, bool *is_empty)
{
	struct segment_reader reader;
	struct spool_record record;
	int fd = spool_open_segment(spool, segment, O_RDWR), err;

	if (fd < 0)
		return fd;
	segment_begin(&reader, fd, segment->size < SEGMENT_SIZE_MAX ? segment->size : SEGMENT_SIZE_MAX);
	*is_empty = true;
	while (!(err = segment_next(&reader, &record))) {
		*is_empty = false;
		spool->records += record.number >= spool->position;
		if (record.number > segment->last)
			segment->last = record.number;
	}
	spool->damaged += reader.damaged + (segment->size - reader.end);
	if (err == -ENODATA)
		err = 0;
	if (!err && !*is_empty && reader.whole < segment->size) {
		err = ftruncate(fd, (off_t)reader.whole) ? -errno : 0;
		segment->size = reader.whole;
	}
	segment_end(&reader);
	return err;
}

/* A file that is there: a segment, or nothing of ours. */
static int take_file(struct spool *spool, const char *name)
{
	struct spool_segment segment = { 0 };
	bool is_empty;
	struct stat st;
	int err;

	if (!strncmp(name, "." POSITION_NAME ".", sizeof(POSITION_NAME) + 1)) {
		unlinkat(spool->folder_fd, name, 0);
		return 0;
	}
	if (!spool_parse_name(name, &segment.first))
		return 0;
	if (fstatat(spool->folder_fd, name, &st, AT_SYMLINK_NOFOLLOW))
		return errno == ENOENT ? 0 : -errno;
	if (!S_ISREG(st.st_mode))
		return 0;
	segment.last = segment.first;
	segment.size = (__u64)st.st_size;
	err = examine(spool, &segment, &is_empty);
	if (err)
		return err;
	if (is_empty)
		return unlinkat(spool->folder_fd, name, 0) ? -errno : 0;
	return spool_add_segment(spool, &segment);
}

static int take_files(struct spool *spool)
{
	int fd = openat(spool->folder_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), err = 0;
	struct dirent *entry;
	DIR *directory;

	if (fd < 0)
		return -errno;
	directory = fdopendir(fd);
	if (!directory) {
		close(fd);
		return -ENOMEM;
	}
	while (!err && (entry = readdir(directory)))
		err = take_file(spool, entry->d_name);
	closedir(directory);
	if (spool->count)
		qsort(spool->segments, spool->count, sizeof(*spool->segments), compare);
	spool->next = spool->position ? spool->position : 1;
	for (size_t i = 0; i < spool->count; i++)
		if (spool->segments[i].last >= spool->next)
			spool->next = spool->segments[i].last + 1;
	return err;
}

/* A process that dies lets go of the lock. */
static int lock(struct spool *spool)
{
	spool->lock_fd = openat(spool->folder_fd, "lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (spool->lock_fd < 0)
		return -errno;
	if (flock(spool->lock_fd, LOCK_EX | LOCK_NB))
		return errno == EWOULDBLOCK ? -EBUSY : -errno;
	return 0;
}

static int open_folder(struct spool *spool, const char *folder)
{
	if (mkdir(folder, 0700) && errno != EEXIST)
		return -errno;
	spool->folder = realpath(folder, NULL);
	if (!spool->folder)
		return -errno;
	spool->folder_fd = open(spool->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return spool->folder_fd < 0 ? -errno : 0;
}

int spool_open(const char *folder, __u64 segment_size, struct spool **opened)
{
	struct spool *spool = calloc(1, sizeof(*spool));
	int err;

	if (!spool)
		return -ENOMEM;
	spool->folder_fd = spool->lock_fd = spool->active_fd = spool->reader.fd = -1;
	spool->segment_size = segment_size < SEGMENT_SIZE_MAX / 4 ? segment_size : SEGMENT_SIZE_MAX / 4;
	err = open_folder(spool, folder);
	if (!err)
		err = lock(spool);
	if (!err)
		err = spool_read_position(spool);
	if (!err)
		err = take_files(spool);
	if (err) {
		spool_close(spool);
		return err;
	}
	*opened = spool;
	return 0;
}

void spool_counts(const struct spool *spool, struct spool_counts *counts)
{
	*counts = (struct spool_counts){
		.records = spool->records,
		.bytes = spool->bytes,
		.damaged = spool->damaged,
		.next = spool->next,
		.position = spool->position,
		.segments = spool->count,
	};
}

void spool_close(struct spool *spool)
{
	segment_end(&spool->reader);
	if (spool->active_fd >= 0)
		close(spool->active_fd);
	if (spool->lock_fd >= 0)
		close(spool->lock_fd);
	if (spool->folder_fd >= 0)
		close(spool->folder_fd);
	free(spool->segments);
	free(spool->folder);
	free(spool);
}
