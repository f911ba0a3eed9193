// SPDX-License-Identifier: GPL-2.0-or-later
#include "image.h"
#include <elf.h>
#include <errno.h>
#include <string.h>
#include "../format/block.h"

/* Where a field stands in the 32-bit and in the 64-bit form, and how wide it is there. */
struct field {
	__u8 offset_32, width_32, offset_64, width_64;
};

#define FIELD(type, member)                                                                        \
	{                                                                                          \
		offsetof(Elf32_##type, member), sizeof(((Elf32_##type *)0)->member),               \
			offsetof(Elf64_##type, member), sizeof(((Elf64_##type *)0)->member),       \
	}

static const struct field e_type = FIELD(Ehdr, e_type), e_version = FIELD(Ehdr, e_version),
			  e_phoff = FIELD(Ehdr, e_phoff), e_shoff = FIELD(Ehdr, e_shoff),
			  e_ehsize = FIELD(Ehdr, e_ehsize), e_phentsize = FIELD(Ehdr, e_phentsize),
			  e_phnum = FIELD(Ehdr, e_phnum), e_shentsize = FIELD(Ehdr, e_shentsize),
			  e_shnum = FIELD(Ehdr, e_shnum), e_shstrndx = FIELD(Ehdr, e_shstrndx),
			  sh_name = FIELD(Shdr, sh_name), sh_type = FIELD(Shdr, sh_type),
			  sh_flags = FIELD(Shdr, sh_flags), sh_offset = FIELD(Shdr, sh_offset),
			  sh_size = FIELD(Shdr, sh_size), sh_link = FIELD(Shdr, sh_link),
			  sh_info = FIELD(Shdr, sh_info), sh_addralign = FIELD(Shdr, sh_addralign),
			  p_type = FIELD(Phdr, p_type), p_offset = FIELD(Phdr, p_offset),
			  p_filesz = FIELD(Phdr, p_filesz), d_tag = FIELD(Dyn, d_tag),
			  d_val = FIELD(Dyn, d_un);

static __u64 get(const struct elf_image *image, const __u8 *raw, struct field field)
{
	size_t width = image->is_64 ? field.width_64 : field.width_32;
	__u64 value_64;
	__u32 value_32;
	__u16 value_16;

	raw += image->is_64 ? field.offset_64 : field.offset_32;
	switch (width) {
	case 2:
		memcpy(&value_16, raw, 2);
		return image->is_swapped ? __builtin_bswap16(value_16) : value_16;
	case 4:
		memcpy(&value_32, raw, 4);
		return image->is_swapped ? __builtin_bswap32(value_32) : value_32;
	default:
		memcpy(&value_64, raw, 8);
		return image->is_swapped ? __builtin_bswap64(value_64) : value_64;
	}
}

static void set(const struct elf_image *image, __u8 *raw, struct field field, __u64 value)
{
	size_t width = image->is_64 ? field.width_64 : field.width_32;
	__u32 value_32 = (__u32)value;
	__u16 value_16 = (__u16)value;

	raw += image->is_64 ? field.offset_64 : field.offset_32;
	if (image->is_swapped) {
		value = __builtin_bswap64(value);
		value_32 = __builtin_bswap32(value_32);
		value_16 = __builtin_bswap16(value_16);
	}
	switch (width) {
	case 2:
		memcpy(raw, &value_16, 2);
		break;
	case 4:
		memcpy(raw, &value_32, 4);
		break;
	default:
		memcpy(raw, &value, 8);
		break;
	}
}

/* Whether count entries of entry_size bytes from offset on lie in size bytes. */
static bool lies_inside(__u64 offset, __u64 count, __u64 entry_size, __u64 size)
{
	return offset <= size && count <= (size - offset) / entry_size;
}

static int refuse(enum elf_refusal *refusal, enum elf_refusal why)
{
	*refusal = why;
	return -ENOEXEC;
}

static int read_ident(
	struct elf_image *image, const struct elf_source *source, enum elf_refusal *refusal)
{
	const __u8 *ident = image->header;
	int err;

	if (source->size < EI_NIDENT)
		return refuse(refusal, ELF_REFUSAL_NOT_ELF);
	err = source->read(source->context, image->header, EI_NIDENT, 0);
	if (err)
		return err;
	if (memcmp(ident, ELFMAG, SELFMAG))
		return refuse(refusal, ELF_REFUSAL_NOT_ELF);
	if ((ident[EI_CLASS] != ELFCLASS32 && ident[EI_CLASS] != ELFCLASS64) ||
		(ident[EI_DATA] != ELFDATA2LSB && ident[EI_DATA] != ELFDATA2MSB) ||
		ident[EI_VERSION] != EV_CURRENT)
		return refuse(refusal, ELF_REFUSAL_IDENT);
	image->is_64 = ident[EI_CLASS] == ELFCLASS64;
	image->is_swapped =
		(ident[EI_DATA] == ELFDATA2MSB) != (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__);
	image->header_size = image->is_64 ? sizeof(Elf64_Ehdr) : sizeof(Elf32_Ehdr);
	image->section_size = image->is_64 ? sizeof(Elf64_Shdr) : sizeof(Elf32_Shdr);
	if (source->size < image->header_size)
		return refuse(refusal, ELF_REFUSAL_HEADER);
	return source->read(source->context, image->header + EI_NIDENT,
		image->header_size - EI_NIDENT, EI_NIDENT);
}

/* Finds the section header table; counts that do not fit the header stand in its entry 0. */
static int locate_sections(
	struct elf_image *image, const struct elf_source *source, enum elf_refusal *refusal)
{
	__u8 first[ELF_SECTION_MAX];
	int err;

	if (!image->shoff)
		return 0;
	if (image->shentsize != image->section_size)
		return refuse(refusal, ELF_REFUSAL_HEADER);
	if (!lies_inside(image->shoff, 1, image->section_size, source->size) ||
		!lies_inside(image->shoff, image->shnum, image->section_size, source->size))
		return refuse(refusal, ELF_REFUSAL_SECTIONS_OUTSIDE);
	err = source->read(source->context, first, image->section_size, image->shoff);
	if (err)
		return err;
	image->section_count = image->shnum ? image->shnum : get(image, first, sh_size);
	image->names_index = image->shstrndx == SHN_XINDEX ? (__u32)get(image, first, sh_link)
							   : image->shstrndx;
	if (!lies_inside(image->shoff, image->section_count, image->section_size, source->size))
		return refuse(refusal, ELF_REFUSAL_SECTIONS_OUTSIDE);
	if (image->section_count) {
		image->sections_offset = image->shoff;
		if (image->segment_count == PN_XNUM)
			image->segment_count = (__u32)get(image, first, sh_info);
	}
	if (image->names_index && image->names_index >= image->section_count)
		return refuse(refusal, ELF_REFUSAL_NAMES_INDEX);
	return 0;
}

int elf_image_read(
	struct elf_image *image, const struct elf_source *source, enum elf_refusal *refusal)
{
	const __u8 *header = image->header;
	size_t segment_size;
	int err;

	memset(image, 0, sizeof(*image));
	*refusal = ELF_REFUSAL_NONE;
	err = read_ident(image, source, refusal);
	if (err)
		return err;
	if (get(image, header, e_version) != EV_CURRENT)
		return refuse(refusal, ELF_REFUSAL_IDENT);
	if (get(image, header, e_ehsize) != image->header_size)
		return refuse(refusal, ELF_REFUSAL_HEADER);
	image->type = (__u16)get(image, header, e_type);
	image->shoff = get(image, header, e_shoff);
	image->shentsize = (__u16)get(image, header, e_shentsize);
	image->shnum = (__u16)get(image, header, e_shnum);
	image->shstrndx = (__u16)get(image, header, e_shstrndx);
	image->segments_offset = get(image, header, e_phoff);
	image->segment_count = (__u32)get(image, header, e_phnum);
	err = locate_sections(image, source, refusal);
	if (err)
		return err;

	segment_size = image->is_64 ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr);
	/* A table within the ELF header would change with the fields that embedding changes. */
	if (image->segment_count && (get(image, header, e_phentsize) != segment_size ||
					    image->segments_offset < image->header_size))
		return refuse(refusal, ELF_REFUSAL_HEADER);
	if (image->segment_count && !lies_inside(image->segments_offset, image->segment_count,
					    segment_size, source->size))
		return refuse(refusal, ELF_REFUSAL_SEGMENTS_OUTSIDE);
	return 0;
}

int elf_section_read(const struct elf_image *image, const struct elf_source *source, __u64 index,
	struct elf_section *section)
{
	__u8 raw[ELF_SECTION_MAX];
	int err = source->read(source->context, raw, image->section_size,
		image->sections_offset + index * image->section_size);

	if (err)
		return err;
	section->name = (__u32)get(image, raw, sh_name);
	section->type = (__u32)get(image, raw, sh_type);
	section->flags = get(image, raw, sh_flags);
	section->offset = get(image, raw, sh_offset);
	section->size = get(image, raw, sh_size);
	return 0;
}

int elf_segment_read(const struct elf_image *image, const struct elf_source *source, __u32 index,
	struct elf_segment *segment)
{
	size_t segment_size = image->is_64 ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr);
	__u8 raw[sizeof(Elf64_Phdr)];
	int err = source->read(source->context, raw, segment_size,
		image->segments_offset + (__u64)index * segment_size);

	if (err)
		return err;
	segment->type = (__u32)get(image, raw, p_type);
	segment->offset = get(image, raw, p_offset);
	segment->file_size = get(image, raw, p_filesz);
	return 0;
}

