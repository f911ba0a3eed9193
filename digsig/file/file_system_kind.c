// SPDX-License-Identifier: GPL-2.0-or-later
#include "file_system_kind.h"
#include <linux/magic.h>

/* Those that linux/magic.h does not have. */
#define XFS_MAGIC 0x58465342
#define JFS_MAGIC 0x3153464a
#define UDF_MAGIC 0x15013346
#define EROFS_MAGIC 0xe0f5e1e2
#define EXFAT_MAGIC 0x2011bab0
#define BCACHEFS_MAGIC 0xca451a4e
#define MQUEUE_MAGIC 0x19800202
#define CONFIGFS_MAGIC 0x62656570
#define FUSECTL_MAGIC 0x65735543
#define RPC_PIPEFS_MAGIC 0x67596969

enum file_system_kind file_system_kind(unsigned long magic)
{
	switch (magic) {
	case EXT4_SUPER_MAGIC:
	case XFS_MAGIC:
	case BTRFS_SUPER_MAGIC:
	case F2FS_SUPER_MAGIC:
	case TMPFS_MAGIC:
	case RAMFS_MAGIC:
	case SQUASHFS_MAGIC:
	case EROFS_MAGIC:
	case ISOFS_SUPER_MAGIC:
	case UDF_MAGIC:
	case MSDOS_SUPER_MAGIC:
	case EXFAT_MAGIC:
	case JFS_MAGIC:
	case NILFS_SUPER_MAGIC:
	case BCACHEFS_MAGIC:
		return FILE_SYSTEM_STABLE;
	case OVERLAYFS_SUPER_MAGIC:
		return FILE_SYSTEM_LAYERED;
	case PROC_SUPER_MAGIC:
	case SYSFS_MAGIC:
	case DEBUGFS_MAGIC:
	case TRACEFS_MAGIC:
	case SECURITYFS_MAGIC:
	case SELINUX_MAGIC:
	case CGROUP_SUPER_MAGIC:
	case CGROUP2_SUPER_MAGIC:
	case BPF_FS_MAGIC:
	case DEVPTS_SUPER_MAGIC:
	case PSTOREFS_MAGIC:
	case EFIVARFS_MAGIC:
	case HUGETLBFS_MAGIC:
	case BINFMTFS_MAGIC:
	case AUTOFS_SUPER_MAGIC:
	case NSFS_MAGIC:
	case MQUEUE_MAGIC:
	case CONFIGFS_MAGIC:
	case FUSECTL_MAGIC:
	case RPC_PIPEFS_MAGIC:
		return FILE_SYSTEM_PSEUDO;
	}
	return FILE_SYSTEM_UNSTABLE;
}
