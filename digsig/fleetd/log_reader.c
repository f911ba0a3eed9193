// SPDX-License-Identifier: GPL-2.0-or-later
#include "log_reader.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	NUMBER_MAX = 100, /* of rotated files: log-keep allows no more */
	ROOM = LOG_LINE_MAX + 1,
};

#define MARK_BEGIN 14695981039346656037ULL

int log_reader_init(struct log_reader *reader, const char *path, unsigned int keep, const struct log_place *place)
{
	*reader = (struct log_reader){ .path = path, .keep = keep, .fd = -1, .place = *place, .before = *place };
	reader->bytes = malloc(ROOM);
	return reader->bytes ? 0 : -ENOMEM;
}

void log_reader_free(struct log_reader *reader)
{
	if (reader->fd >= 0)
		close(reader->fd);
	free(reader->bytes);
}

/* FNV-1a: mark goes on with these bytes. */
static __u64 mark_on(__u64 mark, const char *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		mark = (mark ^ (unsigned char)bytes[i]) * 1099511628211ULL;
	return mark;
}

/* false: the file has not so many bytes. */
static bool mark_of(int fd, unsigned int size, __u64 *mark)
{
	char bytes[LOG_MARK_MAX];

	if (pread(fd, bytes, size, 0) != (ssize_t)size)
		return false;
	*mark = mark_on(MARK_BEGIN, bytes, size);
	return true;
}

/*
 * Leaves bytes behind. They are marked as they were read: the file may have been truncated and written anew since, and a mark of what it
 * has by now would hide that.
 */
static void pass(struct log_reader *reader, size_t size)
{
	struct log_place *place = &reader->place;
	size_t marked = 0;

	if (place->mark_size == place->offset && place->mark_size < LOG_MARK_MAX) {
		marked = size < LOG_MARK_MAX - place->mark_size ? size : LOG_MARK_MAX - place->mark_size;
		place->mark = mark_on(place->mark_size ? place->mark : MARK_BEGIN, reader->bytes + reader->begin, marked);
	}
	place->mark_size += (unsigned int)marked;
	place->offset += size;
	reader->begin += size;
}

static bool is_place_in(int fd, const struct log_place *place)
{
	struct stat st;
	__u64 mark;

	return !fstat(fd, &st) && (__u64)st.st_size >= place->offset && mark_of(fd, place->mark_size, &mark) &&
		mark == place->mark;
}

