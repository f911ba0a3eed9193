// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "../../lib/text/duration.h"
#include "../../lib/text/number.h"
#include "cli.h"

/* The inode of the initial pid namespace: the kernel's PROC_PID_INIT_INO. */
#define PROC_PID_INIT_INO 0xEFFFFFFCU

static int bad(const char *option, const char *value, const char *what)
{
	return usage_error("%s %s: %s", option, value, what);
}

static void select_process_events(struct settings *settings, uint32_t forks, uint32_t exits)
{
	settings->forks |= forks;
	settings->exits |= exits;
	if (forks)
		settings->types |= KEVENTS_BIT(KEVENTS_FORK);
	if (exits)
		settings->types |= KEVENTS_BIT(KEVENTS_EXIT);
}

static bool add_event(struct settings *settings, const char *name)
{
	uint32_t type = kevents_type_by_name(name);

	if (!strcmp(name, "fork"))
		select_process_events(settings, SELECT_PROCESSES, 0);
	else if (!strcmp(name, "exit"))
		select_process_events(settings, 0, SELECT_PROCESSES);
	else if (!strcmp(name, "clone"))
		select_process_events(settings, SELECT_THREADS, SELECT_THREADS);
	else if (!strcmp(name, "exitnonzero"))
		select_process_events(settings, 0, SELECT_FAILED);
	else if (!strcmp(name, "core"))
		select_process_events(settings, 0, SELECT_CORE);
	else if (!strcmp(name, "all")) {
		settings->types = KEVENTS_ALL;
		settings->forks = settings->exits = SELECT_PROCESSES | SELECT_THREADS;
	} else if (type)
		settings->types |= KEVENTS_BIT(type);
	else
		return false;
	return true;
}

static int add_events(void *field, char *list)
{
	struct settings *settings = field;
	char *rest, *event;

	for (event = strtok_r(list, ",", &rest); event; event = strtok_r(NULL, ",", &rest))
		if (!add_event(settings, event))
			return bad("-e", event, "no such event");
	return 0;
}

static int add_pids(void *field, char *list)
{
	struct settings *settings = field;
	char *rest, *text;

	for (text = strtok_r(list, ",", &rest); text; text = strtok_r(NULL, ",", &rest)) {
		int32_t *larger;
		__u64 pid;

		if (number_parse(text, 1, INT32_MAX, &pid))
			return bad("-p", text, "not the id of a process");
		larger = realloc(
			settings->pids, (settings->pid_count + 1) * sizeof(*settings->pids));
		if (!larger)
			return EXIT_ERROR;
		settings->pids = larger;
		settings->pids[settings->pid_count++] = (int32_t)pid;
	}
	return 0;
}

static int set_user(void *field, char *text)
{
	struct settings *settings = field;
	struct passwd *user = getpwnam(text);
	__u64 uid;

	if (user)
		uid = user->pw_uid;
	else if (number_parse(text, 0, UINT32_MAX, &uid))
		return bad("-u", text, "no such user");
	settings->has_uid = true;
	settings->uid = (uint32_t)uid;
	return 0;
}

/* A path, in the file system or below the root of the hierarchy. */
static int set_cgroup(void *field, char *text)
{
	struct settings *settings = field;
	static const char *const roots[] = {"", "/sys/fs/cgroup/unified/", "/sys/fs/cgroup/"};
	char path[4096];
	struct stat status;

	for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]); i++) {
		snprintf(path, sizeof(path), "%s%s/cgroup.procs", roots[i], text);
		if (stat(path, &status))
			continue;
		snprintf(path, sizeof(path), "%s%s", roots[i], text);
		if (stat(path, &status))
			continue;
		settings->cgroup = status.st_ino;
		return 0;
	}
	return bad("--cgroup", text, "no such control group");
}

