// SPDX-License-Identifier: GPL-2.0-or-later
#include "log_files.h"
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* The file itself, and as many rotated ones as log-keep allows. */
#define FILES_MAX 101

/* The newest first. */
struct files {
	FILE *file[FILES_MAX];
	size_t count;
};

struct line {
	char *text; /* what was read of it */
	size_t length, room;
};

static bool append(struct line *line, const char *text, size_t size)
{
	if (line->length + size + 1 > line->room) {
		size_t room = 2 * (line->length + size + 1);
		char *more = realloc(line->text, room);

		if (!more)
			return false;
		line->text = more;
		line->room = room;
	}
	memcpy(line->text + line->length, text, size);
	line->length += size;
	line->text[line->length] = 0;
	return true;
}

/* Hands on each line that has its newline; what is behind the last one stays in *line. */
static int read_lines(FILE *file, struct line *line, log_files_visitor *visit, void *context)
{
	char text[4096];

	clearerr(file);
	while (fgets(text, sizeof(text), file)) {
		size_t size = strlen(text);

		if (!append(line, text, size))
			return -ENOMEM;
		if (!line->length || line->text[line->length - 1] != '\n')
			continue;
		line->text[line->length - 1] = 0;
		line->length = 0;
		if (!visit(line->text, context))
			return -ECANCELED;
	}
	return ferror(file) ? -EIO : 0;
}

static bool is_same(FILE *one, FILE *other)
{
	struct stat first, second;

	return one && !fstat(fileno(one), &first) && !fstat(fileno(other), &second) &&
		first.st_ino == second.st_ino && first.st_dev == second.st_dev;
}

/*
 * Opens what is newer than known (NULL: all). While this goes on, files may be renamed, each to the
 * next number: then one comes up twice.
 */
static void open_newer(const char *name, FILE *known, struct files *files)
{
	char rotated[PATH_MAX];

	files->count = 0;
	for (unsigned int number = 0; number < FILES_MAX; number++) {
		FILE *file;

		snprintf(rotated, sizeof(rotated), "%s.%u", name, number);
		file = fopen(number ? rotated : name, "re");
		if (!file)
			continue; /* there may be a gap after a crash */
		if (is_same(known, file)) {
			fclose(file);
			break;
		}
		if (files->count && is_same(files->file[files->count - 1], file))
			fclose(file);
		else
			files->file[files->count++] = file;
	}
}

/* Reads and closes all but the newest, which becomes *current. */
static int read_files(struct files *files, FILE **current, struct line *line,
	log_files_visitor *visit, void *context)
{
	int err = 0;

	while (files->count) {
		FILE *file = files->file[--files->count];

		line->length = 0;
		if (!err)
			err = read_lines(file, line, visit, context);
		if (files->count || err)
			fclose(file);
		else
			*current = file;
	}
	return err;
}

int log_files_read(const char *name, bool follow, const volatile sig_atomic_t *stop,
	log_files_visitor *visit, void *context)
{
	struct timespec pause = { .tv_nsec = 200 * 1000 * 1000 };
	struct line line = { 0 };
	FILE *current = NULL;
	struct files newer;
	int err;

	if (access(name, R_OK) && errno != ENOENT)
		return -errno;
	do {
		open_newer(name, current, &newer);
		err = 0;
		/* What was written before it was renamed is read last. */
		if (current)
			err = read_lines(current, &line, visit, context);
		if (newer.count && current) {
			fclose(current);
			current = NULL;
		}
		if (newer.count && !err)
			err = read_files(&newer, &current, &line, visit, context);
		while (newer.count)
			fclose(newer.file[--newer.count]);
		if (follow && !err && !*stop)
			nanosleep(&pause, NULL);
	} while (follow && !err && !*stop);
	if (current)
		fclose(current);
	free(line.text);
	return err == -ECANCELED ? 0 : err;
}
