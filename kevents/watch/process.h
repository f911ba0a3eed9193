/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What /proc tells of a process. Any of it may be gone at any moment; -ENOENT, -ESRCH: it is.
 */
#ifndef KEVENTS_WATCH_PROCESS_H
#define KEVENTS_WATCH_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct process {
	int32_t pid;
	int32_t parent_pid;
	uint32_t uid; /* (uint32_t)-1: not known */
	uint64_t cgroup; /* 0: not known */
	uint64_t start_time; /* CLOCK_MONOTONIC, to 10 ms */
	bool is_kernel_thread;
	char comm[16];
};

/*
 * tid 0: the process itself; else that thread of it. -ENOENT, -ESRCH: it has gone; -ENOMEM, other
 * errors of open(2) and read(2).
 */
int process_read(int32_t pid, int32_t tid, struct process *process);

/* comm, parent and start time alone; nothing else is opened. Errors as above. */
int process_read_stat(int32_t pid, int32_t tid, struct process *process);

/* Whether it is in that control group, or in one below. */
bool process_is_below(int32_t pid, uint64_t cgroup);

/*
 * The whole of a file in /proc/PID, at most 16 MiB, with a 0 behind; *bytes is to be freed.
 * -ENOMEM, and the errors of open(2) and read(2).
 */
int process_file(int32_t pid, const char *name, char **bytes, size_t *size);

/* Where /proc/PID/exe leads; size of path: PATH_MAX. readlink(2)'s errors. */
int process_program(int32_t pid, char *path, size_t size);

/*
 * All processes, those that began first before; *list is to be freed. One that goes meanwhile is
 * left out.
 */
int process_list(struct process **list, size_t *count);

/* False: it has no child, so that nothing descends from it; true: it has, or that cannot be known. */
bool process_may_have_children(int32_t pid);

/* The ids of the threads of one; *tids is to be freed. -ENOENT: it has gone. */
int process_threads(int32_t pid, int32_t **tids, size_t *count);

#endif
