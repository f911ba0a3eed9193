/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kernel's types of files and mounts, as far as the tools' programs look into them. libbpf finds the
 * true offsets in the running kernel's BTF when it loads a program (CO-RE), so only names and types
 * matter here. What one tool alone looks into is in its own kernel_types.h.
 */
#ifndef KERNKIT_BPF_FILE_TYPES_H
#define KERNKIT_BPF_FILE_TYPES_H

#include <stdbool.h>
#include <linux/types.h>
#include <linux/bpf.h>

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

typedef struct {
	int counter;
} atomic_t;

struct qstr {
	unsigned int len;
	const unsigned char *name;
};

struct dentry {
	struct dentry *d_parent;
	struct qstr d_name;
	struct inode *d_inode;
	struct super_block *d_sb;
};

struct list_head {
	struct list_head *next;
};

struct vfsmount {
	struct dentry *mnt_root;
	struct super_block *mnt_sb;
};

struct mnt_namespace;

struct mount {
	struct mount *mnt_parent;
	struct dentry *mnt_mountpoint;
	struct vfsmount mnt;
	struct list_head mnt_share;
	struct mount *mnt_master;
	struct mnt_namespace *mnt_ns;
	int mnt_group_id;
};

struct path {
	struct vfsmount *mnt;
	struct dentry *dentry;
};

struct super_block {
	__u32 s_dev;
	unsigned long s_flags;
	unsigned long s_magic;
	struct dentry *s_root;
};

struct address_space;

struct inode {
	unsigned short i_mode;
	unsigned int i_flags;
	void *i_security;
	struct super_block *i_sb;
	struct address_space *i_mapping;
	unsigned long i_ino;
	unsigned int i_nlink;
	unsigned int i_generation;
	long long i_size;
	atomic_t i_writecount;
	void *i_private;
};

struct file {
	unsigned int f_mode;
	struct path f_path;
	struct inode *f_inode;
	void *private_data;
};

#pragma clang attribute pop

#endif