int elf_section_is_named(const struct elf_source *source, const struct elf_section *names,
	const struct elf_section *section, const char *wanted)
{
	size_t length = strlen(wanted) + 1;
	char name[32];
	int err;

	if (section->name >= names->size || names->size - section->name < length ||
		length > sizeof(name) ||
		!lies_inside(names->offset, names->size, 1, source->size))
		return 0;
	err = source->read(source->context, name, length, names->offset + section->name);
	return err ? err : !memcmp(name, wanted, length);
}

void elf_header_set_sections(const struct elf_image *image, __u8 header[ELF_HEADER_MAX],
	__u64 shoff, __u16 shentsize, __u16 shnum, __u16 shstrndx)
{
	set(image, header, e_shoff, shoff);
	set(image, header, e_shentsize, shentsize);
	set(image, header, e_shnum, shnum);
	set(image, header, e_shstrndx, shstrndx);
}

void elf_section_set(const struct elf_image *image, __u8 *raw, enum elf_section_field field,
	__u64 value)
{
	switch (field) {
	case ELF_SH_NAME:
		set(image, raw, sh_name, value);
		break;
	case ELF_SH_TYPE:
		set(image, raw, sh_type, value);
		break;
	case ELF_SH_FLAGS:
		set(image, raw, sh_flags, value);
		break;
	case ELF_SH_OFFSET:
		set(image, raw, sh_offset, value);
		break;
	case ELF_SH_SIZE:
		set(image, raw, sh_size, value);
		break;
	case ELF_SH_LINK:
		set(image, raw, sh_link, value);
		break;
	case ELF_SH_ADDRALIGN:
		set(image, raw, sh_addralign, value);
		break;
	}
}

