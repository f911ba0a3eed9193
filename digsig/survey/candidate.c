// SPDX-License-Identifier: GPL-2.0-or-later
#include "candidate.h"
#include <elf.h>
#include <string.h>
#include "../elf/debug.h"
#include "../elf/embed.h"
#include "../file/fd_source.h"
#include "../file/kernel_module.h"

/* Some room for the block: whether the file can carry one does not depend on its size. */
#define BLOCK_SIZE_GUESS 1024

static enum candidate_kind elf_kind(const char *name, const __u8 *head, size_t size)
{
	unsigned int type = ET_NONE;

	if (size >= CANDIDATE_HEAD_SIZE)
		type = head[EI_DATA] == ELFDATA2MSB ? head[16] << 8U | head[17]
						    : head[17] << 8U | head[16];
	if (type == ET_CORE)
		return CANDIDATE_NONE;
	if (type == ET_REL)
		return kernel_module_is_named(name) ? CANDIDATE_MODULE : CANDIDATE_OBJECT;
	return CANDIDATE_ELF;
}

enum candidate_kind candidate_kind(const char *name, mode_t mode, const __u8 *head, size_t size)
{
	if (size >= 4 && !memcmp(head, ELFMAG, 4))
		return elf_kind(name, head, size);
	if (size >= 2 && head[0] == '#' && head[1] == '!')
		return mode & 0111 ? CANDIDATE_SCRIPT : CANDIDATE_NONE;
	if (kernel_module_is_packed(head, size) && kernel_module_is_named(name))
		return CANDIDATE_MODULE;
	return CANDIDATE_NONE;
}

bool candidate_can_carry_block(int fd, __u64 size)
{
	struct fd_windows windows;
	struct elf_source source = fd_source(&windows, fd, size);
	struct elf_embedding embedding;
	enum elf_refusal refusal;

	return !elf_embedding_plan(&embedding, &source, BLOCK_SIZE_GUESS, 0, &refusal);
}

bool candidate_has_only_debug(int fd, __u64 size)
{
	struct fd_windows windows;
	struct elf_source source = fd_source(&windows, fd, size);

	return elf_has_only_debug(&source) > 0;
}

const char *candidate_kind_name(enum candidate_kind kind)
{
	static const char *const names[] = {
		[CANDIDATE_NONE] = "data",
		[CANDIDATE_ELF] = "program or library",
		[CANDIDATE_SCRIPT] = "script",
		[CANDIDATE_MODULE] = "kernel module",
		[CANDIDATE_OBJECT] = "object file",
	};

	return kind < CANDIDATE_KINDS ? names[kind] : "?";
}
