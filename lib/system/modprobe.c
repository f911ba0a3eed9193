// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "modprobe.h"

extern char **environ;

enum { PARAMETERS_MAX = 8 };

static int run_quietly(const char *program, char *const arguments[])
{
	posix_spawn_file_actions_t quiet;
	pid_t child;
	int status, err;

	if (posix_spawn_file_actions_init(&quiet))
		return -ENOMEM;
	err = posix_spawn_file_actions_addopen(&quiet, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	if (!err)
		err = posix_spawn(&child, program, &quiet, NULL, arguments, environ);
	posix_spawn_file_actions_destroy(&quiet);
	if (err)
		return -err;
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return WIFEXITED(status) && !WEXITSTATUS(status) ? 0 : -ENODEV;
}

int modprobe_with(const char *module, const char *parameters)
{
	static const char *const places[] = { "/usr/sbin/modprobe", "/sbin/modprobe", "/usr/bin/modprobe" };
	char *arguments[2 + PARAMETERS_MAX + 1] = { (char *)"modprobe", (char *)module };
	char *copy = strdup(parameters), *rest = copy;
	size_t count = 2;
	int err = copy ? -ENOENT : -ENOMEM;

	while (copy && count <= 2 + PARAMETERS_MAX && (arguments[count] = strsep(&rest, " ")))
		if (*arguments[count])
			count++;
	if (count > 2 + PARAMETERS_MAX)
		err = -E2BIG;
	for (size_t i = 0; i < sizeof(places) / sizeof(*places) && err == -ENOENT; i++)
		err = run_quietly(places[i], arguments);
	free(copy);
	return err;
}

int modprobe(const char *module)
{
	return modprobe_with(module, "");
}
