// SPDX-License-Identifier: GPL-2.0-or-later
#include "image.h"
#include <elf.h>
#include <errno.h>
#include <gelf.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "../decode.h"

static bool is_within(const struct image *image, __u64 offset, __u64 size)
{
	return offset <= image->size && size <= image->size - offset;
}

static int add_code(struct image *image, __u64 offset, __u64 size, __u64 address, size_t section)
{
	struct image_code *codes;

	if (!size || !is_within(image, offset, size))
		return 0;
	/* Sections that lie over one another would be a way to have a small file take any time. */
	if (__builtin_add_overflow(image->code_size, size, &image->code_size) || image->code_size > image->size)
		return -EINVAL;
	codes = reallocarray(image->codes, image->code_count + 1, sizeof(*codes));
	if (!codes)
		return -ENOMEM;
	image->codes = codes;
	codes[image->code_count++] = (struct image_code){ image->bytes + offset, size, address, section };
	return 0;
}

/* A place by its offset from one that is 4 bytes wide and signed, as .eh_frame_hdr has it. */
static __s64 read_offset(const __u8 *bytes)
{
	__s32 value;

	memcpy(&value, bytes, sizeof(value));
	return value;
}

/* DW_EH_PE_ of the Linux Standard Base: what every linker writes. */
enum { ENCODING_OFFSET_32 = 0x1b, ENCODING_COUNT_32 = 0x03, ENCODING_TABLE_32 = 0x3b };

static void read_frame_table(struct image *image, const GElf_Shdr *section)
{
	const __u8 *bytes;
	__u32 count;

	if (!is_within(image, section->sh_offset, section->sh_size) || section->sh_size < 12)
		return;
	bytes = image->bytes + section->sh_offset;
	if (bytes[0] != 1 || bytes[1] != ENCODING_OFFSET_32 || bytes[2] != ENCODING_COUNT_32 || bytes[3] != ENCODING_TABLE_32)
		return;
	memcpy(&count, bytes + 8, sizeof(count));
	if (count > (section->sh_size - 12) / 8)
		return;
	image->frame_table = bytes + 12;
	image->frame_count = count;
	image->frame_base = section->sh_addr;
}

static int read_sections(struct image *image, size_t names)
{
	Elf_Scn *section = NULL;
	int err = 0;

	while (!err && (section = elf_nextscn(image->elf, section))) {
		GElf_Shdr header;
		const char *name;

		if (!gelf_getshdr(section, &header))
			continue;
		if (header.sh_type == SHT_PROGBITS && (header.sh_flags & SHF_EXECINSTR) &&
			!(header.sh_flags & SHF_COMPRESSED))
			err = add_code(image, header.sh_offset, header.sh_size, header.sh_addr, elf_ndxscn(section));
		name = elf_strptr(image->elf, names, header.sh_name);
		if (name && !strcmp(name, ".eh_frame_hdr"))
			read_frame_table(image, &header);
	}
	return err;
}

static int read_segments(struct image *image)
{
	bool has_sections = image->code_count;
	size_t count = 0;
	int err = 0;

	if (elf_getphdrnum(image->elf, &count) || !count)
		return 0;
	image->segments = calloc(count, sizeof(*image->segments));
	if (!image->segments)
		return -ENOMEM;
	for (size_t i = 0; i < count && !err; i++) {
		GElf_Phdr header;
		__u64 end;

		if (!gelf_getphdr(image->elf, (int)i, &header) || header.p_type != PT_LOAD ||
			__builtin_add_overflow(header.p_vaddr, header.p_memsz, &end))
			continue;
		image->segments[image->segment_count++] = (struct image_segment){ header.p_vaddr, end };
		/* Without sections the segments are all there is. */
		if (header.p_flags & PF_X && !has_sections)
			err = add_code(image, header.p_offset, header.p_filesz, header.p_vaddr, 0);
	}
	return err;
}

int image_open(struct image *image, const __u8 *bytes, size_t size)
{
	GElf_Ehdr header;
	size_t names = 0;
	int err;

	*image = (struct image){ .bytes = bytes, .size = size };
	elf_version(EV_CURRENT);
	image->elf = elf_memory((char *)(uintptr_t)bytes, size);
	if (!image->elf || elf_kind(image->elf) != ELF_K_ELF || !gelf_getehdr(image->elf, &header) ||
		header.e_ident[EI_DATA] != ELFDATA2LSB ||
		(header.e_machine != EM_X86_64 && header.e_machine != EM_386)) {
		image_close(image);
		return 1;
	}
	image->mode = header.e_machine == EM_X86_64 ? PREFETCH_64 : PREFETCH_32;
	image->is_object = header.e_type == ET_REL;
	elf_getshdrstrndx(image->elf, &names);
	err = read_sections(image, names);
	if (!err)
		err = read_segments(image);
	if (!err && !image->code_count)
		err = 1;
	if (err)
		image_close(image);
	return err;
}

