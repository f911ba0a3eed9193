// SPDX-License-Identifier: GPL-2.0-or-later
#include "fleet_memory.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "../../../lib/file/read_small.h"
#include "../../../lib/file/write_whole.h"
#include "../../fleet/signed_manifest.h"
#include "../cli.h"

/* False: there is no home, or the path is too long. */
static bool find_path(enum fleet_scope scope, const char *name, char path[PATH_MAX])
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	bool has_state = state && *state;
	int size;

	if (!has_state && (!home || !*home))
		return false;
	size = snprintf(path, PATH_MAX, "%s%s/digsig/fleet/%s.%s", has_state ? state : home,
		has_state ? "" : "/.local/state", fleet_scope_name(scope), name);
	return size < PATH_MAX;
}

static int parse(const char *path, struct fleet_memory *memory)
{
	struct fleet_problem problem;

	if (!signed_manifest_look(memory->bytes, memory->size, &memory->manifest, &problem))
		return EXIT_OK;
	complain("%s: %s: remove it if it is of no use", path, problem.text);
	return EXIT_ERROR;
}

int fleet_memory_read(enum fleet_scope scope, const char *name, struct fleet_memory *memory)
{
	char path[PATH_MAX];
	int err, code;

	*memory = (struct fleet_memory){ 0 };
	if (!find_path(scope, name, path))
		return EXIT_OK;
	memory->bytes = malloc(FLEET_MANIFEST_MAX + 1);
	err = memory->bytes ? file_read_small(AT_FDCWD, path, memory->bytes, FLEET_MANIFEST_MAX, &memory->size) : -ENOMEM;
	if (err) {
		fleet_memory_free(memory);
		if (err == -ENOENT)
			return EXIT_OK;
		complain("%s: %s", path, strerror(-err));
		return EXIT_ERROR;
	}
	code = parse(path, memory);
	if (code)
		fleet_memory_free(memory);
	return code;
}

void fleet_memory_free(struct fleet_memory *memory)
{
	free(memory->bytes);
	fleet_manifest_free(&memory->manifest);
	*memory = (struct fleet_memory){ 0 };
}

static void make_folders(char *path)
{
	for (char *at = path + 1; (at = strchr(at, '/')); at++) {
		*at = '\0';
		mkdir(path, 0700);
		*at = '/';
	}
}

void fleet_memory_write(enum fleet_scope scope, const char *name, const char *bytes, size_t size)
{
	char path[PATH_MAX];
	int err;

	if (!find_path(scope, name, path)) {
		complain("warning: HOME is not set: it is not remembered what was published");
		return;
	}
	make_folders(path);
	err = file_write_whole(path, bytes, size);
	if (err)
		complain("warning: %s: cannot be written: %s: it is not remembered what was published", path, strerror(-err));
}
