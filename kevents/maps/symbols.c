// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <gelf.h>
#include <libelf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "../../lib/elf/build_id.h"
#include "symbol_table.h"

enum {
	SYMBOLS_MAX = 4 << 20,
	SEGMENTS_MAX = 256,
	NAMES_MAX = 512 << 20, /* bytes */
};

int symbols_add(struct symbols *symbols, uint64_t start, uint64_t size, const char *name)
{
	size_t length = strnlen(name, SYMBOL_NAME_MAX);

	if (symbols->count == SYMBOLS_MAX || symbols->names_size + length + 1 > NAMES_MAX)
		return -EFBIG;
	if (symbols->count == symbols->room) {
		size_t room = symbols->room ? symbols->room * 2 : 256;
		struct symbol *list = realloc(symbols->list, room * sizeof(*list));

		if (!list)
			return -ENOMEM;
		symbols->list = list;
		symbols->room = room;
	}
	if (symbols->names_size + length + 1 > symbols->names_room) {
		size_t room = (symbols->names_size + length + 1) * 2;
		char *names = realloc(symbols->names, room);

		if (!names)
			return -ENOMEM;
		symbols->names = names;
		symbols->names_room = room;
	}
	symbols->list[symbols->count++] = (struct symbol){start, size, symbols->names_size};
	memcpy(symbols->names + symbols->names_size, name, length);
	symbols->names[symbols->names_size + length] = 0;
	symbols->names_size += length + 1;
	return 0;
}

static int compare(const void *left, const void *right)
{
	const struct symbol *a = left, *b = right;

	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	/* Of several names for one place the one that knows its size comes last, and is found. */
	return a->size != b->size   ? (a->size < b->size ? -1 : 1)
	       : a->name != b->name ? (a->name > b->name ? -1 : 1)
				    : 0;
}

void symbols_sort(struct symbols *symbols)
{
	if (symbols->count)
		qsort(symbols->list, symbols->count, sizeof(*symbols->list), compare);
}

/* By its sections: of a file that has debugging information alone the program headers lead nowhere. */
static bool has_build_id(Elf *elf, const uint8_t *build_id, size_t size)
{
	Elf_Scn *section = NULL;

	while ((section = elf_nextscn(elf, section))) {
		uint8_t id[KEVENTS_BUILD_ID_MAX];
		size_t found = 0;
		GElf_Shdr header;
		Elf_Data *data;

		if (!gelf_getshdr(section, &header) || header.sh_type != SHT_NOTE)
			continue;
		data = elf_getdata(section, NULL);
		if (data && data->d_buf)
			found = build_id_of_notes(data, id, sizeof(id));
		if (found)
			return found == size && !memcmp(id, build_id, size);
	}
	return false;
}

static int read_segments(Elf *elf, struct symbols *symbols)
{
	size_t count;

	if (elf_getphdrnum(elf, &count) || count > SEGMENTS_MAX)
		return -ENOEXEC;
	for (size_t i = 0; i < count; i++) {
		GElf_Phdr header;

		if (!gelf_getphdr(elf, (int)i, &header) || header.p_type != PT_LOAD)
			continue;
		if (symbols->segment_count == SYMBOL_SEGMENTS_MAX)
			break;
		symbols->segments[symbols->segment_count++] =
			(struct symbol_segment){header.p_offset, header.p_filesz, header.p_vaddr};
	}
	return 0;
}

static int read_table(Elf *elf, Elf_Scn *section, const GElf_Shdr *header, struct symbols *symbols)
{
	Elf_Data *data = elf_getdata(section, NULL);
	size_t size = gelf_fsize(elf, ELF_T_SYM, 1, EV_CURRENT);
	size_t count = data && data->d_buf && size ? data->d_size / size : 0;
	int err = 0;

	for (size_t i = 0; i < count && !err; i++) {
		GElf_Sym symbol;
		const char *name;
		int type;

		if (i > (size_t)INT32_MAX || !gelf_getsym(data, (int)i, &symbol))
			break;
		type = GELF_ST_TYPE(symbol.st_info);
		if ((type != STT_FUNC && type != STT_GNU_IFUNC && type != STT_NOTYPE) ||
			symbol.st_shndx == SHN_UNDEF || !symbol.st_value)
			continue;
		name = elf_strptr(elf, header->sh_link, symbol.st_name);
		/* Mapping symbols of ARM and RISC-V. */
		if (name && *name && *name != '$')
			err = symbols_add(symbols, symbol.st_value, symbol.st_size, name);
	}
	return err;
}

static int read_tables(Elf *elf, GElf_Word type, struct symbols *symbols)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;

	while ((section = elf_nextscn(elf, section)))
		if (gelf_getshdr(section, &header) && header.sh_type == type)
			return read_table(elf, section, &header, symbols);
	return 0;
}

static int read_elf(
	Elf *elf, const uint8_t *build_id, size_t build_id_size, struct symbols *symbols)
{
	int err;

	if (elf_kind(elf) != ELF_K_ELF)
		return -ENOEXEC;
	if (build_id_size && !has_build_id(elf, build_id, build_id_size))
		return -ESTALE;
	err = read_segments(elf, symbols);
	if (!err)
		err = read_tables(elf, SHT_SYMTAB, symbols);
	if (!err && !symbols->count)
		err = read_tables(elf, SHT_DYNSYM, symbols);
	symbols_sort(symbols);
	return err;
}

int symbols_read(int fd, const uint8_t *build_id, size_t build_id_size, struct symbols **result)
{
	struct symbols *symbols;
	Elf *elf;
	int err;

	elf_version(EV_CURRENT);
	/* Not mapped: a file that is cut meanwhile would end the process. */
	elf = elf_begin(fd, ELF_C_READ, NULL);
	if (!elf)
		return -ENOEXEC;
	symbols = calloc(1, sizeof(*symbols));
	err = symbols ? read_elf(elf, build_id, build_id_size, symbols) : -ENOMEM;
	elf_end(elf);
	if (err) {
		symbols_free(symbols);
		return err;
	}
	*result = symbols;
	return 0;
}

void symbols_free(struct symbols *symbols)
{
	if (!symbols)
		return;
	free(symbols->list);
	free(symbols->names);
	free(symbols);
}

static bool to_address(const struct symbols *layout, uint64_t offset, uint64_t *address)
{
	for (size_t i = 0; i < layout->segment_count; i++) {
		const struct symbol_segment *segment = &layout->segments[i];

		if (offset >= segment->offset && offset - segment->offset < segment->size) {
			*address = offset - segment->offset + segment->address;
			return true;
		}
	}
	return false;
}

const char *symbols_at(const struct symbols *symbols, uint64_t address, uint64_t *distance)
{
	size_t low = 0, high = symbols->count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (symbols->list[middle].start > address)
			high = middle;
		else
			low = middle + 1;
	}
	/* One without a size goes up to the next; a larger one may lie around some that have ended.
	 */
	for (size_t i = low, tries = 0; i-- && tries < 64; tries++) {
		const struct symbol *symbol = &symbols->list[i];

		*distance = address - symbol->start;
		if (*distance < symbol->size || (!symbol->size && !tries))
			return symbols->names + symbol->name;
	}
	return NULL;
}

const char *symbols_find(const struct symbols *symbols, const struct symbols *layout,
	uint64_t offset, uint64_t *distance)
{
	uint64_t address;

	return to_address(layout, offset, &address) ? symbols_at(symbols, address, distance) : NULL;
}

size_t symbols_memory(const struct symbols *symbols)
{
	return sizeof(*symbols) + symbols->room * sizeof(*symbols->list) + symbols->names_room;
}
