/* SPDX-License-Identifier: GPL-2.0 */
/* Can a file's bytes change without the engine's noticing? */
#ifndef DIGSIG_STABILITY_BPF_H
#define DIGSIG_STABILITY_BPF_H

#include "maps.bpf.h"

enum stability {
	STABLE, /* every change begins with an open(2) that the engine sees: verdicts are cached */
	LAYERED, /* the bytes live in another file: judged at every use, see below.bpf.h */
	UNSTABLE, /* whoever answers the reads may answer differently each time: never ok */
	MEMORY, /* no file at all, though the kernel has a nameless one behind it */
};

#define S_IFMT 0170000
#define S_IFREG 0100000

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

/* What of an inode says how its bytes can change. */
struct inode_facts {
	unsigned long magic, file_system_flags;
	__u32 mode, flags;
};

static __always_inline struct inode_facts facts_of(struct inode *inode)
{
	return (struct inode_facts){ inode->i_sb->s_magic, inode->i_sb->s_flags, inode->i_mode,
		inode->i_flags };
}

/* The same for an inode that is a number. Slower: each member is a call. */
static __always_inline struct inode_facts facts_by_address(__u64 address)
{
	struct inode *inode = (struct inode *)address;

	return (struct inode_facts){ BPF_CORE_READ(inode, i_sb, s_magic),
		BPF_CORE_READ(inode, i_sb, s_flags), BPF_CORE_READ(inode, i_mode),
		BPF_CORE_READ(inode, i_flags) };
}

/*
 * Shared anonymous memory, shared memory of System V, huge pages: mapped, they show a file of the
 * kernel's own. A memfd is not among them, it is a file to whoever holds its descriptor; but of huge
 * pages the two cannot be told apart, and executed as a program neither is ever ok.
 */
static __always_inline bool is_memory(struct inode_facts facts)
{
	if (facts.magic == HUGETLBFS_MAGIC && facts.file_system_flags & SB_KERNMOUNT)
		return true;
	return facts.magic == TMPFS_MAGIC && facts.flags & S_PRIVATE;
}

/* inode, whose facts these are, may be a number: it is only read. */
static __always_inline enum stability file_stability(struct inode *inode, struct inode_facts facts)
{
	if (is_memory(facts))
		return MEMORY;
	/* The pages of a device are not those of its node. */
	if ((facts.mode & S_IFMT) != S_IFREG)
		return UNSTABLE;
	switch (facts.magic) {
	case TMPFS_MAGIC:
		return facts.file_system_flags & SB_KERNMOUNT && !is_sealed(inode) ? UNSTABLE :
										     STABLE;
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
