/* SPDX-License-Identifier: GPL-2.0 */
/* Can a file's bytes change without the engine's noticing? */
#ifndef DIGSIG_STABILITY_BPF_H
#define DIGSIG_STABILITY_BPF_H

#include "maps.bpf.h"

enum stability {
	STABLE, /* every change begins with an open(2) that the engine sees: verdicts are cached */
	LAYERED, /* the bytes live in another file: judged at every use */
	UNSTABLE, /* whoever answers the reads may answer differently each time: never ok */
	MEMORY, /* no file at all, though the kernel has a nameless one behind it */
};

/* File systems whose files change only through this kernel's own open(2): linux/magic.h and others */
#define EXT4_SUPER_MAGIC 0xef53
#define XFS_SUPER_MAGIC 0x58465342
#define BTRFS_SUPER_MAGIC 0x9123683e
#define F2FS_SUPER_MAGIC 0xf2f52010
#define TMPFS_MAGIC 0x01021994
#define RAMFS_MAGIC 0x858458f6
#define SQUASHFS_MAGIC 0x73717368
#define EROFS_SUPER_MAGIC_V1 0xe0f5e1e2
#define ISOFS_SUPER_MAGIC 0x9660
#define UDF_SUPER_MAGIC 0x15013346
#define MSDOS_SUPER_MAGIC 0x4d44
#define EXFAT_SUPER_MAGIC 0x2011bab0
#define JFS_SUPER_MAGIC 0x3153464a
#define NILFS_SUPER_MAGIC 0x3434
#define BCACHEFS_SUPER_MAGIC 0xca451a4e
#define OVERLAYFS_SUPER_MAGIC 0x794c7630
#define HUGETLBFS_MAGIC 0x958458f6

#define SB_KERNMOUNT (1UL << 22)
#define S_PRIVATE 512 /* the kernel made it for itself */
#define F_SEAL_WRITE 0x0008

/*
 * memfd_create(2) gives a descriptor that writes and that i_writecount does not know of. Such a
 * file is stable once it is sealed against writing, for good.
 */
static __always_inline bool is_sealed(struct inode *inode)
{
	struct shmem_inode_info *info = (void *)inode -
		bpf_core_field_offset(struct shmem_inode_info, vfs_inode);

	return BPF_CORE_READ(info, seals) & F_SEAL_WRITE;
}

/*
 * Shared anonymous memory, shared memory of System V, huge pages: mapped, they show a file of the
 * kernel's own. A memfd is not among them: it is a file to whoever holds its descriptor.
 */
static __always_inline bool is_memory(struct inode *inode)
{
	__u64 magic;

	if (!(inode->i_flags & S_PRIVATE))
		return false;
	magic = BPF_CORE_READ(inode, i_sb, s_magic);
	return magic == TMPFS_MAGIC || magic == HUGETLBFS_MAGIC;
}

static __always_inline enum stability file_stability(struct inode *inode)
{
	unsigned long flags = BPF_CORE_READ(inode, i_sb, s_flags);

	if (is_memory(inode))
		return MEMORY;
	switch (BPF_CORE_READ(inode, i_sb, s_magic)) {
	case TMPFS_MAGIC:
		return flags & SB_KERNMOUNT && !is_sealed(inode) ? UNSTABLE : STABLE;
	case EXT4_SUPER_MAGIC:
	case XFS_SUPER_MAGIC:
	case BTRFS_SUPER_MAGIC:
	case F2FS_SUPER_MAGIC:
	case RAMFS_MAGIC:
	case SQUASHFS_MAGIC:
	case EROFS_SUPER_MAGIC_V1:
	case ISOFS_SUPER_MAGIC:
	case UDF_SUPER_MAGIC:
	case MSDOS_SUPER_MAGIC:
	case EXFAT_SUPER_MAGIC:
	case JFS_SUPER_MAGIC:
	case NILFS_SUPER_MAGIC:
	case BCACHEFS_SUPER_MAGIC:
		return STABLE;
	case OVERLAYFS_SUPER_MAGIC:
		return LAYERED;
	}
	return UNSTABLE;
}

static __always_inline bool is_open_for_writing(struct inode *inode)
{
	return BPF_CORE_READ(inode, i_writecount.counter) > 0;
}

#endif
