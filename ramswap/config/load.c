// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include "config.h"
#include "files.h"
#include "lines.h"

static const char *const folders[] = { "/etc/ramswap.conf.d", "/run/ramswap.conf.d", "/usr/lib/ramswap.conf.d" };

#define FOLDERS (sizeof(folders) / sizeof(*folders))

/* fd: the file's, or a negative errno. */
static int load_file(int fd, const char *name, struct ramswap_settings *settings, struct ramswap_problem *problem)
{
	struct config_text text;
	int err;

	if (fd < 0)
		return config_fail(problem, fd, "%.300s: %s", name, strerror(-fd));
	err = config_read_text(fd, name, CONFIG_SIZE_MAX, &text, problem);
	if (!err)
		err = config_parse(name, text.bytes, text.size, settings, problem);
	free(text.bytes);
	return err;
}

static int open_file(int root, const char *path)
{
	return config_open(root, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
}

static int load_fragments(int root, struct ramswap_settings *settings, struct ramswap_problem *problem)
{
	struct config_fragments fragments;
	int err = config_find_fragments(root, folders, FOLDERS, &fragments);

	if (err)
		return config_fail(problem, err, "%s.d: %s", CONFIG_FILE, strerror(-err));
	for (size_t i = 0; i < fragments.count && !err; i++)
		err = load_file(open_file(root, fragments.paths[i]), fragments.paths[i], settings, problem);
	config_free_fragments(&fragments);
	return err;
}

int config_load(int root, const char *path, struct ramswap_settings *settings, struct ramswap_problem *problem)
{
	struct ramswap_settings loaded;
	int err = 0;

	ramswap_settings_init(&loaded);
	if (path) {
		int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

		err = load_file(fd < 0 ? -errno : fd, path, &loaded, problem);
	} else {
		if (config_is_there(root, CONFIG_FILE))
			err = load_file(open_file(root, CONFIG_FILE), CONFIG_FILE, &loaded, problem);
		if (!err)
			err = load_fragments(root, &loaded, problem);
	}
	if (!err)
		*settings = loaded;
	return err;
}

int config_exists(int root)
{
	struct config_fragments fragments;
	int err, exists;

	if (config_is_there(root, CONFIG_FILE))
		return 1;
	err = config_find_fragments(root, folders, FOLDERS, &fragments);
	if (err)
		return err;
	exists = fragments.count > 0;
	config_free_fragments(&fragments);
	return exists;
}