static int set_buffer(void *field, char *text)
{
	struct settings *settings = field;
	__u64 size;

	if (number_parse(text, 64, 1 << 20, &size) || size & (size - 1))
		return bad("--buffer", text, "a power of two of KiB from 64 to 1048576");
	settings->buffer_size = (size_t)size << 10;
	return 0;
}

static int add_all(void *settings, char *none)
{
	(void)none;
	add_event(settings, "all");
	return 0;
}

static int set_name(void *comm, char *text)
{
	if (strlen(text) > 15)
		return bad("--name", text, "a thread's name has at most 15 bytes");
	*(const char **)comm = text;
	return 0;
}

static int set_rates(void *field, char *text)
{
	struct settings *settings = field;

	settings->rates = true;
	settings->interval = 1;
	if (text && duration_parse(text, &settings->interval))
		return bad("--rates", text, "not a duration: " DURATION_RULE);
	return 0;
}

/* "--rates 2" means "--rates=2". */
static bool is_duration(const char *word)
{
	double seconds;

	return !duration_parse(word, &seconds);
}

static const struct option_word events[] = { { "all", 0 }, { "anon", 0 }, { "cgroup", 0 }, { "clone", 0 },
	{ "comm", 0 }, { "core", 0 }, { "exec", 0 }, { "exit", 0 }, { "exitnonzero", 0 }, { "fork", 0 },
	{ "kload", 0 }, { "kunload", 0 }, { "load", 0 }, { "unload", 0 }, { 0 } };

static const struct option_word sources[] = {
	{ "bpf", KEVENTS_SOURCE_BPF },
	{ "perf", KEVENTS_SOURCE_PERF },
	{ 0 },
};

static const struct command_option wanted[] = {
	{ OPTION_CALL, 'e', "events", "LIST",
		"fork exec exit load unload anon kload kunload comm cgroup, clone (threads), exitnonzero, "
		"core, all (default: fork,exec,exit)",
		.take = add_events, .words = events, .has_commas = true },
	{ OPTION_CALL, 'E', "all", NULL, "-e all", .take = add_all },
	{ OPTION_CALL, 'p', "pid", "LIST", "only these processes", .take = add_pids,
		.offer = OFFER_PROCESSES },
	{ OPTION_FLAG, 0, "children", NULL, "and what they fork", OPTION_FIELD(struct settings, children) },
	{ OPTION_CALL, 'u', "user", "USER", "only of this user", .take = set_user, .offer = OFFER_USERS },
	{ OPTION_CALL, 0, "cgroup", "PATH", "only in this control group, or below", .take = set_cgroup,
		.offer = OFFER_FOLDERS },
	{ OPTION_CALL, 0, "name", "NAME", "only of threads with this name",
		OPTION_FIELD(struct settings, comm), .take = set_name },
	{ OPTION_DURATION, 'D', "duration", "TIME", "end after TIME: seconds, or as 500ms, 10m, 8h",
		OPTION_FIELD(struct settings, seconds) },
	{ 0 },
};

