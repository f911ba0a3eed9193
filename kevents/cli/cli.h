/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of the command share: where records come from, and what shows them. */
#ifndef KEVENTS_CLI_H
#define KEVENTS_CLI_H

#include <stdbool.h>
#include <stdint.h>
#include "../../lib/command/colour.h"
#include "../../lib/command/command.h"
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
	bool comm_only, no_directory, short_name, with_statistics, quiet, with_more, line_buffered, wide;
	bool json, tree, rates, existing, no_color, strict, build_ids, children;
	char **command; /* what is run and watched; NULL: nothing */
	const char *output; /* of record */
	const char *output_file; /* of the others, in place of standard output; NULL: that */
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
	/* the terminal has another size; NULL: what comes next fits */
	void (*redraw)(void);
	int tick_ms; /* 0: no ticks; TICK_INTERVAL: as --rates says */
	/* the account of a watch that is over */
	void (*sums)(const struct kevents_sums *sums, uint64_t time, uint64_t realtime);
	int (*end)(void);
};

/* The subcommands that have a file of their own. */
extern const struct command report_command, resolve_command;

extern const struct view table_view, json_view, rates_view, tree_view, record_view;

/* Of a struct settings: kevents itself, kevents record and kevents replay. */
extern const struct command_option watch_options[], record_options[], replay_options[];

/*
 * The command line of one of these; file: where the name of its recording goes, output or input of the
 * settings; NULL: it has none. True: go on; false: *code is the exit code.
 */
bool settings_take(const struct command *command, int argc, char **argv, struct settings *settings,
	const char **file, int *code);
/* Frees pids, also after settings_take returned false. The strings are in argv. */
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
