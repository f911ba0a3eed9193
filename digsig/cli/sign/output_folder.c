// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../cli.h"
#include "sign_tree.h"

static bool is_inside(const char *path, const char *folder)
{
	size_t length = strlen(folder);

	if (!strcmp(folder, "/"))
		return true;
	return !strncmp(path, folder, length) && (path[length] == '/' || !path[length]);
}

/* Whether signing path into the folder could write to what is signed. */
static bool would_meet(const char *path, const char *folder, bool whole_trees)
{
	char real[PATH_MAX];
	struct stat st;

	/* What is not there is said later. */
	if (!realpath(path, real) || stat(real, &st))
		return false;
	if (whole_trees && S_ISDIR(st.st_mode))
		return is_inside(real, folder);
	return !strcmp(dirname(real), folder);
}

int open_output_folder(
	const char *folder, char **paths, int count, bool whole_trees, int *code)
{
	char real[PATH_MAX];
	int fd;

	*code = EXIT_REWRITE_FAILED;
	if (mkdir(folder, 0777) && errno != EEXIST) {
		complain("%s: cannot be made: %s", folder, strerror(errno));
		return -1;
	}
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || !realpath(folder, real)) {
		complain("%s: cannot be opened: %s", folder, strerror(errno));
		if (fd >= 0)
			close(fd);
		return -1;
	}
	for (int i = 0; i < count; i++) {
		if (!would_meet(paths[i], real, whole_trees))
			continue;
		*code = usage_error("%s: lies in the output folder, where it would be replaced: name another "
			"--output-dir, or none to sign in place",
			paths[i]);
		close(fd);
		return -1;
	}
	return fd;
}
