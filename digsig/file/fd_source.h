/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An open file as a source of ELF bytes. Headers are asked for one by one, by the hundred: small reads
 * come from windows of the file, so that most of them are no system call. There are several, because
 * the tables that refer to each other stand at the beginning and at the end. A small file of which one
 * window is not enough is read once, as a whole.
 */
#ifndef DIGSIG_FILE_FD_SOURCE_H
#define DIGSIG_FILE_FD_SOURCE_H

#include <stdbool.h>
#include <sys/types.h>
#include "../elf/image.h"

#define FD_WINDOW_SIZE ((size_t)16384)
#define FD_WINDOWS 4

struct fd_window {
	__u64 offset; /* of the bytes in the file */
	size_t size; /* how many there are; 0: none yet */
};

struct fd_windows {
	int fd;
	__u64 file_size;
	bool is_whole; /* all of the file is there, as if it were one window */
	unsigned int moves; /* of windows: the one that was moved longest ago is moved next */
	struct fd_window windows[FD_WINDOWS];
	__u8 bytes[FD_WINDOWS][FD_WINDOW_SIZE];
};

/*
 * Reads size bytes of fd, in one thread. The windows are filled here, and must live as long as the
 * source, which does not notice when bytes that it has read change. -EIO when the file ends before
 * size bytes.
 */
struct elf_source fd_source(struct fd_windows *windows, int fd, __u64 size);

/* All of fd, as long as it is now. 0; -EINVAL: not a regular file; fstat(2)'s errors. */
int fd_source_open(struct elf_source *source, struct fd_windows *windows, int fd);

/* pread(2) until everything is there: 0, or a negative errno; -EIO: the file ends before that. */
int read_exactly(int fd, void *buffer, size_t size, off_t offset);

#endif
