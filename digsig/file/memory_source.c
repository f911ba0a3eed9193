// SPDX-License-Identifier: GPL-2.0-or-later
#include "memory_source.h"
#include <errno.h>
#include <string.h>

static int read_memory(void *context, void *buffer, size_t size, __u64 offset)
{
	const struct memory *memory = context;

	if (offset > memory->size || size > memory->size - offset)
		return -EIO;
	if (size)
		memcpy(buffer, (const char *)memory->bytes + offset, size);
	return 0;
}

struct elf_source memory_source(const struct memory *memory)
{
	return (struct elf_source){
		.read = read_memory, .context = (void *)memory, .size = memory->size };
}
