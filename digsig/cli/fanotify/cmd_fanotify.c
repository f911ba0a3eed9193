// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>
#include "../../enforce/event_text.h"
#include "../../fanotify/state.h"
#include "../../file/file_system_kind.h"
#include "../authority.h"
#include "../catalog_option.h"
#include "../cli.h"
#include "../engine_open.h"
#include "../trust_option.h"

#define PATHS_MAX 64

struct paths {
	const char *path[PATHS_MAX];
	size_t count;
};

struct fanotify_run {
	struct authority authority;
	struct fanotify_options options;
	struct paths file_systems, libraries;
	bool no_libraries, json, no_colour, colour;
	int state; /* descriptor of the state file */
	struct fanotify_engine *engine;
	pthread_mutex_t lock;
	pthread_cond_t end;
	bool has_ended;
};

static struct fanotify_engine *running; /* for the signal handler */

static void stop(int signal)
{
	(void)signal;
	fanotify_engine_stop(running);
}

static int take_path(void *field, char *path)
{
	struct paths *paths = field;

	if (paths->count == PATHS_MAX)
		return usage_error("%s: no more than %d paths", path, PATHS_MAX);
	paths->path[paths->count++] = path;
	return EXIT_OK;
}

/* The fifth word of a line of mountinfo, with \040 and the like as the bytes they are. */
static void read_mount_point(char *line, char *path)
{
	char *word = line;

	for (int i = 0; i < 4 && word; i++) {
		word = strchr(word, ' ');
		word = word ? word + 1 : NULL;
	}
	for (; word && *word && *word != ' '; path++) {
		unsigned int byte;

		if (*word == '\\' && sscanf(word + 1, "%3o", &byte) == 1) {
			*path = (char)byte;
			word += 4;
		} else {
			*path = *word++;
		}
	}
	*path = '\0';
}

/* Every local file system once, by one of its mount points, which are left to the process's end. */
static void find_file_systems(struct paths *paths)
{
	FILE *file = fopen("/proc/self/mountinfo", "re");
	dev_t devices[PATHS_MAX];
	char *line = NULL;
	size_t room = 0;

	while (file && paths->count < PATHS_MAX && getline(&line, &room, file) > 0) {
		char *path = malloc(strlen(line) + 1);
		enum file_system_kind kind = FILE_SYSTEM_PSEUDO;
		struct statfs fs;
		struct stat st;
		bool is_known = false;

		if (!path)
			break;
		read_mount_point(line, path);
		if (!statfs(path, &fs))
			kind = file_system_kind((unsigned long)fs.f_type);
		if (stat(path, &st) ||
			(kind != FILE_SYSTEM_STABLE && kind != FILE_SYSTEM_LAYERED)) {
			free(path);
			continue;
		}
		for (size_t i = 0; i < paths->count; i++)
			is_known |= devices[i] == st.st_dev;
		if (is_known) {
			free(path);
			continue;
		}
		devices[paths->count] = st.st_dev;
		paths->path[paths->count++] = path;
	}
	free(line);
	if (file)
		fclose(file);
}

static void find_libraries(struct paths *paths)
{
	static const char *const usual[] = { "/usr/lib", "/usr/lib64", "/usr/lib32", "/usr/libx32",
		"/usr/local/lib", "/usr/local/lib64", "/lib", "/lib64", "/lib32", "/libx32" };
	struct stat st;

	/* Where /usr is merged, /lib is a symbolic link into it. */
	for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++)
		if (!lstat(usual[i], &st) && S_ISDIR(st.st_mode))
			paths->path[paths->count++] = usual[i];
}

static void complain_about_failure(const struct fanotify_failure *failure, int err)
{
	const char *reason = strerror(-err);

	if (failure->step == FANOTIFY_STEP_REVOKED)
		complain("fanotify: %s", failure->problem.text);
	else if (failure->path)
		complain("fanotify: %s: cannot be marked: %s", failure->path, reason);
	else if (err == -EPERM)
		complain("fanotify: root is needed: run it with sudo");
	else if (err == -ENOSYS || err == -EINVAL)
		complain("fanotify: the kernel has no fanotify permission events: it needs "
			 "CONFIG_FANOTIFY_ACCESS_PERMISSIONS=y and Linux 5.0");
	else
		complain("fanotify: %s", reason);
}

