/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What kevents_maps are made of: for the files of this folder. */
#ifndef KEVENTS_MAPS_INTERNAL_H
#define KEVENTS_MAPS_INTERNAL_H

#include "../jit/files.h"
#include "../maps.h"
#include "processes.h"
#include "spans.h"
#include "symbol_cache.h"

enum { LOSSES_MAX = 4096 };

struct kevents_maps {
	struct kevents_maps_options options;
	struct spans spans;
	struct processes processes;
	struct space *kernel;
	uint64_t now; /* the latest time of a record */
	uint64_t forgotten, pruned;
	size_t unprunable; /* how much was left when there was no more to let go of */
	uint64_t refused, jit_code, jit_following, lost;
	struct jit_files_count jit_count;
	int notify;	  /* inotify(7): a perf map grew; -1: none */
	uint64_t *losses; /* times, growing */
	size_t loss_count;
	struct symbol_cache *symbols;
	/* of the answer given last: what its strings point to */
	struct subject *answer_image, *answer_code;
	char *answer_symbol;
};

/* Lets go of what is too old, and of more when there is no room. To be called now and then. */
void maps_prune(struct kevents_maps *maps);
/* Whether the memory is at most the limit of the options and a sixteenth more. */
bool maps_has_room(const struct kevents_maps *maps);
size_t maps_memory(const struct kevents_maps *maps); /* bytes */

/* Code made at run time comes into a space. context is a struct jit_target. */
struct jit_target {
	struct kevents_maps *maps;
	struct space *space;
	bool is_one_file;  /* that was not written anew meanwhile */
	uint64_t sequence; /* of the last span before the file */
	uint64_t latest;   /* a time after which nothing is taken: the process had ended; 0: none */
};
/* For a struct jit_taker. 0, also for code that has no room, which counts as refused; -ENOMEM. */
int maps_take_line(
	const struct perf_map_line *line, uint64_t earliest, uint64_t seen, void *context);
int maps_take_record(const struct jitdump_record *record, void *context);

/* Begins to follow the files of a process that has executable memory. */
void maps_follow(struct kevents_maps *maps, struct process *process, const char *mapped_path);
/* Looks for the last time, before the process ends or runs another program. */
void maps_stop_following(struct kevents_maps *maps, struct process *process);

#endif