static const struct command_option shown[] = {
	{ OPTION_FLAG, 'c', "comm", NULL, "the thread's name in place of the command line",
		OPTION_FIELD(struct settings, comm_only) },
	{ OPTION_FLAG, 'd', "basename", NULL, "without the program's directory",
		OPTION_FIELD(struct settings, no_directory) },
	{ OPTION_FLAG, 's', "short", NULL, "without arguments", OPTION_FIELD(struct settings, short_name) },
	{ OPTION_FLAG, 'x', "extra", NULL, "user and parent, too", OPTION_FIELD(struct settings, with_more) },
	{ OPTION_FLAG, 'S', "statistics", NULL, "numbers at the end, by program",
		OPTION_FIELD(struct settings, with_statistics) },
	{ OPTION_FLAG, 'q', "quiet", NULL, "these alone", OPTION_FIELD(struct settings, quiet) },
	{ OPTION_FLAG, 'l', "line-buffered", NULL, "each line at once",
		OPTION_FIELD(struct settings, line_buffered) },
	{ OPTION_FLAG, 'w', "wide", NULL, "lines of any length, also on a terminal",
		OPTION_FIELD(struct settings, wide) },
	{ OPTION_FLAG, 0, "existing", NULL, "first what was there before",
		OPTION_FIELD(struct settings, existing) },
	{ OPTION_FLAG, 0, "build-ids", NULL, "the build id of each image that is loaded",
		OPTION_FIELD(struct settings, build_ids) },
	{ OPTION_FLAG, 0, "json", NULL, "print one JSON object a line", OPTION_FIELD(struct settings, json) },
	{ OPTION_CALL, 0, "rates", "TIME", "events per second, every TIME (1s), and who causes them",
		.is_optional = true, .is_value = is_duration, .take = set_rates },
	{ OPTION_FLAG, 0, "tree", NULL, "at the end: who made whom", OPTION_FIELD(struct settings, tree) },
	{ OPTION_FLAG, 0, "no-color", NULL, "no colour (also: NO_COLOR)",
		OPTION_FIELD(struct settings, no_color) },
	{ OPTION_VALUE, 'o', "output", "FILE", "all of it into FILE, and not to standard output",
		OPTION_FIELD(struct settings, output_file), .offer = OFFER_FILES },
	{ 0 },
};

static const struct command_option strict[] = {
	{ OPTION_FLAG, 0, "strict", NULL, "exit with 3 if records were lost or are incomplete",
		OPTION_FIELD(struct settings, strict) },
	{ 0 },
};

static const struct command_option where_from[] = {
	{ OPTION_WORD, 0, "source", "SOURCE", "bpf or perf (default: bpf, and where that is refused perf)",
		OPTION_FIELD(struct settings, source), .words = sources },
	{ OPTION_CALL, 0, "buffer", "KIB", "the kernel's buffer, a power of two (default: 8192)",
		.take = set_buffer },
	{ OPTION_GROUP, .group = strict },
	{ 0 },
};

const struct command_option watch_options[] = {
	{ OPTION_GROUP, .help = "What is wanted:", .group = wanted },
	{ OPTION_GROUP, .help = "How it is shown:", .group = shown },
	{ OPTION_GROUP, .help = "Where from:", .group = where_from },
	{ 0 },
};

const struct command_option record_options[] = {
	{ OPTION_GROUP, .help = "What is wanted:", .group = wanted },
	{ OPTION_GROUP, .help = "Where from:", .group = where_from },
	{ 0 },
};

const struct command_option replay_options[] = {
	{ OPTION_GROUP, .help = "What is wanted:", .group = wanted },
	{ OPTION_GROUP, .help = "How it is shown:", .group = shown },
	{ OPTION_GROUP, .help = "Where from:", .group = strict },
	{ 0 },
};

/* A recording and a tree begin with what there is, a table needs the names. */
static void choose_synthesis(struct settings *settings, bool is_recording)
{
	bool is_table = !settings->json && !settings->rates;

	if (settings->children)
		settings->options |= KEVENTS_DESCENDANTS;
	if (is_recording || settings->existing || settings->tree ||
		(is_table && !settings->comm_only && !settings->command))
		settings->options |= KEVENTS_SYNTHESISE;
	if (is_recording || settings->build_ids)
		settings->options |= KEVENTS_BUILD_IDS;
}

static void set_defaults(struct settings *settings, bool is_recording)
{
	settings->with_statistics |= settings->quiet;
	choose_synthesis(settings, is_recording);
	if (settings->types)
		return;
	if (is_recording || settings->rates)
		add_event(settings, "all");
	if (settings->types)
		return;
	add_event(settings, "fork");
	add_event(settings, "exec");
	add_event(settings, "exit");
}

/* What stands behind "--" is a command to run, with options of its own; NULL: nothing does. */
static char **cut_command(int *argc, char **argv)
{
	for (int i = 1; i < *argc; i++) {
		if (strcmp(argv[i], "--"))
			continue;
		*argc = i;
		return argv[i + 1] ? argv + i + 1 : NULL;
	}
	return NULL;
}

