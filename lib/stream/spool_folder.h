/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of the spool share: its structure, and the files in its folder. */
#ifndef KERNKIT_STREAM_SPOOL_FOLDER_H
#define KERNKIT_STREAM_SPOOL_FOLDER_H

#include "segment.h"
#include "spool.h"

#define POSITION_NAME "position"

struct spool_segment {
	__u64 first, last; /* numbers */
	__u64 size; /* of what is whole in it */
};

struct spool {
	char *folder;
	int folder_fd, lock_fd;
	__u64 segment_size;
	struct spool_segment *segments; /* in the order of first */
	size_t count, room;
	int active_fd; /* of the last segment, if this process made it and it has room; -1 */
	bool has_unsynced_name;
	bool is_dirty;
	__u64 records, bytes, damaged, next, position;
	struct segment_reader reader;
	__u64 reading; /* the first number of the segment that it reads */
};

enum { SEGMENT_NAME_MAX = 32 };

void spool_print_name(char *name, __u64 first);
bool spool_parse_name(const char *name, __u64 *first);

/* A file descriptor, or a negative errno. */
int spool_open_segment(const struct spool *spool, const struct spool_segment *segment, int flags);

int spool_add_segment(struct spool *spool, const struct spool_segment *segment);

/* position; 0 if the file is missing or damaged: all that is there will be published again. */
int spool_read_position(struct spool *spool);

#endif
