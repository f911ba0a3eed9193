// SPDX-License-Identifier: GPL-2.0-or-later
#include "embed.h"
#include <elf.h>
#include <errno.h>
#include <string.h>
#include "extent.h"

static const char block_name[] = ".digsig";
/* Of a file without section names: the empty name, and the two that it gets. */
static const char first_names[] = "\0.shstrtab\0.digsig";
enum { FIRST_NAMES_SHSTRTAB = 1, FIRST_NAMES_DIGSIG = 11 };

static int refuse(enum elf_refusal *refusal, enum elf_refusal why)
{
	*refusal = why;
	return -ENOEXEC;
}

static __u64 round_up(__u64 size, __u64 alignment)
{
	return (size + alignment - 1) & ~(alignment - 1);
}

static void add_piece(struct elf_embedding *embedding, int from, __u64 offset, __u64 size)
{
	if (!size)
		return;
	embedding->pieces[embedding->piece_count++] =
		(struct elf_piece){ .size = size, .from = from, .offset = offset };
	embedding->content_size += size;
}

static void add_source(struct elf_embedding *embedding, __u64 offset, __u64 size)
{
	add_piece(embedding, ELF_PIECE_SOURCE, offset, size);
}

static void add_zeros(struct elf_embedding *embedding, __u64 alignment)
{
	add_piece(embedding, ELF_PIECE_ZEROS, 0,
		round_up(embedding->content_size, alignment) - embedding->content_size);
}

static __u8 *add_made(struct elf_embedding *embedding, const void *bytes, size_t size)
{
	__u8 *made = embedding->made + embedding->made_size;

	add_piece(embedding, ELF_PIECE_MADE, embedding->made_size, size);
	memcpy(made, bytes, size);
	embedding->made_size += size;
	return made;
}

/* The section name table of the original, if it has one that can be copied and extended. */
static int check_names(const struct elf_image *image, const struct elf_source *original,
	struct elf_section *names, enum elf_refusal *refusal)
{
	int err = elf_section_read(image, original, image->names_index, names);

	if (err)
		return err;
	if (names->type != SHT_STRTAB)
		return refuse(refusal, ELF_REFUSAL_NAMES_INDEX);
	if (names->flags & SHF_COMPRESSED)
		return refuse(refusal, ELF_REFUSAL_NAMES_COMPRESSED);
	if (names->flags & SHF_ALLOC)
		return refuse(refusal, ELF_REFUSAL_NAMES_LOADED);
	/* A name's offset has 32 bits in either class. */
	if (names->size > 0xffffffff - sizeof(block_name))
		return refuse(refusal, ELF_REFUSAL_TOO_LARGE);
	return 0;
}

/* Appends the name table, and says where it begins, its size, and where ".digsig" is in it. */
static int add_names(struct elf_embedding *embedding, const struct elf_source *original,
	const struct elf_section *names, struct elf_section *new_names, __u32 *name)
{
	char last = '\0';
	int err;

	new_names->offset = embedding->content_size;
	if (!embedding->image.names_index) {
		add_made(embedding, first_names, sizeof(first_names));
		*name = FIRST_NAMES_DIGSIG;
	} else {
		if (names->size) {
			err = original->read(original->context, &last, 1,
				names->offset + names->size - 1);
			if (err)
				return err;
		}
		add_source(embedding, names->offset, names->size);
		/* A last name without its zero must not run on into the new one. */
		if (last || !names->size)
			add_made(embedding, "", 1);
		*name = (__u32)(embedding->content_size - new_names->offset);
		add_made(embedding, block_name, sizeof(block_name));
	}
	new_names->size = embedding->content_size - new_names->offset;
	return 0;
}

/* Appends the old table's entries from first up to, not including, end. */
static void add_entries(struct elf_embedding *embedding, __u64 first, __u64 end)
{
	const struct elf_image *image = &embedding->image;

	add_source(embedding, image->sections_offset + first * image->section_size,
		(end - first) * image->section_size);
}

static int read_entry(const struct elf_embedding *embedding, const struct elf_source *original,
	__u64 index, __u8 raw[ELF_SECTION_MAX])
{
	const struct elf_image *image = &embedding->image;

	return original->read(original->context, raw, image->section_size,
		image->sections_offset + index * image->section_size);
}

static void set_names_entry(
	const struct elf_image *image, __u8 *raw, const struct elf_section *new_names)
{
	elf_section_set(image, raw, ELF_SH_OFFSET, new_names->offset);
	elf_section_set(image, raw, ELF_SH_SIZE, new_names->size);
}

/*
 * Appends the new table up to the .digsig entry, whose place it returns in *block_entry: what it
 * says is known only when the table's size is.
 */
