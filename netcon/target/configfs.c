// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/utsname.h>
#include <unistd.h>
#include "../../lib/system/modprobe.h"
#include "configfs.h"

#define MOUNT_POINT "/sys/kernel/config"
#define MODULE "/sys/module/netconsole"

static bool is_there(const char *path)
{
	return !access(path, F_OK);
}

static int load_module(struct target_problem *problem)
{
	struct utsname kernel;
	int err;

	if (uname(&kernel))
		return target_fail(problem, -errno, "uname: %s", strerror(errno));
	err = modprobe("netconsole");
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