static void print_event(const struct digsig_event *event, __u64 lost, void *context)
{
	const struct fanotify_run *run = context;

	struct json_object *entry = event_to_json(event, lost);

	if (!entry)
		return;
	if (run->json)
		puts(json_object_to_json_string_ext(entry, JSON_C_TO_STRING_PLAIN));
	else
		event_print_line(stdout, entry, run->colour);
	json_object_put(entry);
	/* Whoever read it may have gone: the engine goes on, as the one in the kernel does. */
	if (fflush(stdout))
		clearerr(stdout);
}

static void complain_about_revoked(const char *text, void *context)
{
	(void)context;
	complain("fanotify: %s: what was revoked before stays so, what is new in it does not count",
		text);
}

static void write_state(struct fanotify_run *run, __u64 start_time)
{
	struct fanotify_state state = {
		.pid = (unsigned int)getpid(),
		.mode = run->options.mode,
		.certificates = (unsigned int)trust_store_count(run->authority.trust.store),
		.file_systems = (unsigned int)run->options.file_system_count,
		.libraries = (unsigned int)run->options.library_count,
		.start_time = start_time,
	};

	fanotify_engine_count(run->engine, &state.counters);
	fanotify_state_write(run->state, &state);
}

/* Keeps the state file no older than a second. */
static void *keep_state(void *context)
{
	struct fanotify_run *run = context;
	__u64 start_time = (__u64)time(NULL);

	pthread_mutex_lock(&run->lock);
	while (!run->has_ended) {
		struct timespec until;

		write_state(run, start_time);
		clock_gettime(CLOCK_REALTIME, &until);
		until.tv_sec++;
		pthread_cond_timedwait(&run->end, &run->lock, &until);
	}
	pthread_mutex_unlock(&run->lock);
	return NULL;
}

static int answer_until_stopped(struct fanotify_run *run)
{
	struct sigaction action = { .sa_handler = stop };
	pthread_t keeper;
	int err;

	running = run->engine;
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
	err = -pthread_create(&keeper, NULL, keep_state, run);
	if (err)
		return err;
	fprintf(stderr, "digsig: fanotify: %s, %zu file system%s, %zu library folder%s: the weaker "
			"engine: when this process ends, everything runs\n",
		engine_mode_name(run->options.mode), run->options.file_system_count,
		run->options.file_system_count == 1 ? "" : "s", run->options.library_count,
		run->options.library_count == 1 ? "" : "s");
	err = fanotify_engine_run(run->engine);
	pthread_mutex_lock(&run->lock);
	run->has_ended = true;
	pthread_cond_signal(&run->end);
	pthread_mutex_unlock(&run->lock);
	pthread_join(keeper, NULL);
	return err;
}

static int open_and_run(struct fanotify_run *run)
{
	struct fanotify_failure failure;
	int err;

	run->state = fanotify_state_open();
	if (run->state == -EBUSY)
		complain("fanotify: it is running already: see digsig status");
	else if (run->state == -EPERM || run->state == -EACCES)
		complain("fanotify: root is needed: run it with sudo");
	else if (run->state < 0)
		complain(FANOTIFY_STATE_FILE ": %s", strerror(-run->state));
	if (run->state < 0)
		return EXIT_ERROR;
	err = fanotify_engine_open(&run->options, &run->engine, &failure);
	if (err) {
		complain_about_failure(&failure, err);
	} else {
		err = answer_until_stopped(run);
		fanotify_engine_close(run->engine);
		if (err)
			complain("fanotify: %s", strerror(-err));
	}
	fanotify_state_close(run->state);
	return err ? EXIT_ERROR : EXIT_OK;
}

