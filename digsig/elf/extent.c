// SPDX-License-Identifier: GPL-2.0-or-later
#include "extent.h"
#include <elf.h>
#include <errno.h>
#include <string.h>
#include "payload.h"

/*
 * Bytes of zero that may follow the last part: tools that rewrite ELF files round up to a page.
 * Of the 3,722 ELF files of a Debian installation and its Python wheels, four have one such byte.
 */
#define ZERO_SLACK_MAX 4096

static const char module_signature[] = "~Module signature appended~\n";

static int refuse(enum elf_refusal *refusal, enum elf_refusal why)
{
	*refusal = why;
	return -ENOEXEC;
}

static void extend(__u64 *end, __u64 offset, __u64 size)
{
	if (size && offset + size > *end)
		*end = offset + size;
}

static bool passes(const struct elf_source *source, __u64 offset, __u64 size)
{
	return offset > source->size || size > source->size - offset;
}

static int find_sections_end(const struct elf_image *image, const struct elf_source *source,
	__u64 *end, enum elf_refusal *refusal)
{
	for (__u64 i = 0; i < image->section_count; i++) {
		struct elf_section section;
		int err = elf_section_read(image, source, i, &section);

		if (err)
			return err;
		if (section.type == SHT_NULL || section.type == SHT_NOBITS || !section.size)
			continue;
		if (passes(source, section.offset, section.size))
			return refuse(refusal, ELF_REFUSAL_SECTION_OUTSIDE);
		extend(end, section.offset, section.size);
	}
	return 0;
}

static int find_segments_end(const struct elf_image *image, const struct elf_source *source,
	__u64 *end, enum elf_refusal *refusal)
{
	for (__u32 i = 0; i < image->segment_count; i++) {
		struct elf_segment segment;
		int err = elf_segment_read(image, source, i, &segment);

		if (err)
			return err;
		if (segment.type == PT_NULL || !segment.file_size)
			continue;
		if (passes(source, segment.offset, segment.file_size))
			return refuse(refusal, ELF_REFUSAL_SEGMENT_OUTSIDE);
		extend(end, segment.offset, segment.file_size);
	}
	return 0;
}

static int refuse_payload(
	const struct elf_source *source, __u64 end, enum elf_refusal *refusal)
{
	int err = elf_payload_find(source, end, refusal);

	return err ? err : -ENOEXEC;
}

static int check_trailing_data(
	const struct elf_source *source, __u64 end, enum elf_refusal *refusal)
{
	char slack[ZERO_SLACK_MAX];
	int err;

	if (source->size - end > sizeof(slack))
		return refuse_payload(source, end, refusal);
	err = source->read(source->context, slack, (size_t)(source->size - end), end);
	if (err)
		return err;
	for (size_t i = 0; i < source->size - end; i++)
		if (slack[i])
			return refuse_payload(source, end, refusal);
	return 0;
}

static int check_known_readers(const struct elf_image *image, const struct elf_source *source,
	enum elf_refusal *refusal)
{
	const size_t length = sizeof(module_signature) - 1;
	char last[sizeof(module_signature) - 1];
	int err;

	/* The AppImage specification marks itself in the ABI version and padding of e_ident. */
	if (image->header[8] == 'A' && image->header[9] == 'I' &&
		(image->header[10] == 1 || image->header[10] == 2))
		return refuse(refusal, ELF_REFUSAL_APPIMAGE);
	if (source->size < length)
		return 0;
	err = source->read(source->context, last, length, source->size - length);
	if (err)
		return err;
	return memcmp(last, module_signature, length)
		? 0
		: refuse(refusal, ELF_REFUSAL_MODULE_SIGNATURE);
}

/* Finds a section .digsig; *index becomes its index, 0 if there is none. */
static int find_block_section(const struct elf_image *image, const struct elf_source *source,
	struct elf_section *section, __u64 *index)
{
	struct elf_section names;
	int err;

	*index = 0;
	if (!image->names_index)
		return 0;
	err = elf_section_read(image, source, image->names_index, &names);
	for (__u64 i = 1; !err && i < image->section_count; i++) {
		err = elf_section_read(image, source, i, section);
		if (err)
			break;
		if (section->type != SHT_PROGBITS || section->flags & SHF_ALLOC)
			continue;
		err = elf_section_is_named(source, &names, section, ".digsig");
		if (err > 0) {
			*index = i;
			return 0;
		}
	}
	return err;
}

int elf_extent_check(const struct elf_image *image, const struct elf_source *source,
	bool allow_trailing_data, enum elf_refusal *refusal)
{
	__u64 end = image->header_size, index;
	struct elf_section section;
	int err;

	if (!image->section_count && !image->segment_count)
		return refuse(refusal, ELF_REFUSAL_EMPTY);
	err = check_known_readers(image, source, refusal);
	if (err)
		return err;
	extend(&end, image->sections_offset, image->section_count * image->section_size);
	extend(&end, image->segments_offset,
		(__u64)image->segment_count * (image->is_64 ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr)));
	err = find_sections_end(image, source, &end, refusal);
	if (err)
		return err;
	err = find_segments_end(image, source, &end, refusal);
	if (err)
		return err;
	err = find_block_section(image, source, &section, &index);
	if (err)
		return err;
	if (index)
		return refuse(refusal, ELF_REFUSAL_HAS_SECTION);
	return allow_trailing_data ? 0 : check_trailing_data(source, end, refusal);
}

/*
 * Only the last section counts: one before it whose name lay past the end of the old name table
 * may have become another ".digsig" when that table grew.
 */
static int read_last_section(const struct elf_image *image, const struct elf_source *source,
	struct elf_section *last)
{
	struct elf_section names;
	int err;

	if (!image->names_index)
		return 0;
	err = elf_section_read(image, source, image->names_index, &names);
	if (!err)
		err = elf_section_read(image, source, image->section_count - 1, last);
	return err ? err : elf_section_is_named(source, &names, last, ".digsig");
}

int elf_block_section_fits(const struct elf_source *source, __u64 content_size, __u32 block_size)
{
	struct elf_section section;
	enum elf_refusal refusal;
	struct elf_image image;
	int err;

	err = elf_image_read(&image, source, &refusal);
	if (err)
		return err == -ENOEXEC ? 0 : err;
	err = read_last_section(&image, source, &section);
	if (err <= 0)
		return err;
	if (section.type != SHT_PROGBITS || section.flags & SHF_ALLOC ||
		section.offset != content_size || section.size != block_size)
		return 0;
	for (__u32 i = 0; i < image.segment_count; i++) {
		struct elf_segment segment;

		err = elf_segment_read(&image, source, i, &segment);
		if (err)
			return err;
		if (segment.type != PT_NULL && segment.file_size &&
			(segment.offset >= content_size ||
				segment.file_size > content_size - segment.offset))
			return 0;
	}
	return 1;
}

enum elf_leftover elf_leftover_find(const struct elf_source *source)
{
	struct elf_section section;
	enum elf_refusal refusal;
	struct elf_image image;
	__u64 index;
	int err;

	err = elf_image_read(&image, source, &refusal);
	if (err == -ENOEXEC && (refusal == ELF_REFUSAL_SECTIONS_OUTSIDE ||
				       refusal == ELF_REFUSAL_SEGMENTS_OUTSIDE))
		return ELF_LEFTOVER_CUT_SHORT;
	if (err || find_block_section(&image, source, &section, &index) || !index)
		return ELF_LEFTOVER_NONE;
	return passes(source, section.offset, section.size) ? ELF_LEFTOVER_CUT_SHORT
							    : ELF_LEFTOVER_MOVED;
}