static int check(const struct settings *settings)
{
	if (settings->tree && settings->rates)
		return usage_error("--tree and --rates exclude each other");
	if (settings->tree && settings->json)
		return usage_error("--tree has no JSON");
	if (settings->command && settings->pid_count)
		return usage_error("a command and -p exclude each other");
	if (settings->command && settings->input)
		return usage_error("a recording is replayed: no command is run");
	return 0;
}

/* Ids are those of the initial pid namespace: elsewhere nothing can be said of them. */
static bool knows_pids(void)
{
	struct stat status;

	return !stat("/proc/self/ns/pid", &status) && status.st_ino == PROC_PID_INIT_INO;
}

/* The process that a thread is of; 0: not known. */
static int32_t process_of(int32_t tid)
{
	char path[32], line[256];
	int32_t pid = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%" PRId32 "/status", tid);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "Tgid: %" SCNd32, &pid) == 1)
			break;
	if (file)
		fclose(file);
	return pid;
}

/* Of what runs: a process that is not there would be waited for without end. */
static int check_pids(const struct settings *settings)
{
	for (size_t i = 0; i < settings->pid_count && knows_pids(); i++) {
		int32_t pid = settings->pids[i], process = process_of(pid);

		if (kill(pid, 0) && errno == ESRCH)
			return usage_error("-p %" PRId32 ": no such process", pid);
		if (process && process != pid)
			return usage_error("-p %" PRId32 ": a thread of process %" PRId32 ": -p is for processes", pid,
				process);
	}
	return 0;
}

bool settings_take(const struct command *command, int argc, char **argv, struct settings *settings,
	const char **file, int *code)
{
	memset(settings, 0, sizeof(*settings));
	settings->command = cut_command(&argc, argv);
	if (!options_take(command, &argc, &argv, settings, code))
		return false;
	if (file)
		*file = argv[0];
	*code = check(settings);
	if (!*code && !settings->input)
		*code = check_pids(settings);
	set_defaults(settings, settings->output);
	return !*code;
}

void free_settings(struct settings *settings)
{
	free(settings->pids);
}

static uint32_t kind_of_exit(const struct kevents_exit *exit)
{
	uint32_t kind = exit->is_thread ? SELECT_THREADS : SELECT_PROCESSES;

	if (!exit->is_thread && (exit->status || exit->signal))
		kind |= SELECT_FAILED;
	if (!exit->is_thread && exit->dumped_core)
		kind |= SELECT_CORE;
	return kind;
}

bool is_selected(const struct settings *settings, const struct kevents_record *record)
{
	if (record->type == KEVENTS_LOST)
		return true;
	if (!(settings->types & KEVENTS_BIT(record->type)))
		return false;
	if (record->type == KEVENTS_FORK)
		return settings->forks &
			(record->fork.is_thread ? SELECT_THREADS : SELECT_PROCESSES);
	if (record->type == KEVENTS_EXIT)
		return settings->exits & kind_of_exit(&record->exit);
	return true;
}

uint64_t tick_every(const struct view *view, const struct settings *settings)
{
	if (view->tick_ms != TICK_INTERVAL)
		return (uint64_t)view->tick_ms * 1000000;
	return settings->interval < 0.001 ? 1000000 : (uint64_t)(settings->interval * 1e9);
}

/* A line about a fork or an exit has the command line, which another record told before. */
uint32_t types_for(const struct settings *settings, const struct view *view)
{
	uint32_t named = KEVENTS_BIT(KEVENTS_FORK) | KEVENTS_BIT(KEVENTS_EXIT);

	if (!view->sees_all || settings->comm_only || !(settings->types & named))
		return settings->types;
	return settings->types | KEVENTS_BIT(KEVENTS_FORK) | KEVENTS_BIT(KEVENTS_EXEC);
}