static int add_table(struct elf_embedding *embedding, const struct elf_source *original,
	const struct elf_section *new_names, __u64 new_count, __u64 new_names_index,
	__u8 **block_entry)
{
	const struct elf_image *image = &embedding->image;
	__u8 raw[ELF_SECTION_MAX] = { 0 };
	__u64 copied = 1;
	int err;

	/* Entry 0 carries the counts that the header's 16 bits cannot. */
	if (image->section_count) {
		err = read_entry(embedding, original, 0, raw);
		if (err)
			return err;
		if (new_count >= SHN_LORESERVE)
			elf_section_set(image, raw, ELF_SH_SIZE, new_count);
		if (new_names_index >= SHN_LORESERVE)
			elf_section_set(image, raw, ELF_SH_LINK, new_names_index);
	}
	add_made(embedding, raw, image->section_size);
	if (image->names_index) {
		add_entries(embedding, 1, image->names_index);
		err = read_entry(embedding, original, image->names_index, raw);
		if (err)
			return err;
		set_names_entry(image, raw, new_names);
		add_made(embedding, raw, image->section_size);
		copied = (__u64)image->names_index + 1;
	}
	if (image->section_count > copied)
		add_entries(embedding, copied, image->section_count);
	if (!image->names_index) {
		memset(raw, 0, sizeof(raw));
		elf_section_set(image, raw, ELF_SH_NAME, FIRST_NAMES_SHSTRTAB);
		elf_section_set(image, raw, ELF_SH_TYPE, SHT_STRTAB);
		elf_section_set(image, raw, ELF_SH_ADDRALIGN, 1);
		set_names_entry(image, raw, new_names);
		add_made(embedding, raw, image->section_size);
	}
	memset(raw, 0, sizeof(raw));
	*block_entry = add_made(embedding, raw, image->section_size);
	return 0;
}

static int lay_out(struct elf_embedding *embedding, const struct elf_source *original,
	__u32 block_size, const struct elf_section *names)
{
	const struct elf_image *image = &embedding->image;
	__u64 old_count = image->section_count ? image->section_count : 1;
	__u64 new_count = old_count + (image->names_index ? 1 : 2);
	__u64 new_names_index = image->names_index ? image->names_index : old_count;
	struct elf_section new_names;
	__u64 table_offset;
	__u8 *header, *entry;
	__u32 name;
	int err;

	/* Its section fields are set at the end, when the place of the table is known. */
	header = add_made(embedding, image->header, image->header_size);
	add_source(embedding, image->header_size, original->size - image->header_size);
	add_zeros(embedding, 8);
	err = add_names(embedding, original, names, &new_names, &name);
	if (err)
		return err;
	add_zeros(embedding, 8);
	table_offset = embedding->content_size;
	err = add_table(embedding, original, &new_names, new_count, new_names_index, &entry);
	if (err)
		return err;
	/* SHA-256 can only be resumed between two of its blocks: the signature begins there. */
	add_zeros(embedding, 64);

	elf_section_set(image, entry, ELF_SH_NAME, name);
	elf_section_set(image, entry, ELF_SH_TYPE, SHT_PROGBITS);
	/* Or a linker would copy the block of an object file into every program made of it. */
	if (image->type == ET_REL)
		elf_section_set(image, entry, ELF_SH_FLAGS, SHF_EXCLUDE);
	elf_section_set(image, entry, ELF_SH_OFFSET, embedding->content_size);
	elf_section_set(image, entry, ELF_SH_SIZE, block_size);
	elf_section_set(image, entry, ELF_SH_ADDRALIGN, 64);
	elf_header_set_sections(image, header, table_offset, (__u16)image->section_size,
		new_count >= SHN_LORESERVE ? 0 : (__u16)new_count,
		new_names_index >= SHN_LORESERVE ? SHN_XINDEX : (__u16)new_names_index);
	return 0;
}

int elf_embedding_plan(struct elf_embedding *embedding, const struct elf_source *original,
	__u32 block_size, unsigned int flags, enum elf_refusal *refusal)
{
	const struct elf_image *image = &embedding->image;
	struct elf_section names = { 0 };
	int err;

	memset(embedding, 0, sizeof(*embedding));
	err = elf_image_read(&embedding->image, original, refusal);
	if (err)
		return err;
	embedding->original_size = original->size;
	err = elf_extent_check(image, original, flags & ELF_ALLOW_TRAILING_DATA, refusal);
	if (err)
		return err;
	if (image->names_index) {
		err = check_names(image, original, &names, refusal);
		if (err)
			return err;
	}
	err = elf_image_class(image, original, &embedding->file_class);
	if (err)
		return err;
	err = lay_out(embedding, original, block_size, &names);
	if (err)
		return err;
	if (embedding->content_size + block_size > (image->is_64 ? INT64_MAX : 0xffffffff))
		return refuse(refusal, ELF_REFUSAL_TOO_LARGE);
	return 0;
}

int elf_embedding_read(const struct elf_embedding *embedding, const struct elf_source *original,
	void *buffer, size_t size, __u64 offset)
{
	__u8 *at = buffer;

	for (unsigned int i = 0; i < embedding->piece_count && size; i++) {
		const struct elf_piece *piece = &embedding->pieces[i];
		size_t part;

		if (offset >= piece->size) {
			offset -= piece->size;
			continue;
		}
		part = piece->size - offset < size ? (size_t)(piece->size - offset) : size;
		if (piece->from == ELF_PIECE_SOURCE) {
			int err = original->read(
				original->context, at, part, piece->offset + offset);

			if (err)
				return err;
		} else if (piece->from == ELF_PIECE_MADE) {
			memcpy(at, embedding->made + piece->offset + offset, part);
		} else {
			memset(at, 0, part);
		}
		at += part;
		size -= part;
		offset = 0;
	}
	return size ? -EINVAL : 0;
}
