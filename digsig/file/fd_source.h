/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An open file as a source of ELF bytes. */
#ifndef DIGSIG_FILE_FD_SOURCE_H
#define DIGSIG_FILE_FD_SOURCE_H

#include <sys/types.h>
#include "../elf/image.h"

/*
 * Reads size bytes of *fd, an int that must live as long as the source. -EIO when the file ends
 * before size bytes.
 */
struct elf_source fd_source(const int *fd, __u64 size);

/* All of *fd, as long as it is now. 0; -EINVAL: not a regular file; fstat(2)'s errors. */
int fd_source_open(struct elf_source *source, const int *fd);

/* pread(2) until everything is there: 0, or a negative errno; -EIO: the file ends before that. */
int read_exactly(int fd, void *buffer, size_t size, off_t offset);

#endif