/* A list that somebody signed is read here, since the engine checks no lists; a store is its own. */
static int read_revoked(struct fanotify_run *run)
{
	int status = authority_revoke(&run->authority, run->options.revoked_path);

	run->options.complain = complain_about_revoked;
	if (status != EXIT_OK)
		return status;
	if (!run->options.revoked_path)
		run->options.revoked_path = REVOCATION_STORE;
	if (run->authority.is_signed_list)
		run->options.revoked_path = NULL;
	run->options.revoked = run->authority.revoked;
	run->authority.revoked = (struct revocations){ 0 };
	return EXIT_OK;
}

static int prepare(struct fanotify_run *run)
{
	int status = authority_open_or_configured(&run->authority);

	if (status == EXIT_OK)
		status = read_revoked(run);
	if (!run->file_systems.count)
		find_file_systems(&run->file_systems);
	if (!run->libraries.count && !run->no_libraries)
		find_libraries(&run->libraries);
	run->colour = colour_wanted(run->no_colour);
	run->options.trust = run->authority.trust.store;
	run->options.known = authority_known(&run->authority);
	run->options.file_systems = run->file_systems.path;
	run->options.file_system_count = run->file_systems.count;
	run->options.libraries = run->libraries.path;
	run->options.library_count = run->no_libraries ? 0 : run->libraries.count;
	run->options.handler = print_event;
	run->options.context = run;
	return status;
}

static const struct command_option options[] = {
	{ OPTION_GROUP, OPTION_FIELD(struct fanotify_run, authority), .group = authority_option_table },
	{ OPTION_VALUE, 0, "revoked", "FILE",
		"what is revoked, as digsig revoke notes it, looked at before each answer "
		"(default: " REVOCATION_STORE "); or a signed list, read once",
		OPTION_FIELD(struct fanotify_run, options.revoked_path), .offer = OFFER_FILES },
	{ OPTION_WORD, 0, "mode", "MODE", "monitor (default), permissive or enforcing",
		OPTION_FIELD(struct fanotify_run, options.mode), .words = mode_words },
	{ OPTION_CALL, 0, "file-system", "PATH",
		"judge execs on the file system that PATH is on; may be repeated; all local ones by "
		"default",
		OPTION_FIELD(struct fanotify_run, file_systems), .take = take_path,
		.offer = OFFER_FOLDERS },
	{ OPTION_CALL, 0, "libraries", "DIR",
		"judge ELF files when they are opened in DIR or a folder in it; may be repeated; the "
		"system's library folders by default",
		OPTION_FIELD(struct fanotify_run, libraries), .take = take_path, .offer = OFFER_FOLDERS },
	{ OPTION_FLAG, 0, "no-libraries", NULL, "judge no opens, only execs",
		OPTION_FIELD(struct fanotify_run, no_libraries) },
	{ OPTION_FLAG, 0, "json", NULL, "print one JSON object a line",
		OPTION_FIELD(struct fanotify_run, json) },
	{ OPTION_FLAG, 0, "no-color", NULL, "no colour (also: NO_COLOR)",
		OPTION_FIELD(struct fanotify_run, no_colour) },
	{ 0 },
};

static int run_fanotify(const struct command *command, int argc, char **argv)
{
	static struct fanotify_run run = {
		.options.mode = DIGSIG_MODE_MONITOR,
		.lock = PTHREAD_MUTEX_INITIALIZER,
		.end = PTHREAD_COND_INITIALIZER,
	};
	int status;

	if (options_take(command, &argc, &argv, &run, &status)) {
		status = prepare(&run);
		if (status == EXIT_OK)
			status = open_and_run(&run);
	}
	authority_free(&run.authority);
	return status;
}

const struct command fanotify_command = {
	.name = "fanotify",
	.summary = "run the weaker engine, in user space",
	.usage = "[--trust CERT|DIR] [OPTION...]",
	.about = "Runs the weaker engine, for kernels without BPF LSM or IMA: this process verifies, and the\n"
		 "kernel asks it, before each exec and each open of a library. It runs in the foreground and\n"
		 "prints what it sees, as digsig log does. When it ends, however it ends, everything runs.\n",
	.options = options,
	.run = run_fanotify,
};
