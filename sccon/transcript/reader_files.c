// SPDX-License-Identifier: GPL-2.0-or-later
#include "reader_files.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../../lib/file/parent.h"
#include "../../lib/text/number.h"
#include "order.h"
#include "place.h"

/* The number of no file. */
#define NO_NUMBER (~0U)

/* How often a file is looked for anew when others are rotated at that moment. */
enum { TRIES = 16 };

static void print_name(char *text, const char *name, unsigned int number)
{
	if (number)
		snprintf(text, NAME_MAX + 1, "%s.%u", name, number);
	else
		snprintf(text, NAME_MAX + 1, "%s", name);
}

static bool look(const struct reader *reader, unsigned int number, struct stat *st)
{
	char name[NAME_MAX + 1];

	print_name(name, reader->name, number);
	return !fstatat(reader->folder, name, st, 0);
}

static int open_number(struct reader *reader, unsigned int number, int *descriptor)
{
	char name[NAME_MAX + 1];
	struct stat st;

	print_name(name, reader->name, number);
	*descriptor = openat(reader->folder, name, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (*descriptor < 0)
		return -errno;
	if (!fstat(*descriptor, &st) && S_ISREG(st.st_mode))
		return 0;
	close(*descriptor);
	return -EINVAL;
}

/* The number of an earlier file of that name; 0: it is none. */
static unsigned int number_of(const struct reader *reader, const char *name)
{
	size_t length = strlen(reader->name);
	__u64 number;

	if (strncmp(name, reader->name, length) || name[length] != '.' || name[length + 1] == '0' ||
		number_parse(name + length + 1, 1, READER_FILES_MAX, &number))
		return 0;
	return (unsigned int)number;
}

/* The highest number that there is: a rotation that was killed has left one out. */
static unsigned int oldest_number(const struct reader *reader)
{
	int descriptor = openat(reader->folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *folder = descriptor < 0 ? NULL : fdopendir(descriptor);
	unsigned int oldest = 0;
	struct dirent *entry;

	if (!folder) {
		if (descriptor >= 0)
			close(descriptor);
		return 0;
	}
	while ((entry = readdir(folder))) {
		unsigned int number = number_of(reader, entry->d_name);

		if (number > oldest)
			oldest = number;
	}
	closedir(folder);
	return oldest;
}

static bool is_number(const struct reader *reader, unsigned int number, const struct stat *open)
{
	struct stat st;

	return look(reader, number, &st) && st.st_dev == open->st_dev && st.st_ino == open->st_ino;
}

/* The number that the open file has now. */
static unsigned int own_number(const struct reader *reader, const struct stat *open)
{
	unsigned int oldest = oldest_number(reader);

	for (unsigned int number = 0; number <= oldest; number++)
		if (is_number(reader, number, open))
			return number;
	return NO_NUMBER;
}

static void take(struct reader *reader, int descriptor)
{
	if (reader->descriptor >= 0)
		close(reader->descriptor);
	reader->descriptor = descriptor;
	reader->offset = 0;
	/* What cannot be searched is read. */
	if (reader->since && order_search(descriptor, reader->since, &reader->offset, &reader->bytes_read))
		reader->offset = 0;
}

/* The file was removed. */
static int begin_anew(struct reader *reader)
{
	int descriptor, err = open_number(reader, oldest_number(reader), &descriptor);

	if (err)
		return err == -ENOENT ? READER_NEWEST : err;
	reader->gaps++;
	take(reader, descriptor);
	return READER_MOVED;
}

/* READER_MOVED; or 0: files were renamed meanwhile, or the next one is not there yet. */
static int move_from(struct reader *reader, unsigned int number, const struct stat *open)
{
	int descriptor, err = -ENOENT;

	for (unsigned int newer = number; newer && err == -ENOENT;)
		err = open_number(reader, --newer, &descriptor);
	if (err == -ENOENT)
		return 0;
	if (err)
		return err;
	if (!is_number(reader, number, open)) {
		close(descriptor);
		return 0;
	}
	take(reader, descriptor);
	return READER_MOVED;
}

int reader_files_next(struct reader *reader)
{
	struct stat open;

	for (int i = 0; i < TRIES; i++) {
		unsigned int number;
		int result;

		if (fstat(reader->descriptor, &open))
			return -errno;
		number = own_number(reader, &open);
		if (!number)
			return READER_NEWEST;
		/* What was written between the end that was seen and the renaming. */
		if (fstat(reader->descriptor, &open))
			return -errno;
		if (open.st_size > reader->offset)
			return READER_MORE;
		/* One look may miss a file that is being renamed. */
		if (number == NO_NUMBER && open.st_nlink)
			continue;
		result = number == NO_NUMBER ? begin_anew(reader) : move_from(reader, number, &open);
		if (result)
			return result;
	}
	return READER_NEWEST;
}

int reader_files_begin(struct reader *reader)
{
	int descriptor, err = -ENOENT;

	for (int i = 0; i < TRIES && err == -ENOENT; i++)
		err = open_number(reader, oldest_number(reader), &descriptor);
	if (!err)
		take(reader, descriptor);
	return err;
}

int reader_open(struct reader *reader, const char *path, __u64 since)
{
	int err;

	*reader = (struct reader){ .descriptor = -1, .folder = -1, .since = since };
	err = place_name(path, &reader->name);
	if (!err)
		reader->folder = parent_open(path);
	if (!err && reader->folder < 0)
		err = reader->folder;
	if (!err)
		err = reader_files_begin(reader);
	if (err)
		reader_close(reader);
	return err;
}

void reader_close(struct reader *reader)
{
	if (reader->descriptor >= 0)
		close(reader->descriptor);
	if (reader->folder >= 0)
		close(reader->folder);
	free(reader->name);
}
