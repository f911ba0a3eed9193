/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The original of a signed ELF file, seen through the signed one. */
#ifndef DIGSIG_ELF_RESTORE_H
#define DIGSIG_ELF_RESTORE_H

#include "embed.h"
#include "../format/block.h"

struct elf_restored {
	struct elf_source original; /* reads the original's bytes, original.size of them */
	const struct elf_source *is_signed; /* must live as long */
	size_t header_size;
	__u8 header[ELF_HEADER_MAX];
};

/*
 * Prepares restored->original from the content of a signed file (which may have the block behind
 * it) and its manifest; restored must not be moved afterwards. The manifest is not believed: the
 * original is accepted only if embedding it again gives exactly this content's header and tables,
 * so that a manifest cannot cut off or change anything that embedding did not put there.
 * Returns 0, -ENOEXEC, or what the source returned.
 */
int elf_restore(struct elf_restored *restored, const struct elf_source *is_signed,
	const struct digsig_manifest *manifest);

#endif
