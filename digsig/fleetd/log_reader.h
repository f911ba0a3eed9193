/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Follows a file of lines that is rotated: FILE, then FILE.1 and so on, as digsigd's log. It goes on where it was, also in another
 * process: a place is an offset in a file that begins in a certain way, whatever the file is called by then.
 */
#ifndef DIGSIG_FLEETD_LOG_READER_H
#define DIGSIG_FLEETD_LOG_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>

enum {
	LOG_LINE_MAX = 64 << 10, /* bytes; a longer line is lost */
	LOG_MARK_MAX = 512,
};

struct log_place {
	__u64 offset; /* all before was read */
	__u64 mark; /* of the first mark_size bytes */
	unsigned int mark_size; /* 0: nothing was read ever */
};

struct log_reader {
	const char *path; /* not ours */
	unsigned int keep; /* rotated files that are kept */
	int fd; /* -1: none is open */
	bool is_final; /* it was rotated away: nothing comes any more */
	bool is_skipping; /* the rest of a line that was too long */
	struct log_place place, before; /* before: the end of the file before, until something of this one was read */
	char *bytes; /* from place.offset on */
	size_t begin, end;
	/*
	 * What cannot be read any more, at least: a line that is too long, or has no end, is one; so is a place that is in no
	 * file any more, for nobody knows how much was behind it.
	 */
	__u64 lost;
};

/* Opens nothing yet. place: where to go on. path must live as long as the reader. 0; -ENOMEM. */
int log_reader_init(struct log_reader *reader, const char *path, unsigned int keep, const struct log_place *place);
void log_reader_free(struct log_reader *reader);

/* Looks whether the file was truncated, or written anew. To be called now and then. */
void log_reader_look(struct log_reader *reader);

/*
 * The next line, without its newline, which stays until the next call. 1; 0: there is none at the moment; a negative errno: the file
 * cannot be read.
 */
int log_reader_next(struct log_reader *reader, const char **line, size_t *size);

/* The place behind the line that was read last. */
void log_reader_place(struct log_reader *reader, struct log_place *place);

#endif
