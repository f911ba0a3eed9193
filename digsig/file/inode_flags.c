// SPDX-License-Identifier: GPL-2.0-or-later
#include "inode_flags.h"
#include <errno.h>
#include <linux/fs.h>
#include <sys/ioctl.h>

#define KEPT (FS_NOATIME_FL | FS_COMPR_FL | FS_NODUMP_FL | FS_NOCOMP_FL | FS_SECRM_FL | FS_SYNC_FL | \
	FS_UNRM_FL)

int inode_flags_copy(int source, int target)
{
	unsigned int wanted, made; /* the kernel's int, whatever its headers say */

	if (ioctl(source, FS_IOC_GETFLAGS, &wanted) || ioctl(target, FS_IOC_GETFLAGS, &made))
		return 0;
	wanted = (made & ~(unsigned int)KEPT) | (wanted & KEPT);
	if (wanted == made)
		return 0;
	return ioctl(target, FS_IOC_SETFLAGS, &wanted) ? -errno : 0;
}
