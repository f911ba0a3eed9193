/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether an ELF file ends where its headers say, so that something can be put behind it. */
#ifndef DIGSIG_ELF_EXTENT_H
#define DIGSIG_ELF_EXTENT_H

#include "image.h"

/*
 * Looks for parts that pass the file's end and for data behind the last part; such data is
 * accepted when it is short and zero, or when allow_trailing_data. Also refuses what is known to
 * read its own end. Returns 0; -ENOEXEC with *refusal set; or what the source returned.
 */
int elf_extent_check(const struct elf_image *image, const struct elf_source *source,
	bool allow_trailing_data, enum elf_refusal *refusal);

/*
 * Whether the section .digsig is where a signed file has it: the last section, SHT_PROGBITS, not
 * loaded, covering exactly block_size bytes from content_size, which is where the source ends;
 * and no segment reaches into it. Returns 1, 0, or what the source returned.
 */
int elf_block_section_fits(const struct elf_source *source, __u64 content_size, __u32 block_size);

/* What a file without a signature block at its end shows of having had one. */
enum elf_leftover {
	ELF_LEFTOVER_NONE,
	ELF_LEFTOVER_CUT_SHORT, /* its tables or its section .digsig pass the file's end */
	ELF_LEFTOVER_MOVED, /* a section .digsig lies in the file, without a block at the end */
};

/* A source that cannot be read shows nothing. */
enum elf_leftover elf_leftover_find(const struct elf_source *source);

#endif
