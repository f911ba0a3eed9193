/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The files that a runtime writes for profilers, followed while it runs: /tmp/perf-PID.map and
 * jit-PID.dump, taken from where the process sees them.
 */
#ifndef KEVENTS_JIT_FILES_H
#define KEVENTS_JIT_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include "jitdump.h"
#include "perf_map.h"

/* What a perf map shows itself to be, by how it grows. */
enum perf_map_habit {
	PERF_MAP_HABIT_UNKNOWN,
	PERF_MAP_GROWS, /* after a pause, lines were added, or its writer still holds it open */
	PERF_MAP_IS_REWRITTEN,
};

/* Gets what is read. Each returns 0 to go on, or an error that ends the look. */
struct jit_taker {
	/* A line that was not there at earliest, and was there at seen. */
	int (*take_line)(
		const struct perf_map_line *line, uint64_t earliest, uint64_t seen, void *context);
	int (*take_record)(const struct jitdump_record *record, void *context);
	void *context;
};

struct jit_files_count {
	uint64_t bad;	    /* lines and records that were not understood */
	uint64_t not_taken; /* files of the wrong owner, left over, or no files */
};

struct jit_files;

/*
 * Of a running process that runs its program since start (CLOCK_MONOTONIC). notify: an inotify(7)
 * descriptor that is to tell when the perf map grows, or -1. -ESRCH: it has gone;
 * -EACCES: no right to look at it; other errors of open(2). To be closed with jit_files_close.
 */
int jit_files_open(int32_t pid, uint64_t start, int notify, struct jit_files **files);
void jit_files_close(struct jit_files *files); /* NULL: nothing */

/* The process mapped this file, as it names it: if its name is a jitdump's, it is one. */
void jit_files_note_mapping(struct jit_files *files, const char *path);

/*
 * Reads what is new, now. Adds to *count. What take returned, or 0: that a file is not there or can
 * not be read is no error. is_last: the process has ended, nothing will come any more.
 */
int jit_files_look(struct jit_files *files, bool is_last, const struct jit_taker *taker,
	struct jit_files_count *count);

/* UNKNOWN until a jit_files_look has seen how the file grows. */
enum perf_map_habit jit_files_habit(const struct jit_files *files);

#endif
