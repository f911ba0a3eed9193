/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Faults in the kernel's log: "segfault at" lines and oopses, with whatever stands before each line (time, host,
 * level) and between their lines. Where the kernel names the caller, as in "[ T123]", lines of several callers
 * may be mixed.
 */
#ifndef PREFETCH_EXPLAIN_LOG_H
#define PREFETCH_EXPLAIN_LOG_H

#include "record.h"

enum { LOG_CALLERS_MAX = 16 };

/* What has been read of a fault so far. */
struct log_caller {
	char name[16]; /* "" is that of lines without one */
	bool is_open; /* record is begun */
	bool is_over; /* an oops whose registers are all read: what follows is about its callers */
	struct record record;
};

struct log_reader {
	/* Gets each fault as soon as all of it is read. */
	void (*found)(void *context, const struct record *record);
	void *context;
	struct explained_processor processor; /* of the last line that names one */
	struct log_caller callers[LOG_CALLERS_MAX];
	size_t count, next; /* next: whose place a new caller gets when all are taken */
};

/* A line without its end; any bytes. */
void log_read_line(struct log_reader *reader, const char *line);

/* There are no more lines: what is open is all there is. */
void log_end(struct log_reader *reader);

#endif
