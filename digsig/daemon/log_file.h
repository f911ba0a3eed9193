/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A file of lines that is rotated by size: FILE is the newest, then FILE.1 up to FILE.N. A line is
 * there as a whole or not at all, also after a full disk; after a kill in the middle of a write,
 * what is torn is closed with a newline before the next line.
 */
#ifndef DIGSIG_DAEMON_LOG_FILE_H
#define DIGSIG_DAEMON_LOG_FILE_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct log_file {
	const char *path; /* not ours */
	__u64 size_max; /* it is rotated before it would grow beyond */
	unsigned int keep; /* rotated files */
	int fd; /* -1: to be opened by the next write */
	__u64 size;
	bool is_torn; /* what it ends with is not a whole line */
	gid_t group; /* that may read the file; (gid_t)-1: nobody's business but its owner's */
};

/* Nothing is opened yet. path must live as long as the file. */
void log_file_init(struct log_file *file, const char *path, __u64 size_max, unsigned int keep);
/* Closes the file; it stays. */
void log_file_close(struct log_file *file);

/* Appends whole lines, at once. 0, or a negative errno: then nothing was written. */
int log_file_write(struct log_file *file, const char *lines, size_t size);

/*
 * The last whole line that is in the file, or in FILE.1 if it has none: a new string without the
 * newline, NULL if there is none.
 */
char *log_file_last_line(const char *path);

#endif
