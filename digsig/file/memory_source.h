/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A file that is in memory as a source of ELF bytes. */
#ifndef DIGSIG_FILE_MEMORY_SOURCE_H
#define DIGSIG_FILE_MEMORY_SOURCE_H

#include "../elf/image.h"

struct memory {
	const void *bytes;
	size_t size;
};

/* The memory must live as long as the source. -EIO from its read: that is outside. */
struct elf_source memory_source(const struct memory *memory);

#endif
