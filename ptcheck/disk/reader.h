/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading a device that may not answer. A process that waits for it in the kernel cannot be interrupted, so the
 * reading is done by a child, which is left behind when its time is over.
 */
#ifndef PTCHECK_READER_H
#define PTCHECK_READER_H

#include <linux/types.h>

/* The most that can be read at once. */
#define READER_MOST (2U << 20)

struct disk_reader;

/* NULL: memory or a process is short: errno. timeout: seconds. fd has to stay open. */
struct disk_reader *reader_open(int fd, double timeout);

/*
 * Reads size bytes, at most READER_MOST. How many there were; *bytes has them until the next call. Or a negative
 * errno: -ETIMEDOUT: the device did not answer.
 */
long reader_read(struct disk_reader *reader, __u64 offset, __u32 size, const void **bytes);

void reader_close(struct disk_reader *reader);

#endif
