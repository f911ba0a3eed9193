/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which process a number meant, and which address space it had, at a time. */
#ifndef KEVENTS_MAPS_PROCESSES_H
#define KEVENTS_MAPS_PROCESSES_H

#include "spans.h"

/* From a fork, an exec or an end, until the next one of the same number. */
struct era {
	uint64_t from;
	uint64_t known;	     /* since when the records tell of it: later than from if it was found
				running */
	uint64_t start_time; /* of the process, as records have it */
	struct space *space; /* NULL: there is no process */
	char comm[16];
};

struct process {
	struct process *next;
	int32_t pid;
	uint32_t count, room;
	struct era *eras;      /* in the order of time; at least one */
	struct jit_files *jit; /* that are followed, or NULL */
};

struct processes {
	struct process **buckets;
	size_t bucket_count, count, running;
	size_t memory; /* bytes, without the spaces */
};

/* NULL: there is none. */
struct process *process_find(const struct processes *processes, int32_t pid);
/* The same, but makes one that has no era; NULL when memory is short. */
struct process *process_find_or_make(struct processes *processes, int32_t pid);

/* The last one; NULL: none. */
struct era *process_now(const struct process *process);
/* The one that the time falls into; NULL: none. process may be NULL. */
struct era *process_at(const struct process *process, uint64_t time);

/*
 * Adds an era behind the others, whose reference to its space it takes over, also when it fails. 0
 * or -ENOMEM.
 */
int process_add_era(struct processes *processes, struct spans *spans, struct process *process,
	const struct era *era);

/* Lets go of what ended before horizon. */
void processes_prune(struct processes *processes, struct spans *spans, uint64_t horizon);

/* In no order. visit must not add or remove processes. */
void processes_each(const struct processes *processes,
	void (*visit)(struct process *process, void *context), void *context);

/* All are to be without followed files. */
void processes_free(struct processes *processes, struct spans *spans);

#endif
