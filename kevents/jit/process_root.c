// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "process_root.h"

/* The last number of a line "NAME: N N N". */
static long last_number(const char *line)
{
	const char *last = strrchr(line, '\t');

	return last ? strtol(last + 1, NULL, 10) : -1;
}

static int read_status(int32_t pid, struct process_root *root)
{
	char path[64], line[512];
	unsigned int effective;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	file = fopen(path, "re");
	if (!file)
		return errno == ENOENT ? -ESRCH : -errno;
	root->own_pid = pid;
	root->owner = (uid_t)-1;
	while (fgets(line, sizeof(line), file)) {
		if (!strncmp(line, "NSpid:", 6))
			root->own_pid = (int32_t)last_number(line);
		else if (sscanf(line, "Uid: %*u %u", &effective) == 1)
			root->owner = effective;
	}
	fclose(file);
	return root->owner == (uid_t)-1 || root->own_pid <= 0 ? -ESRCH : 0;
}

int process_root_open(int32_t pid, struct process_root *root)
{
	char path[64];
	int err = read_status(pid, root);

	if (err)
		return err;
	snprintf(path, sizeof(path), "/proc/%d/root", pid);
	root->fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root->fd < 0)
		return errno == ENOENT ? -ESRCH : -errno;
	return 0;
}

void process_root_close(struct process_root *root)
{
	if (root->fd >= 0)
		close(root->fd);
	root->fd = -1;
}

int process_root_open_file(const struct process_root *root, const char *path)
{
	/* Not a terminal of ours, and no waiting for the other end of a pipe. */
	struct open_how how = {
		.flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC,
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};
	struct stat status;
	int fd = (int)syscall(SYS_openat2, root->fd, path, &how, sizeof(how));

	if (fd < 0)
		return -errno;
	if (fstat(fd, &status) || !S_ISREG(status.st_mode)) {
		close(fd);
		return -EINVAL;
	}
	return fd;
}
