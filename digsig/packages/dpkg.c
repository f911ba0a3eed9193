// SPDX-License-Identifier: GPL-2.0-or-later
#include "dpkg.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* "/bin" is "/usr/bin" where /usr is merged: lists may have either name. */
struct alias {
	char from[16], to[256];
};

struct diversion {
	char *from, *to, *package; /* package: whose file stays at from; ":" none */
};

struct dpkg {
	char *folder;
	struct alias aliases[8];
	size_t alias_count;
	struct diversion *diversions;
	size_t diversion_count;
};

/* The path with its first component resolved, in buffer if it has to be another. */
static const char *resolve_alias(const struct dpkg *dpkg, const char *path, char *buffer)
{
	for (size_t i = 0; i < dpkg->alias_count; i++) {
		const struct alias *alias = &dpkg->aliases[i];
		size_t length = strlen(alias->from);

		if (strncmp(path, alias->from, length) || path[length] != '/')
			continue;
		snprintf(buffer, DPKG_PATH_ROOM, "%s%s", alias->to, path + length);
		return buffer;
	}
	return path;
}

static const char *divert(const struct dpkg *dpkg, const char *path, const char *package)
{
	for (size_t i = 0; i < dpkg->diversion_count; i++) {
		const struct diversion *diversion = &dpkg->diversions[i];
		size_t length = strlen(diversion->package);

		if (strcmp(diversion->from, path))
			continue;
		/* "libc6:amd64" is package libc6. */
		if (!strncmp(package, diversion->package, length) && (!package[length] || package[length] == ':'))
			return path;
		return diversion->to;
	}
	return path;
}

const char *dpkg_place(const struct dpkg *dpkg, const char *path, const char *package, char *buffer)
{
	return divert(dpkg, resolve_alias(dpkg, path, buffer), package);
}

static void find_aliases(struct dpkg *dpkg, const char *root)
{
	static const char *const names[] = { "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/libo32" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct alias *alias = &dpkg->aliases[dpkg->alias_count];
		char path[PATH_MAX], target[200];
		ssize_t size;

		snprintf(path, sizeof(path), "%s%s", strcmp(root, "/") ? root : "", names[i]);
		size = readlink(path, target, sizeof(target) - 1);
		if (size <= 0)
			continue;
		target[size] = '\0';
		snprintf(alias->from, sizeof(alias->from), "%s", names[i]);
		snprintf(alias->to, sizeof(alias->to), "%s%s", *target == '/' ? "" : "/", target);
		dpkg->alias_count++;
	}
}

/* NULL: it is not there, or nothing to read lines of. */
static FILE *open_list(int folder, const char *name)
{
	int fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	struct stat st;
	FILE *file = NULL;

	if (fd >= 0 && !fstat(fd, &st) && S_ISREG(st.st_mode) && st.st_size <= DPKG_LIST_MAX)
		file = fdopen(fd, "r");
	if (!file && fd >= 0)
		close(fd);
	return file;
}

/* Into line, which has room for DPKG_PATH_MAX; "" stands for one that is too long or has a NUL. false: the end. */
static bool read_line(FILE *file, char *line)
{
	size_t size = 0;
	bool is_bad = false;
	int got;

	while ((got = getc_unlocked(file)) != EOF && got != '\n') {
		if (!got || size == DPKG_PATH_MAX - 1)
			is_bad = true;
		else
			line[size++] = (char)got;
	}
	line[is_bad ? 0 : size] = '\0';
	return got != EOF || size || is_bad;
}

static void free_diversion(struct diversion *diversion)
{
	free(diversion->from);
	free(diversion->to);
	free(diversion->package);
}

/* A diversion is whole or none, so that nobody who looks one up meets NULL. 0; -ENOMEM. */
static int add_diversion(struct dpkg *dpkg, const char *from, const char *to, const char *package)
{
	struct diversion *grown = reallocarray(dpkg->diversions, dpkg->diversion_count + 1, sizeof(*grown)), *made;
	char buffer[DPKG_PATH_ROOM];

	if (!grown)
		return -ENOMEM;
	dpkg->diversions = grown;
	made = &grown[dpkg->diversion_count];
	made->from = strdup(resolve_alias(dpkg, from, buffer));
	made->to = strdup(resolve_alias(dpkg, to, buffer));
	made->package = strdup(package);
	if (!made->from || !made->to || !made->package) {
		free_diversion(made);
		return -ENOMEM;
	}
	dpkg->diversion_count++;
	return 0;
}

/* Three lines each: the usual path, where it was diverted to, and by which package. */
static int read_diversions(struct dpkg *dpkg)
{
	int folder = open(dpkg->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC), err = 0;
	FILE *file = folder < 0 ? NULL : open_list(folder, "diversions");
	char from[DPKG_PATH_MAX], to[DPKG_PATH_MAX], package[DPKG_PATH_MAX];

	/* A list that is cut off: what is whole counts. */
	while (!err && file && dpkg->diversion_count < DPKG_DIVERSIONS_MAX && read_line(file, from) && read_line(file, to) &&
		read_line(file, package))
		if (*from && *to && *package)
			err = add_diversion(dpkg, from, to, package);
	if (file)
		fclose(file);
	if (folder >= 0)
		close(folder);
	return err;
}

int dpkg_open(const char *root, const char *folder, struct dpkg **opened)
{
	struct dpkg *dpkg = calloc(1, sizeof(*dpkg));
	int err;

	if (!dpkg)
		return -ENOMEM;
	dpkg->folder = strdup(folder);
	find_aliases(dpkg, root);
	err = dpkg->folder ? read_diversions(dpkg) : -ENOMEM;
	if (err) {
		dpkg_close(dpkg);
		return err;
	}
	*opened = dpkg;
	return 0;
}

void dpkg_close(struct dpkg *dpkg)
{
	for (size_t i = 0; i < dpkg->diversion_count; i++)
		free_diversion(&dpkg->diversions[i]);
	free(dpkg->diversions);
	free(dpkg->folder);
	free(dpkg);
}

static int visit_list(
	const struct dpkg *dpkg, int folder, const char *name, dpkg_visitor *visit, void *closure)
{
	FILE *file = open_list(folder, name);
	char line[DPKG_PATH_MAX], buffer[DPKG_PATH_ROOM], *package;
	int err = 0;

	if (!file)
		return 0;
	package = strndup(name, strlen(name) - strlen(".list"));
	if (!package)
		err = -ENOMEM;
	while (!err && read_line(file, line))
		if (*line == '/')
			err = visit(closure, dpkg_place(dpkg, line, package, buffer), package);
	free(package);
	fclose(file);
	return err;
}

int dpkg_visit(const struct dpkg *dpkg, dpkg_visitor *visit, void *closure)
{
	char path[PATH_MAX];
	struct dirent *entry;
	DIR *folder;
	int err = 0;

	snprintf(path, sizeof(path), "%s/info", dpkg->folder);
	folder = opendir(path);
	if (!folder)
		return -errno;
	while (!err && (entry = readdir(folder))) {
		size_t length = strlen(entry->d_name);

		if (length > 5 && !strcmp(entry->d_name + length - 5, ".list"))
			err = visit_list(dpkg, dirfd(folder), entry->d_name, visit, closure);
	}
	closedir(folder);
	return err;
}
