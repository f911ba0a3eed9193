// SPDX-License-Identifier: GPL-2.0-or-later
#include "output_file.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../../lib/command/output.h"
#include "cli.h"

static int failed(const struct output_file *file)
{
	complain("%s: %s", file->path, strerror(errno));
	return EXIT_ERROR;
}

/* Not emptied here: the watch may yet be refused, and then it is as if it had not been tried. */
int output_file_open(struct output_file *file, const char *path)
{
	const int flags = O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY;

	*file = (struct output_file){.fd = -1};
	if (!path || !strcmp(path, "-"))
		return 0;
	file->path = path;
	file->fd = open(path, flags | O_EXCL, 0666);
	file->is_new = file->fd >= 0;
	if (file->fd < 0 && errno == EEXIST)
		file->fd = open(path, flags, 0666);
	return file->fd < 0 ? failed(file) : 0;
}

int output_file_begin(struct output_file *file)
{
	struct stat status;

	if (!file->path)
		return 0;
	if (fstat(file->fd, &status) ||
		(S_ISREG(status.st_mode) && status.st_size && ftruncate(file->fd, 0)) ||
		dup2(file->fd, STDOUT_FILENO) < 0)
		return failed(file);
	close(file->fd);
	file->fd = -1;
	output_set_name(file->path);
	return 0;
}

void output_file_cancel(struct output_file *file)
{
	if (!file->path || file->fd < 0)
		return;
	close(file->fd);
	if (file->is_new)
		unlink(file->path);
}
