/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The content of a signed ELF file: what the original becomes before the block is put behind it.
 *
 *   original file, its ELF header naming the new section header table
 *   zeros to a multiple of 8
 *   new section name table: the old one's bytes, and ".digsig"
 *   zeros to a multiple of 8
 *   new section header table: the old one, its name table entry pointing at the copy; one entry
 *   more, .digsig, which covers the block
 *   zeros to a multiple of 64
 *
 * A file without section headers gets a table of null, .shstrtab and .digsig. The old tables stay
 * where they are, unused, so that the original is whole but for the header. The plan is made from
 * the headers alone and streams the rest: memory does not grow with the file. It is the same for
 * the same original, always; strip relies on that.
 */
#ifndef DIGSIG_ELF_EMBED_H
#define DIGSIG_ELF_EMBED_H

#include "image.h"

#define ELF_EMBEDDING_PIECES 16

struct elf_piece {
	__u64 size;
	enum { ELF_PIECE_SOURCE, ELF_PIECE_MADE, ELF_PIECE_ZEROS } from;
	__u64 offset; /* in the source, or in made */
};

struct elf_embedding {
	struct elf_image image; /* of the original */
	__u64 original_size; /* in bytes */
	__u64 content_size; /* a multiple of 64 */
	__u32 file_class; /* DIGSIG_CLASS_... */
	unsigned int piece_count;
	struct elf_piece pieces[ELF_EMBEDDING_PIECES];
	size_t made_size;
	__u8 made[512]; /* the bytes that are not in the original */
};

enum { ELF_ALLOW_TRAILING_DATA = 1 };

/*
 * Plans the content for a block of block_size bytes. Returns 0; -ENOEXEC with *refusal set when
 * the file cannot carry a block; or what the source returned.
 */
int elf_embedding_plan(struct elf_embedding *embedding, const struct elf_source *original,
	__u32 block_size, unsigned int flags, enum elf_refusal *refusal);

/*
 * Reads content bytes: size bytes from offset, together at most content_size. Returns 0, -EINVAL,
 * or what the source returned.
 */
int elf_embedding_read(const struct elf_embedding *embedding, const struct elf_source *original,
	void *buffer, size_t size, __u64 offset);

#endif
