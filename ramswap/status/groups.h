/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whose pages are in swap: by control group (version 2). */
#ifndef RAMSWAP_STATUS_GROUPS_H
#define RAMSWAP_STATUS_GROUPS_H

#include <stddef.h>
#include <linux/types.h>

enum {
	STATUS_GROUPS_MAX = 65536, /* more are not looked at */
	STATUS_GROUPS_DEPTH = 64,
};

struct status_group {
	char *path; /* below /sys/fs/cgroup: "/system.slice/cron.service"; any bytes */
	__u64 swap; /* memory.swap.current, in bytes: its own pages, and those of the groups in it */
	__u64 own; /* without those */
};

struct status_groups {
	struct status_group *list; /* that have pages of their own there, the most first */
	size_t count;
};

/*
 * Of the machine below root. 0, to be freed with status_groups_free; -ENOENT: there are no control groups of version 2,
 * or they do not count swap; -E2BIG: there are more of them than is looked at; another negative errno.
 */
int status_groups_read(int root, struct status_groups *groups);
void status_groups_free(struct status_groups *groups);

#endif
