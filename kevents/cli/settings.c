// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <getopt.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "cli.h"
#include "config.h"
#include "help.h"

enum {
	OPTION_BUFFER = 256,
	OPTION_CGROUP,
	OPTION_CHILDREN,
	OPTION_EXISTING,
	OPTION_JSON,
	OPTION_NAME,
	OPTION_NO_COLOR,
	OPTION_RATES,
	OPTION_SOURCE,
	OPTION_STRICT,
	OPTION_TREE,
	OPTION_BUILD_IDS,
};

static const struct option long_options[] = {
	{"all", no_argument, NULL, 'E'},
	{"basename", no_argument, NULL, 'd'},
	{"buffer", required_argument, NULL, OPTION_BUFFER},
	{"build-ids", no_argument, NULL, OPTION_BUILD_IDS},
	{"cgroup", required_argument, NULL, OPTION_CGROUP},
	{"children", no_argument, NULL, OPTION_CHILDREN},
	{"comm", no_argument, NULL, 'c'},
	{"duration", required_argument, NULL, 'D'},
	{"events", required_argument, NULL, 'e'},
	{"existing", no_argument, NULL, OPTION_EXISTING},
	{"extra", no_argument, NULL, 'x'},
	{"help", no_argument, NULL, 'h'},
	{"json", no_argument, NULL, OPTION_JSON},
	{"line-buffered", no_argument, NULL, 'l'},
	{"name", required_argument, NULL, OPTION_NAME},
	{"no-color", no_argument, NULL, OPTION_NO_COLOR},
	{"pid", required_argument, NULL, 'p'},
	{"quiet", no_argument, NULL, 'q'},
	{"rates", optional_argument, NULL, OPTION_RATES},
	{"short", no_argument, NULL, 's'},
	{"source", required_argument, NULL, OPTION_SOURCE},
	{"statistics", no_argument, NULL, 'S'},
	{"strict", no_argument, NULL, OPTION_STRICT},
	{"tree", no_argument, NULL, OPTION_TREE},
	{"user", required_argument, NULL, 'u'},
	{"version", no_argument, NULL, 'V'},
	{NULL, 0, NULL, 0},
};

static int bad(const char *name, const char *option, const char *value, const char *what)
{
	return usage_error(name, "%s %s: %s", option, value, what);
}

static bool parse_number(const char *text, uint64_t most, uint64_t *number)
{
	char *end;

	errno = 0;
	*number = strtoull(text, &end, 10);
	return end != text && !*end && !errno && *number <= most && text[0] != '-';
}

