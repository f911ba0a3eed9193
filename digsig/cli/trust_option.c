// SPDX-License-Identifier: GPL-2.0-or-later
#include "trust_option.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "cli.h"

int trust_option_add(struct trust_store **store, const char *path)
{
	const char *bad_file = path;
	char text[2 * PATH_MAX];
	int err = 0;

	if (!*store)
		err = trust_store_new(store);
	if (!err)
		err = trust_store_add(*store, path, &bad_file);
	if (!err)
		return EXIT_OK;
	trust_store_describe(path, bad_file, err, text, sizeof(text));
	complain("%s", text);
	return EXIT_ERROR;
}

int open_to_judge(const char *path, int *code)
{
	/* O_NONBLOCK: a FIFO must not hang the command. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;

	if (fd < 0 || fstat(fd, &st)) {
		complain("%s: cannot be opened: %s", path, strerror(errno));
		*code = EXIT_ERROR;
	} else if (S_ISDIR(st.st_mode)) {
		complain("%s: a directory: name the files in it", path);
		*code = EXIT_UNSUPPORTED;
	} else if (!S_ISREG(st.st_mode)) {
		complain("%s: not a regular file: name files, not devices", path);
		*code = EXIT_UNSUPPORTED;
	} else {
		return fd;
	}
	if (fd >= 0)
		close(fd);
	return -1;
}
