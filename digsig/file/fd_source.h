/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An open file as a source of ELF bytes. Headers are asked for one by one, by the hundred: small reads
 * come from a window of the file, so that most of them are no system call.
 */
#ifndef DIGSIG_FILE_FD_SOURCE_H
#define DIGSIG_FILE_FD_SOURCE_H

#include <sys/types.h>
#include "../elf/image.h"

#define FD_WINDOW_SIZE 16384

struct fd_window {
	int fd;
	__u64 file_size;
	__u64 offset; /* of the bytes in the file */
	size_t size; /* how many there are; 0: none yet */
	__u8 bytes[FD_WINDOW_SIZE];
};

/*
 * Reads size bytes of fd, in one thread. The window is filled here, and must live as long as the
 * source, which does not notice when bytes that it has read change. -EIO when the file ends before
 * size bytes.
 */
struct elf_source fd_source(struct fd_window *window, int fd, __u64 size);

/* All of fd, as long as it is now. 0; -EINVAL: not a regular file; fstat(2)'s errors. */
int fd_source_open(struct elf_source *source, struct fd_window *window, int fd);

/* pread(2) until everything is there: 0, or a negative errno; -EIO: the file ends before that. */
int read_exactly(int fd, void *buffer, size_t size, off_t offset);

#endif
