/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of the command share: where records come from, and what shows them. */
#ifndef KEVENTS_CLI_H
#define KEVENTS_CLI_H

#include <stdbool.h>
#include <stdint.h>
#include "../../lib/command/colour.h"
#include "../../lib/command/complain.h"
#include "../kevents.h"

/* Exit codes: stable, documented in kevents(1). */
enum {
	EXIT_OK = 0,
	EXIT_ERROR = 1, /* could not be done: a missing right, a damaged recording */
	/* EXIT_USAGE = 2, of lib/command/complain.h */
	EXIT_LOST = 3, /* with --strict: records were lost */
};

/* What -e names besides the types: parts of one. */
enum selection {
	SELECT_PROCESSES = 1 << 0, /* of FORK and EXIT: those of processes */
	SELECT_THREADS = 1 << 1, /* and those of threads */
	SELECT_FAILED = 1 << 2, /* of EXIT: those that were not 0 */
	SELECT_CORE = 1 << 3, /* of EXIT: those with a core dump */
};

struct settings {
	uint32_t types; /* KEVENTS_BIT */
	uint32_t forks; /* enum selection */
	uint32_t exits;
	int32_t *pids;
	size_t pid_count;
	bool has_uid;
	uint32_t uid;
	uint64_t cgroup;
	const char *comm;
	uint32_t options; /* enum kevents_option */
	uint32_t source;
	size_t buffer_size;
	double seconds; /* 0: no end */
	double interval; /* of --rates */
	bool comm_only, no_directory, short_name, with_statistics, quiet, with_more, line_buffered;
	bool json, tree, rates, existing, no_color, strict, build_ids;
	char **command; /* what is run and watched; NULL: nothing */
	const char *output; /* of record */
	const char *input; /* of replay */
};

#define TICK_INTERVAL (-1)

/* What shows records. Any function but record may be NULL. */
struct view {
	bool sees_all; /* also records that were not selected */
	/* 0 or an exit code, after words on stderr */
	int (*begin)(const struct settings *settings);
	/* realtime: what to add to the record's time for ns since 1970; not 0: to be returned at once */
	int (*record)(const struct kevents_record *record, uint64_t realtime);
	/* now and then, at least every tick_ms; time: CLOCK_MONOTONIC */
	void (*tick)(uint64_t time, uint64_t realtime);
	int tick_ms; /* 0: no ticks; TICK_INTERVAL: as --rates says */
	int (*end)(void);
};

extern const struct view table_view, json_view, rates_view, tree_view, record_view;

/* The command line of a subcommand, name NULL: of the command itself. 0, or an exit code: *done. */
int parse_settings(int argc, char **argv, const char *name, struct settings *settings, bool *done);
void free_settings(struct settings *settings);

/* Whether the record is one that -e names: what the types alone do not tell. */
bool is_selected(const struct settings *settings, const struct kevents_record *record);

/* What is to be asked for, so that the view can show what is selected. */
uint32_t types_for(const struct settings *settings, const struct view *view);

/* Nanoseconds between two ticks; 0: none. */
uint64_t tick_every(const struct view *view, const struct settings *settings);

/* Show the running kernel, or a recording, until the end. Return an exit code. */
int run_live(const struct settings *settings, const struct view *view);
int run_replay(const struct settings *settings, const struct view *view);

#endif
