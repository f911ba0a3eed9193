// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>
#include "configfs.h"

#define MOUNT_POINT "/sys/kernel/config"
#define MODULE "/sys/module/netconsole"

extern char **environ;

static bool is_there(const char *path)
{
	return !access(path, F_OK);
}

/* 0: it ended with 0; -ENOENT: there is no such program; -EIO: it failed. */
static int run(const char *program, char *const arguments[])
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
	return WIFEXITED(status) && !WEXITSTATUS(status) ? 0 : -EIO;
}

static int load_module(struct target_problem *problem)
{
	static const char *const places[] = { "/usr/sbin/modprobe", "/sbin/modprobe", "/usr/bin/modprobe" };
	char *const arguments[] = { (char *)"modprobe", (char *)"netconsole", NULL };
	struct utsname kernel;
	int err = -ENOENT;

	if (uname(&kernel))
		return target_fail(problem, -errno, "uname: %s", strerror(errno));
	for (size_t i = 0; i < sizeof(places) / sizeof(*places) && err == -ENOENT; i++)
		err = run(places[i], arguments);
	if (!err && is_there(MODULE))
		return 0;
	if (err == -ENOENT)
		return target_fail(problem, -ENOENT, "netconsole is not in the kernel %.80s, and there is no modprobe to load "
						     "it: load the module netconsole", kernel.release);
	return target_fail(problem, -ENODEV, "netconsole is not in the kernel %.80s, and modprobe netconsole failed: it "
					     "needs CONFIG_NETCONSOLE", kernel.release);
}

int configfs_prepare(struct target_problem *problem)
{
	int err;

	if (is_there(TARGET_ROOT))
		return 0;
	if (geteuid())
		return target_fail(problem, -EPERM, TARGET_ROOT ": it is not there, and only root can make it");
	if (!is_there(MODULE)) {
		err = load_module(problem);
		if (err)
			return err;
	}
	if (is_there(TARGET_ROOT))
		return 0;
	if (!is_there(MOUNT_POINT))
		return target_fail(problem, -EOPNOTSUPP, MOUNT_POINT ": this kernel has no configfs: netconsole needs "
								     "CONFIG_NETCONSOLE_DYNAMIC");
	if (mount("configfs", MOUNT_POINT, "configfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL)) {
		err = -errno;
		return target_fail(problem, err, MOUNT_POINT ": configfs cannot be mounted: %s", strerror(-err));
	}
	if (is_there(TARGET_ROOT))
		return 0;
	return target_fail(problem, -EOPNOTSUPP, TARGET_ROOT ": netconsole is there, but was built without "
							     "CONFIG_NETCONSOLE_DYNAMIC");
}