/* A descriptor; -1: it is not there, or is no file. */
static int open_number(const struct log_reader *reader, unsigned int number)
{
	char name[PATH_MAX];
	struct stat st;
	int fd;

	if (number)
		snprintf(name, sizeof(name), "%s.%u", reader->path, number);
	fd = open(number ? name : reader->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	if (fd >= 0 && (fstat(fd, &st) || !S_ISREG(st.st_mode))) {
		close(fd);
		return -1;
	}
	return fd;
}

static bool is_same_file(int one, int other)
{
	struct stat first, second;

	return !fstat(one, &first) && !fstat(other, &second) && first.st_ino == second.st_ino &&
		first.st_dev == second.st_dev;
}

/*
 * The oldest file that is newer than known; -1: there is none. *found: known is still there. While this goes on files may be renamed,
 * each to the next number: one comes up twice then, and none is missed.
 */
static int open_next(const struct log_reader *reader, int known, bool *found)
{
	int next = -1;

	*found = false;
	for (unsigned int number = 0; number <= NUMBER_MAX && !*found; number++) {
		int fd = open_number(reader, number);

		if (fd < 0)
			continue; /* there may be a gap after a crash */
		if (known >= 0 && is_same_file(known, fd)) {
			*found = true;
			close(fd);
			continue;
		}
		if (next >= 0)
			close(next);
		next = fd;
	}
	return next;
}

/* The file that the place is in; -1: none. */
static int open_place(const struct log_reader *reader, const struct log_place *place)
{
	for (unsigned int number = 0; number <= NUMBER_MAX; number++) {
		int fd = open_number(reader, number);

		if (fd >= 0 && is_place_in(fd, place))
			return fd;
		if (fd >= 0)
			close(fd);
	}
	return -1;
}

static void set_file(struct log_reader *reader, int fd)
{
	if (reader->fd >= 0)
		close(reader->fd);
	reader->fd = fd;
	reader->begin = reader->end = 0;
	reader->is_final = reader->is_skipping = false;
}

void log_reader_place(struct log_reader *reader, struct log_place *place)
{
	*place = reader->place.mark_size ? reader->place : reader->before;
}

/* Goes on in a file. A place behind no newline is in a line that was too long: what is left of it is no line. */
static void resume_file(struct log_reader *reader, int fd)
{
	char last = '\n';

	set_file(reader, fd);
	reader->is_skipping = reader->place.offset && pread(fd, &last, 1, (off_t)reader->place.offset - 1) == 1 && last != '\n';
}

/* Begins a file. */
static void begin_file(struct log_reader *reader, int fd)
{
	log_reader_place(reader, &reader->before);
	reader->place = (struct log_place){ 0 };
	set_file(reader, fd);
}

/* Whether there is a file to read from. */
static bool find_file(struct log_reader *reader)
{
	bool unused;
	int fd = reader->place.mark_size ? open_place(reader, &reader->place) : -1;

	if (fd >= 0) {
		resume_file(reader, fd);
		return true;
	}
	fd = open_next(reader, -1, &unused);
	if (fd < 0)
		return false;
	reader->lost += reader->place.mark_size != 0;
	begin_file(reader, fd);
	return true;
}

void log_reader_look(struct log_reader *reader)
{
	int fd;

	if (reader->fd < 0 || !reader->place.mark_size || is_place_in(reader->fd, &reader->place))
		return;
	/* It may have been copied to another name before. */
	fd = open_place(reader, &reader->place);
	if (fd >= 0) {
		resume_file(reader, fd);
		return;
	}
	reader->lost++;
	begin_file(reader, fcntl(reader->fd, F_DUPFD_CLOEXEC, 3));
}

/* At the end of the file: whether it was rotated away. */
static bool is_rotated(const struct log_reader *reader)
{
	struct stat named, open;

	if (stat(reader->path, &named) || fstat(reader->fd, &open))
		return false; /* in the middle of it */
	return named.st_ino != open.st_ino || named.st_dev != open.st_dev;
}

/* Whether there is a next file. */
static bool go_on(struct log_reader *reader)
{
	bool found;
	int next;

	if (!reader->is_final) {
		/* What was written before it was rotated comes first. */
		reader->is_final = is_rotated(reader);
		return reader->is_final;
	}
	next = open_next(reader, reader->fd, &found);
	if (next < 0)
		return false;
	/* Half a line, as a kill leaves it: nobody will write the rest there. */
	reader->lost += reader->end > reader->begin && !reader->is_skipping;
	/* It is not there any more, nor are perhaps files behind it. */
	reader->lost += !found && reader->keep;
	begin_file(reader, next);
	return true;
}

/* More bytes behind those that are there: 1; 0: there are none; a negative errno. */
static int fill(struct log_reader *reader)
{
	ssize_t got;

	memmove(reader->bytes, reader->bytes + reader->begin, reader->end - reader->begin);
	reader->end -= reader->begin;
	reader->begin = 0;
	if (reader->end == ROOM) {
		reader->lost += !reader->is_skipping;
		reader->is_skipping = true;
		pass(reader, reader->end);
		reader->begin = reader->end = 0;
	}
	got = pread(reader->fd, reader->bytes + reader->end, ROOM - reader->end, (off_t)(reader->place.offset + reader->end));
	if (got < 0)
		return -errno;
	reader->end += (size_t)got;
	return got > 0;
}

/* A whole line of what is there; false: there is none. */
static bool take_line(struct log_reader *reader, const char **line, size_t *size)
{
	char *newline;

	while ((newline = memchr(reader->bytes + reader->begin, '\n', reader->end - reader->begin))) {
		bool skipped = reader->is_skipping;

		*line = reader->bytes + reader->begin;
		*size = (size_t)(newline - *line);
		pass(reader, *size + 1);
		reader->is_skipping = false;
		if (!skipped)
			return true;
	}
	return false;
}

int log_reader_next(struct log_reader *reader, const char **line, size_t *size)
{
	while (reader->fd >= 0 || find_file(reader)) {
		int err;

		if (take_line(reader, line, size))
			return 1;
		err = fill(reader);
		if (err < 0)
			return err;
		if (!err && !go_on(reader))
			return 0;
	}
	return 0;
}