static bool parse_seconds(const char *text, double *seconds)
{
	char *end;

	*seconds = strtod(text, &end);
	return end != text && !*end && *seconds > 0 && *seconds < 1e9;
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

static int add_events(struct settings *settings, const char *name, char *list)
{
	char *rest, *event;

	for (event = strtok_r(list, ",", &rest); event; event = strtok_r(NULL, ",", &rest))
		if (!add_event(settings, event))
			return bad(name, "-e", event, "no such event");
	return 0;
}

static int add_pids(struct settings *settings, const char *name, char *list)
{
	char *rest, *text;

	for (text = strtok_r(list, ",", &rest); text; text = strtok_r(NULL, ",", &rest)) {
		uint64_t pid;
		int32_t *larger;

		if (!parse_number(text, INT32_MAX, &pid) || !pid)
			return bad(name, "-p", text, "not the id of a process");
		larger = realloc(
			settings->pids, (settings->pid_count + 1) * sizeof(*settings->pids));
		if (!larger)
			return EXIT_ERROR;
		settings->pids = larger;
		settings->pids[settings->pid_count++] = (int32_t)pid;
	}
	return 0;
}

static int set_user(struct settings *settings, const char *name, const char *text)
{
	struct passwd *user = getpwnam(text);
	uint64_t uid;

	if (user)
		uid = user->pw_uid;
	else if (!parse_number(text, UINT32_MAX, &uid))
		return bad(name, "-u", text, "no such user");
	settings->has_uid = true;
	settings->uid = (uint32_t)uid;
	return 0;
}

/* A path, in the file system or below the root of the hierarchy. */
static int set_cgroup(struct settings *settings, const char *name, const char *text)
{
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
	return bad(name, "--cgroup", text, "no such control group");
}

static int set_source(struct settings *settings, const char *name, const char *text)
{
	if (!strcmp(text, "bpf"))
		settings->source = KEVENTS_SOURCE_BPF;
	else if (!strcmp(text, "perf"))
		settings->source = KEVENTS_SOURCE_PERF;
	else
		return bad(name, "--source", text, "it is bpf or perf");
	return 0;
}

static int set_buffer(struct settings *settings, const char *name, const char *text)
{
	uint64_t size;

	if (!parse_number(text, 1 << 20, &size) || size < 64 || size & (size - 1))
		return bad(name, "--buffer", text, "a power of two of KiB from 64 to 1048576");
	settings->buffer_size = (size_t)size << 10;
	return 0;
}

static int set_option(struct settings *settings, const char *name, int option)
{
	switch (option) {
	case 'c':
		settings->comm_only = true;
		return 0;
	case 'd':
		settings->no_directory = true;
		return 0;
	case 'D':
		return parse_seconds(optarg, &settings->seconds) ?
			0 :
			bad(name, "-D", optarg, "not a number of seconds");
	case 'e':
		return add_events(settings, name, optarg);
	case 'E':
		add_event(settings, "all");
		return 0;
	case 'l':
		settings->line_buffered = true;
		return 0;
	case 'p':
		return add_pids(settings, name, optarg);
	case 'q':
		settings->quiet = settings->with_statistics = true;
		return 0;
	case 's':
		settings->short_name = true;
		return 0;
	case 'S':
		settings->with_statistics = true;
		return 0;
	case 'u':
		return set_user(settings, name, optarg);
	case 'x':
		settings->with_more = true;
		return 0;
	case OPTION_BUFFER:
		return set_buffer(settings, name, optarg);
	case OPTION_BUILD_IDS:
		settings->build_ids = true;
		return 0;
	case OPTION_CGROUP:
		return set_cgroup(settings, name, optarg);
	case OPTION_CHILDREN:
		settings->options |= KEVENTS_DESCENDANTS;
		return 0;
	case OPTION_EXISTING:
		settings->existing = true;
		return 0;
	case OPTION_JSON:
		settings->json = true;
		return 0;
	case OPTION_NAME:
		if (strlen(optarg) > 15)
			return bad(name, "--name", optarg, "a thread's name has at most 15 bytes");
		settings->comm = optarg;
		return 0;
	case OPTION_NO_COLOR:
		settings->no_color = true;
		return 0;
	case OPTION_RATES:
		settings->rates = true;
		settings->interval = 1;
		if (optarg && !parse_seconds(optarg, &settings->interval))
			return bad(name, "--rates", optarg, "not a number of seconds");
		return 0;
	case OPTION_SOURCE:
		return set_source(settings, name, optarg);
	case OPTION_STRICT:
		settings->strict = true;
		return 0;
	case OPTION_TREE:
		settings->tree = true;
		return 0;
	default:
		return usage_error(name, "an option that is not known, or lacks its value");
	}
}

/* A recording and a tree begin with what there is, a table needs the names. */
static void choose_synthesis(struct settings *settings, bool is_recording)
{
	bool is_table = !settings->json && !settings->rates;

	if (is_recording || settings->existing || settings->tree ||
		(is_table && !settings->comm_only && !settings->command))
		settings->options |= KEVENTS_SYNTHESISE;
	if (is_recording || settings->build_ids)
		settings->options |= KEVENTS_BUILD_IDS;
}

static void set_defaults(struct settings *settings, bool is_recording)
{
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

/* What is no option: a file, of the subcommands that have one. */
static int take_operands(int argc, char **argv, const char *name, struct settings *settings)
{
	if (!name && optind < argc)
		return usage_error(name, "%s: not expected here: a command stands behind --", argv[optind]);
	if (name && optind == argc)
		return usage_error(name, "FILE is missing");
	if (name && optind + 1 < argc)
		return usage_error(name, "%s: not expected here", argv[optind + 1]);
	if (name && !strcmp(name, "record"))
		settings->output = argv[optind];
	else if (name)
		settings->input = argv[optind];
	if (settings->input && settings->command)
		return usage_error(name, "a recording is replayed: no command is run");
	return 0;
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

static int check(const struct settings *settings, const char *name)
{
	if (settings->tree + settings->rates > 1)
		return usage_error(name, "--tree and --rates exclude each other");
	if (settings->tree && settings->json)
		return usage_error(name, "--tree has no JSON");
	if (settings->command && settings->pid_count)
		return usage_error(name, "a command and -p exclude each other");
	return 0;
}

/* "--rates 2" means "--rates=2". */
static bool is_interval_next(int argc, char **argv)
{
	double interval;

	return optind < argc && parse_seconds(argv[optind], &interval);
}

int parse_settings(int argc, char **argv, const char *name, struct settings *settings, bool *done)
{
	int option, err;

	memset(settings, 0, sizeof(*settings));
	*done = true;
	settings->command = cut_command(&argc, argv);
	optind = 1;
	opterr = 0;
	while ((option = getopt_long(argc, argv, "cdD:e:EhlVp:qsSu:x", long_options, NULL)) != -1) {
		if (option == 'h') {
			print_help(name);
			return EXIT_OK;
		}
		if (option == 'V') {
			puts("kevents (Kernkit) " KERNKIT_VERSION);
			return EXIT_OK;
		}
		if (option == '?')
			return usage_error(name, "%s: no such option, or its value is missing",
				argv[optind - 1]);
		if (option == OPTION_RATES && !optarg && is_interval_next(argc, argv))
			optarg = argv[optind++];
		err = set_option(settings, name, option);
		if (err)
			return err;
	}
	err = take_operands(argc, argv, name, settings);
	if (!err)
		err = check(settings, name);
	if (err)
		return err;
	set_defaults(settings, name && !strcmp(name, "record"));
	*done = false;
	return 0;
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
