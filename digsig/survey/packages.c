// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * All lists are read once, line by line, and looked up among the entries: so memory depends on what
 * would be denied, not on what is installed.
 */
#include "packages.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* "/bin" is "/usr/bin" where /usr is merged: lists may have either name. */
struct alias {
	char from[16], to[256];
};

struct diversion {
	char *from, *to, *package; /* package: whose file stays at from; ":" none */
};

struct owners {
	struct survey_result *result;
	size_t prefix; /* length of the root's path, which is not in the lists */
	struct survey_entry **places; /* by hash; NULL: free */
	size_t room; /* a power of two */
	struct alias aliases[8];
	size_t alias_count;
	struct diversion *diversions;
	size_t diversion_count;
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

/* *kept is the package's name once it is needed; the same for all lines of one package. */
static void assign_path(
	struct owners *owners, const char *path, const char *package, const char **kept)
{
	size_t at = hash_path(path);
	struct survey_entry *entry;

	for (; (entry = owners->places[at & (owners->room - 1)]); at++) {
		if (strcmp(entry->path + owners->prefix, path))
			continue;
		if (!*kept)
			*kept = keep_name(owners, package);
		entry->package = *kept;
	}
}

/* The path with its first component resolved, in buffer if it has to be another. */
static const char *resolve_alias(
	const struct owners *owners, const char *path, char *buffer, size_t size)
{
	for (size_t i = 0; i < owners->alias_count; i++) {
		const struct alias *alias = &owners->aliases[i];
		size_t length = strlen(alias->from);

		if (strncmp(path, alias->from, length) || path[length] != '/')
			continue;
		snprintf(buffer, size, "%s%s", alias->to, path + length);
		return buffer;
	}
	return path;
}

static const char *divert(const struct owners *owners, const char *path, const char *package)
{
	for (size_t i = 0; i < owners->diversion_count; i++) {
		const struct diversion *diversion = &owners->diversions[i];
		size_t length = strlen(diversion->package);

		if (strcmp(diversion->from, path))
			continue;
		/* "libc6:amd64" is package libc6. */
		if (!strncmp(package, diversion->package, length) &&
			(!package[length] || package[length] == ':'))
			return path;
		return diversion->to;
	}
	return path;
}

static void assign_line(
	struct owners *owners, const char *line, const char *package, const char **kept)
{
	char buffer[PATH_MAX];
	const char *path;

	if (*line != '/')
		return;
	path = resolve_alias(owners, line, buffer, sizeof(buffer));
	assign_path(owners, divert(owners, path, package), package, kept);
}

static void find_aliases(struct owners *owners, const char *root)
{
	static const char *const names[] = { "/bin", "/sbin", "/lib", "/lib32", "/lib64",
		"/libx32", "/libo32" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct alias *alias = &owners->aliases[owners->alias_count];
		char path[PATH_MAX], target[200];
		ssize_t size;

		snprintf(path, sizeof(path), "%.*s%s", (int)owners->prefix, root, names[i]);
		size = readlink(path, target, sizeof(target) - 1);
		if (size <= 0)
			continue;
		target[size] = '\0';
		snprintf(alias->from, sizeof(alias->from), "%s", names[i]);
		snprintf(alias->to, sizeof(alias->to), "%s%s", *target == '/' ? "" : "/", target);
		owners->alias_count++;
	}
}

static FILE *open_below(const struct owners *owners, const char *root, const char *path)
{
	char full[PATH_MAX];

	snprintf(full, sizeof(full), "%.*s%s", (int)owners->prefix, root, path);
	return fopen(full, "re");
}

/* Three lines each: the usual path, where it was diverted to, and by which package. */
static void read_diversions(struct owners *owners, const char *root)
{
	FILE *file = open_below(owners, root, "/var/lib/dpkg/diversions");
	char *lines[3] = { NULL }, buffer[PATH_MAX];
	size_t rooms[3] = { 0 };

	while (file) {
		struct diversion *grown, *made;
		int count = 0;

		while (count < 3 && getline(&lines[count], &rooms[count], file) > 0) {
			lines[count][strcspn(lines[count], "\n")] = '\0';
			count++;
		}
		/* The end, or a list that is cut off: what is whole counts. */
		if (count < 3)
			break;
		grown = reallocarray(owners->diversions, owners->diversion_count + 1, sizeof(*made));
		if (!grown) {
			owners->err = -ENOMEM;
			break;
		}
		owners->diversions = grown;
		made = &grown[owners->diversion_count++];
		made->from = strdup(resolve_alias(owners, lines[0], buffer, sizeof(buffer)));
		made->to = strdup(resolve_alias(owners, lines[1], buffer, sizeof(buffer)));
		made->package = strdup(lines[2]);
		/* A diversion is whole or none, so that nobody who looks one up meets NULL. */
		if (!made->from || !made->to || !made->package) {
			owners->err = -ENOMEM;
			free(made->from);
			free(made->to);
			free(made->package);
			owners->diversion_count--;
			break;
		}
	}
	for (int i = 0; i < 3; i++)
		free(lines[i]);
	if (file)
		fclose(file);
}

static void read_dpkg_list(struct owners *owners, int directory, const char *name)
{
	int fd = openat(directory, name, O_RDONLY | O_CLOEXEC);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "r");
	char *line = NULL, *package;
	const char *kept = NULL;
	size_t room = 0;

	if (!file) {
		if (fd >= 0)
			close(fd);
		return;
	}
	package = strndup(name, strlen(name) - strlen(".list"));
	while (package && getline(&line, &room, file) > 0) {
		line[strcspn(line, "\n")] = '\0';
		assign_line(owners, line, package, &kept);
	}
	free(package);
	free(line);
	fclose(file);
}

static void ask_dpkg(struct owners *owners, const char *root)
{
	char path[PATH_MAX];
	struct dirent *entry;
	DIR *directory;

	snprintf(path, sizeof(path), "%.*s/var/lib/dpkg/info", (int)owners->prefix, root);
	directory = opendir(path);
	if (!directory)
		return;
	read_diversions(owners, root);
	while ((entry = readdir(directory))) {
		size_t length = strlen(entry->d_name);

		if (length > 5 && !strcmp(entry->d_name + length - 5, ".list"))
			read_dpkg_list(owners, dirfd(directory), entry->d_name);
	}
	closedir(directory);
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
	char *line = NULL, last[256] = "";
	const char *kept = NULL;
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
		if (strcmp(last, line)) {
			snprintf(last, sizeof(last), "%s", line);
			kept = NULL;
		}
		assign_line(owners, path, line, &kept);
	}
	free(line);
	fclose(file);
	while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
}

int packages_assign(const char *root, struct survey_result *result)
{
	struct owners owners = { .result = result };
	int err;

	owners.prefix = strcmp(root, "/") ? strlen(root) : 0;
	if (!result->count)
		return 0;
	err = index_entries(&owners);
	if (err)
		return err;
	find_aliases(&owners, root);
	ask_rpm(&owners, root);
	ask_dpkg(&owners, root);
	for (size_t i = 0; i < owners.diversion_count; i++) {
		free(owners.diversions[i].from);
		free(owners.diversions[i].to);
		free(owners.diversions[i].package);
	}
	free(owners.diversions);
	free(owners.places);
	return owners.err;
}