void image_close(struct image *image)
{
	free(image->codes);
	free(image->symbols);
	free(image->segments);
	elf_end(image->elf);
	*image = (struct image){ 0 };
}

static int compare_symbols(const void *left, const void *right)
{
	const struct image_symbol *a = left, *b = right;

	if (a->section != b->section)
		return a->section < b->section ? -1 : 1;
	if (a->address != b->address)
		return a->address < b->address ? -1 : 1;
	/* Of several names at one place the same one each time. */
	return strcmp(b->name, a->name);
}

static int add_symbols(struct image *image, Elf_Data *data, size_t names)
{
	size_t entry_size = gelf_fsize(image->elf, ELF_T_SYM, 1, EV_CURRENT), count = data->d_size / entry_size;
	struct image_symbol *symbols =
		reallocarray(image->symbols, image->symbol_count + count + 1, sizeof(*symbols));

	if (!symbols)
		return -ENOMEM;
	image->symbols = symbols;
	for (size_t i = 0; i < count; i++) {
		GElf_Sym symbol;
		const char *name;
		int type;

		if (!gelf_getsym(data, (int)i, &symbol) || symbol.st_shndx == SHN_UNDEF)
			continue;
		type = GELF_ST_TYPE(symbol.st_info);
		if (type != STT_FUNC && type != STT_GNU_IFUNC && type != STT_OBJECT)
			continue;
		name = elf_strptr(image->elf, names, symbol.st_name);
		if (!name || !*name)
			continue;
		symbols[image->symbol_count++] = (struct image_symbol){ symbol.st_value, symbol.st_size,
			type == STT_OBJECT, image->is_object ? symbol.st_shndx : 0, name };
	}
	return 0;
}

int image_read_symbols(struct image *image)
{
	Elf_Scn *section = NULL;
	size_t left = image->size;
	int err = 0;

	while (!err && (section = elf_nextscn(image->elf, section))) {
		GElf_Shdr header;
		Elf_Data *data;

		if (!gelf_getshdr(section, &header) ||
			(header.sh_type != SHT_SYMTAB && header.sh_type != SHT_DYNSYM))
			continue;
		data = elf_getdata(section, NULL);
		/* As with code: tables that lie over one another are not read any number of times. */
		if (!data || data->d_size > left)
			continue;
		left -= data->d_size;
		err = add_symbols(image, data, header.sh_link);
	}
	if (image->symbol_count)
		qsort(image->symbols, image->symbol_count, sizeof(*image->symbols), compare_symbols);
	return err;
}

/* The last one that begins at or before the address; NULL: there is none. */
static const struct image_symbol *symbol_before(const struct image *image, const struct image_code *code, __u64 address)
{
	size_t section = image->is_object ? code->section : 0, low = 0, high = image->symbol_count;
	const struct image_symbol *symbol;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		symbol = &image->symbols[middle];
		if (symbol->section < section || (symbol->section == section && symbol->address <= address))
			low = middle + 1;
		else
			high = middle;
	}
	if (!low)
		return NULL;
	symbol = &image->symbols[low - 1];
	return symbol->section == section && symbol->address >= code->address ? symbol : NULL;
}

const char *image_function_name(const struct image *image, const struct image_code *code, __u64 address)
{
	const struct image_symbol *symbol = symbol_before(image, code, address);

	/* Assembler code may have no sizes. */
	return symbol && !symbol->is_data && (!symbol->size || address - symbol->address < symbol->size) ? symbol->name :
													     NULL;
}

bool image_is_data(const struct image *image, const struct image_code *code, __u64 address)
{
	const struct image_symbol *symbol = symbol_before(image, code, address);

	return symbol && symbol->is_data && address - symbol->address < symbol->size;
}

/* The last function of .eh_frame_hdr that begins at or before the address; 0: none does. */
static __u64 frame_before(const struct image *image, __u64 address)
{
	size_t low = 0, high = image->frame_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (image->frame_base + (__u64)read_offset(image->frame_table + 8 * middle) <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low ? image->frame_base + (__u64)read_offset(image->frame_table + 8 * (low - 1)) : 0;
}

__u64 image_boundary_before(const struct image *image, const struct image_code *code, __u64 address)
{
	const struct image_symbol *symbol = symbol_before(image, code, address);
	__u64 boundary = code->address, frame = frame_before(image, address);

	if (symbol && symbol->address > boundary)
		boundary = symbol->address;
	if (frame > boundary && frame <= address)
		boundary = frame;
	return boundary;
}
