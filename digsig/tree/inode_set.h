/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A set of inodes: folders or files that were seen, under whichever name. */
#ifndef DIGSIG_TREE_INODE_SET_H
#define DIGSIG_TREE_INODE_SET_H

#include <stddef.h>
#include <linux/types.h>

struct inode_set {
	struct inode_id {
		__u64 device, inode; /* both 0: a free place */
	} *places;
	size_t room, count; /* room: 0 or a power of two */
};

/* 1: it is new; 0: it was there; -ENOMEM. */
int inode_set_add(struct inode_set *set, __u64 device, __u64 inode);
/* Frees what is in the set. */
void inode_set_free(struct inode_set *set);

#endif
