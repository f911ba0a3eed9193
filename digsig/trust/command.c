// SPDX-License-Identifier: GPL-2.0-or-later
#include "command.h"
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define OUTPUT_MAX ((size_t)4 << 20)

/* The input in a file without a name: no pipe that would have to be fed while the other is read. */
static int input_file(const char *input)
{
	size_t size = strlen(input);
	int fd = memfd_create("input", MFD_CLOEXEC);

	if (fd < 0)
		return -errno;
	if (write(fd, input, size) != (ssize_t)size || lseek(fd, 0, SEEK_SET)) {
		close(fd);
		return -EIO;
	}
	return fd;
}

static int read_all(int fd, char **output, size_t *size)
{
	char *bytes = malloc(OUTPUT_MAX + 1);
	size_t length = 0;
	ssize_t got;

	if (!bytes)
		return -ENOMEM;
	do {
		got = read(fd, bytes + length, OUTPUT_MAX - length);
		if (got > 0)
			length += (size_t)got;
	} while ((got > 0 && length < OUTPUT_MAX) || (got < 0 && errno == EINTR));
	if (got || length == OUTPUT_MAX) {
		free(bytes);
		return got < 0 ? -errno : -E2BIG;
	}
	bytes[length] = '\0';
	*output = bytes;
	*size = length;
	return 0;
}

static int start(const char *const arguments[], int input, int output, pid_t *child)
{
	posix_spawn_file_actions_t actions;
	int err = posix_spawn_file_actions_init(&actions);

	if (err)
		return -err;
	err = posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
	if (!err)
		err = posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
	if (!err)
		err = posix_spawn_file_actions_addopen(
			&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	if (!err)
		err = posix_spawnp(
			child, arguments[0], &actions, NULL, (char *const *)arguments, environ);
	posix_spawn_file_actions_destroy(&actions);
	return -err;
}

int command_run(const char *const arguments[], const char *input, char **output, size_t *size)
{
	int pipes[2], status, err, fd = input_file(input);
	pid_t child;

	*output = NULL;
	if (fd < 0)
		return fd;
	if (pipe2(pipes, O_CLOEXEC)) {
		err = -errno;
		close(fd);
		return err;
	}
	err = start(arguments, fd, pipes[1], &child);
	close(fd);
	close(pipes[1]);
	if (!err) {
		err = read_all(pipes[0], output, size);
		close(pipes[0]);
		while (waitpid(child, &status, 0) < 0 && errno == EINTR)
			;
		return err ? err : WIFEXITED(status) ? WEXITSTATUS(status) : -EIO;
	}
	close(pipes[0]);
	return err;
}
