/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's log, /dev/kmsg: a record of our own in it, and what the kernel said meanwhile. */
#ifndef KERNKIT_NETCON_TARGET_KERNEL_LOG_H
#define KERNKIT_NETCON_TARGET_KERNEL_LOG_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

/* A descriptor that reads what comes from now on; or a negative errno. */
int kernel_log_open(void);

/*
 * What a subsystem said of it since kernel_log_open, "netpoll" for "netpoll: netconsole: eth0 doesn't support
 * polling, aborting": the last error; otherwise text is "". In text no byte can speak to a terminal.
 */
void kernel_log_reason(int fd, char *text, size_t size);

/*
 * Writes a record, of that level, and finds its sequence number by reading it back. 0 and *sequence; or a negative
 * errno: -ENODATA: it did not come, for the kernel takes none of user space: see kernel.printk_devkmsg.
 */
int kernel_log_put(unsigned int level, const char *text, __u64 *sequence);

#endif
