/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ELF headers (the System V gABI, chapters 4 and 5) as numbers in the host's order, whatever the
 * file's class and byte order. Every reader checks that what it reads lies in the file. Nothing
 * here does I/O: bytes come through struct elf_source, so that a buffer can stand for a file.
 */
#ifndef DIGSIG_ELF_IMAGE_H
#define DIGSIG_ELF_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>
#include "refusal.h"

#define ELF_HEADER_MAX 64 /* bytes of a 64-bit ELF header; a 32-bit one has 52 */
#define ELF_SECTION_MAX 64 /* bytes of a 64-bit section header; a 32-bit one has 40 */

struct elf_source {
	/* Fills buffer with exactly size bytes from offset, or returns a negative errno. */
	int (*read)(void *context, void *buffer, size_t size, __u64 offset);
	void *context;
	__u64 size;
};

struct elf_image {
	__u8 header[ELF_HEADER_MAX]; /* as in the file */
	size_t header_size; /* 52 or 64 */
	size_t section_size; /* of a section header: 40 or 64 */
	bool is_64;
	bool is_swapped; /* the file's byte order is not the host's */
	__u16 type; /* ET_EXEC ... */
	__u64 segments_offset;
	__u32 segment_count; /* also when it stands in section header 0 (PN_XNUM) */
	/* The section header table; all zero if there is none, or one without entries. */
	__u64 sections_offset;
	__u64 section_count; /* also when it stands in section header 0 */
	__u32 names_index; /* of the section name table; 0: none */
	/* The four header fields that embedding changes, in the host's order. */
	__u64 shoff;
	__u16 shentsize, shnum, shstrndx;
};

struct elf_section {
	__u32 name, type;
	__u64 flags, offset, size;
};

struct elf_segment {
	__u32 type;
	__u64 offset, file_size;
};

/*
 * Reads the header. Returns 0; -ENOEXEC with *refusal set if this is not an ELF file, or one
 * whose tables lie outside it; or what the source returned.
 */
int elf_image_read(
	struct elf_image *image, const struct elf_source *source, enum elf_refusal *refusal);

/* index must be below the count. Returns 0 or what the source returned. */
int elf_section_read(const struct elf_image *image, const struct elf_source *source, __u64 index,
	struct elf_section *section);
/* The same for a program header. */
int elf_segment_read(const struct elf_image *image, const struct elf_source *source, __u32 index,
	struct elf_segment *segment);

/*
 * Whether the section's name is wanted (at most 31 bytes), given the name table's header.
 * Returns 1, 0, or a negative errno from the source.
 */
int elf_section_is_named(const struct elf_source *source, const struct elf_section *names,
	const struct elf_section *section, const char *wanted);

/* Stores the four fields in a header of the image's class and byte order. */
void elf_header_set_sections(const struct elf_image *image, __u8 header[ELF_HEADER_MAX],
	__u64 shoff, __u16 shentsize, __u16 shnum, __u16 shstrndx);

/* The fields of a raw section header, as far as embedding writes them. */
enum elf_section_field { ELF_SH_NAME, ELF_SH_TYPE, ELF_SH_OFFSET, ELF_SH_SIZE, ELF_SH_LINK,
	ELF_SH_ADDRALIGN, ELF_SH_FLAGS };
/* Stores one field in a section header of the image's class and byte order. */
void elf_section_set(const struct elf_image *image, __u8 *raw, enum elf_section_field field,
	__u64 value);

/*
 * The class for the manifest: DIGSIG_CLASS_EXECUTABLE, _LIBRARY, _MODULE or _OTHER. Returns 0 or
 * what the source returned.
 */
int elf_image_class(
	const struct elf_image *image, const struct elf_source *source, __u32 *file_class);

#endif
