/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads /dev/kmsg, from the oldest record that the kernel still has. */
#ifndef KERNKIT_NETCON_SEND_KMSG_H
#define KERNKIT_NETCON_SEND_KMSG_H

#include <stddef.h>
#include "../netcon.h"

enum {
	KMSG_ROOM = 65536, /* kernels write 8 KiB at most; with less than it needs, the kernel skips the record */
	KMSG_ADDED = 128, /* room behind it for what kmsg_add appends */
};

struct kmsg {
	int fd;
	char record[KMSG_ROOM + KMSG_ADDED];
};

/* 0 or a negative errno: -EPERM: without CAP_SYSLOG, where kernel.dmesg_restrict is 1. */
int kmsg_open(struct kmsg *kmsg);
void kmsg_close(struct kmsg *kmsg);

/*
 * The next record, until the next call: 0. -EAGAIN: there is none yet. -EPIPE: some were overwritten before they were
 * read; the next call reads on behind them. -EBADMSG: the record is none that is understood; another negative errno.
 */
int kmsg_read(struct kmsg *kmsg, struct netcon_message *message);

/* The next record is the oldest. 0 or a negative errno. */
int kmsg_rewind(struct kmsg *kmsg);

/*
 * Appends the line " NAME=VALUE" to the dictionary of the record that was read. 0, or -E2BIG: there is no room, and
 * the record is as it was.
 */
int kmsg_add(struct kmsg *kmsg, struct netcon_message *message, const char *name, const char *value);

#endif
