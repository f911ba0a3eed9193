/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The file that records are added to, and its rotation: FILE becomes FILE.1, FILE.1 becomes FILE.2, and so on.
 *
 * Records are written whole and at once, so that nothing of them is lost when the process is killed. What the file cannot
 * take, because the disk is full, waits in memory; when that is full too, records are dropped and counted, and a note in
 * the log says so where they are missing. No call waits for the disk but for rotation and the end, when the file is synced:
 * of what came in the last half minute a power failure may take a part, as of any file.
 */
#ifndef SCCON_TRANSCRIPT_LOG_FILE_H
#define SCCON_TRANSCRIPT_LOG_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <linux/types.h>

enum { LOG_FILE_WAITING_MAX = 256 << 10 };

struct log_file_settings {
	const char *path;
	__u64 rotate_size; /* rotated before it is larger; 0: never */
	__u64 rotate_age; /* milliseconds: rotated when its first record is so old; 0: never */
	unsigned int keep; /* so many earlier files; 0: none */
};

/* What is to be told to people; each once until it is over. */
enum log_file_event {
	LOG_FILE_FAILING, /* cannot be written to: err */
	LOG_FILE_WRITTEN_AGAIN, /* what waited is in the file */
	LOG_FILE_NOT_ROTATED, /* err; it is written to nevertheless, and rotation is tried again later */
};

typedef void log_file_tell(void *context, enum log_file_event event, int err);

struct log_file {
	struct log_file_settings settings;
	log_file_tell *tell;
	void *context;
	char *name; /* in the folder */
	int folder, descriptor;
	__u64 size, first; /* of the file; the time of its first record */
	__u64 newest; /* no record of it has a later time */
	__u64 tried; /* when rotation failed */
	bool is_failing, is_not_rotated;
	char *waiting; /* records */
	size_t waiting_size, waiting_done; /* so many bytes of the first are in the file already */
	size_t waiting_marked; /* so many bytes of them know whether the clock was set back */
	__u64 missing; /* records dropped since the last note */

	/* Counts since it was opened. */
	__u64 records, bytes, dropped, rotations;
};

/*
 * Opens the file, or makes it with the mode 0640, and locks it. file is all zero but for tell and context; path stays
 * the caller's. A last line without an end gets one. 0; -EWOULDBLOCK: another process logs there; -EINVAL: it is no
 * regular file; another negative errno. Then file is as it was.
 */
int log_file_open(struct log_file *file, const struct log_file_settings *settings, __u64 now);

/* Adds a record, size bytes with their newline, to those that wait. now: milliseconds since 1970. */
void log_file_add(struct log_file *file, __u64 now, const char *record, size_t size);

/* Writes what waits. Called after each few log_file_add. */
void log_file_write(struct log_file *file, __u64 now);

/*
 * Opens the path anew: after somebody else has renamed the file. 0 or a negative errno, and the file is the one that was
 * open before.
 */
int log_file_reopen(struct log_file *file, __u64 now);

/* Writes and syncs; what cannot be written is lost. How many records that are, and the dropped ones that no note tells of. */
__u64 log_file_close(struct log_file *file, __u64 now);

#endif
