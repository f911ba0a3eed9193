// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * All lists are read once, line by line, and looked up among the entries: so memory depends on what
 * would be denied, not on what is installed.
 */
#include "packages.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "../packages/dpkg.h"

extern char **environ;

struct owners {
	struct survey_result *result;
	size_t prefix; /* length of the root's path, which is not in the lists */
	struct survey_entry **places; /* by hash; NULL: free */
	size_t room; /* a power of two */
	struct dpkg *dpkg; /* also knows where the paths of rpm's packages are on the disk */
	char last[NAME_MAX + 1]; /* the package whose lines are read, */
	const char *kept; /* and its name, once it is needed */
	int err;
};

static size_t hash_path(const char *path)
{
	__u64 hash = 0xcbf29ce484222325ULL;

	for (; *path; path++)
		hash = (hash ^ (unsigned char)*path) * 0x100000001b3ULL;
	return (size_t)(hash ^ hash >> 32);
}

static int index_entries(struct owners *owners)
{
	struct survey_result *result = owners->result;

	for (owners->room = 1024; owners->room < 2 * result->count; owners->room *= 2)
		;
	owners->places = calloc(owners->room, sizeof(struct survey_entry *));
	if (!owners->places)
		return -ENOMEM;
	for (size_t i = 0; i < result->count; i++) {
		struct survey_entry *entry = &result->entries[i];
		size_t at;

		if (strlen(entry->path) < owners->prefix)
			continue;
		at = hash_path(entry->path + owners->prefix);
		while (owners->places[at & (owners->room - 1)])
			at++;
		owners->places[at & (owners->room - 1)] = entry;
	}
	return 0;
}

static const char *keep_name(struct owners *owners, const char *name)
{
	struct survey_result *result = owners->result;
	char *copy = strdup(name), **grown;

	grown = reallocarray(result->names, result->name_count + 1, sizeof(*grown));
	if (grown)
		result->names = grown;
	if (!grown || !copy) {
		free(copy);
		owners->err = -ENOMEM;
		return NULL;
	}
	grown[result->name_count++] = copy;
	return copy;
}

/* The lines of one package come one behind the other. */
static void assign_path(struct owners *owners, const char *path, const char *package)
{
	size_t at = hash_path(path);
	struct survey_entry *entry;

	if (strcmp(owners->last, package)) {
		snprintf(owners->last, sizeof(owners->last), "%s", package);
		owners->kept = NULL;
	}
	for (; (entry = owners->places[at & (owners->room - 1)]); at++) {
		if (strcmp(entry->path + owners->prefix, path))
			continue;
		if (!owners->kept)
			owners->kept = keep_name(owners, package);
		entry->package = owners->kept;
	}
}

static int assign_dpkg(void *closure, const char *path, const char *package)
{
	assign_path(closure, path, package);
	return 0;
}

static bool has_rpm_database(const struct owners *owners, const char *root)
{
	static const char *const places[] = { "/var/lib/rpm", "/usr/lib/sysimage/rpm" };
	char path[PATH_MAX];

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		snprintf(path, sizeof(path), "%.*s%s", (int)owners->prefix, root, places[i]);
		if (!access(path, R_OK))
			return true;
	}
	return false;
}

/* One program for all packages: a line "PACKAGE<TAB>PATH" a file. */
static FILE *start_rpm(const char *root, pid_t *child)
{
	char format[] = "[%{=NAME}\\t%{FILENAMES}\\n]", rpm[] = "rpm", all[] = "-qa";
	char queryformat[] = "--qf", root_option[] = "--root";
	char *arguments[] = { rpm, root_option, (char *)root, all, queryformat, format, NULL };
	posix_spawn_file_actions_t actions;
	int ends[2], err;

	if (pipe2(ends, O_CLOEXEC))
		return NULL;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
	posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	err = posix_spawnp(child, "rpm", &actions, NULL, arguments, environ);
	posix_spawn_file_actions_destroy(&actions);
	close(ends[1]);
	if (err) {
		close(ends[0]);
		return NULL;
	}
	return fdopen(ends[0], "r");
}

static void ask_rpm(struct owners *owners, const char *root)
{
	char *line = NULL, buffer[DPKG_PATH_ROOM];
	size_t room = 0;
	pid_t child;
	FILE *file;

	if (!has_rpm_database(owners, root))
		return;
	file = start_rpm(root, &child);
	if (!file)
		return;
	while (getline(&line, &room, file) > 0) {
		char *path = strchr(line, '\t');

		if (!path)
			continue;
		*path++ = '\0';
		path[strcspn(path, "\n")] = '\0';
		if (*path == '/')
			assign_path(owners, dpkg_place(owners->dpkg, path, line, buffer), line);
	}
	free(line);
	fclose(file);
	while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
}

int packages_assign(const char *root, struct survey_result *result)
{
	struct owners owners = { .result = result };
	char folder[PATH_MAX];
	int err;

	owners.prefix = strcmp(root, "/") ? strlen(root) : 0;
	if (!result->count)
		return 0;
	err = index_entries(&owners);
	if (err)
		return err;
	snprintf(folder, sizeof(folder), "%.*s/var/lib/dpkg", (int)owners.prefix, root);
	err = dpkg_open(root, folder, &owners.dpkg);
	if (!err) {
		ask_rpm(&owners, root);
		err = dpkg_visit(owners.dpkg, assign_dpkg, &owners);
		dpkg_close(owners.dpkg);
	}
	free(owners.places);
	return err == -ENOMEM ? err : owners.err;
}