/* What of the dynamic section tells a program from a library. */
static int read_dynamic(const struct elf_image *image, const struct elf_source *source,
	const struct elf_segment *dynamic, bool *is_pie, bool *has_soname)
{
	size_t entry_size = image->is_64 ? sizeof(Elf64_Dyn) : sizeof(Elf32_Dyn);
	__u64 count = dynamic->file_size / entry_size;

	if (!lies_inside(dynamic->offset, count, entry_size, source->size))
		return 0;
	for (__u64 i = 0; i < count; i++) {
		__u8 raw[sizeof(Elf64_Dyn)];
		__u64 tag;
		int err = source->read(
			source->context, raw, entry_size, dynamic->offset + i * entry_size);

		if (err)
			return err;
		tag = get(image, raw, d_tag);
		if (tag == DT_NULL)
			break;
		if (tag == DT_SONAME)
			*has_soname = true;
		if (tag == DT_FLAGS_1 && get(image, raw, d_val) & DF_1_PIE)
			*is_pie = true;
	}
	return 0;
}

static int has_section(
	const struct elf_image *image, const struct elf_source *source, const char *wanted)
{
	struct elf_section names, section;
	int err;

	if (!image->names_index)
		return 0;
	err = elf_section_read(image, source, image->names_index, &names);
	for (__u64 i = 1; !err && i < image->section_count; i++) {
		err = elf_section_read(image, source, i, &section);
		if (!err)
			err = elf_section_is_named(source, &names, &section, wanted);
	}
	return err;
}

int elf_image_class(
	const struct elf_image *image, const struct elf_source *source, __u32 *file_class)
{
	bool is_pie = false, has_soname = false, has_interpreter = false;
	int err;

	*file_class = DIGSIG_CLASS_OTHER;
	if (image->type == ET_EXEC)
		*file_class = DIGSIG_CLASS_EXECUTABLE;
	if (image->type == ET_REL) {
		err = has_section(image, source, ".modinfo");
		if (err < 0)
			return err;
		if (err)
			*file_class = DIGSIG_CLASS_MODULE;
	}
	if (image->type != ET_DYN)
		return 0;
	for (__u32 i = 0; i < image->segment_count; i++) {
		struct elf_segment segment;

		err = elf_segment_read(image, source, i, &segment);
		if (err)
			return err;
		if (segment.type == PT_INTERP)
			has_interpreter = true;
		if (segment.type != PT_DYNAMIC)
			continue;
		err = read_dynamic(image, source, &segment, &is_pie, &has_soname);
		if (err)
			return err;
	}
	/* libc.so.6 can be run, too: it has an interpreter and yet is a library by its name. */
	*file_class = is_pie || (has_interpreter && !has_soname) ? DIGSIG_CLASS_EXECUTABLE
								 : DIGSIG_CLASS_LIBRARY;
	return 0;
}
