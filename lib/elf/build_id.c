// SPDX-License-Identifier: GPL-2.0-or-later
#include "build_id.h"
#include <elf.h>
#include <gelf.h>
#include <string.h>

/* More program headers, or longer notes, no linker makes. */
enum { HEADERS_MAX = 256, NOTES_MAX = 1 << 16 };

size_t build_id_of_notes(const Elf_Data *notes, uint8_t *id, size_t room)
{
	size_t at = 0, name, description;
	GElf_Nhdr note;

	while ((at = gelf_getnote((Elf_Data *)(uintptr_t)notes, at, &note, &name, &description))) {
		const char *bytes = notes->d_buf;

		if (note.n_type != NT_GNU_BUILD_ID || note.n_namesz != 4 || memcmp(bytes + name, "GNU", 4) != 0 ||
			!note.n_descsz || note.n_descsz > room)
			continue;
		memcpy(id, bytes + description, note.n_descsz);
		return note.n_descsz;
	}
	return 0;
}

size_t build_id_of_elf(Elf *elf, uint8_t *id, size_t room)
{
	size_t count = 0, size = 0;

	if (!elf || elf_kind(elf) != ELF_K_ELF || elf_getphdrnum(elf, &count))
		return 0;
	for (size_t i = 0; i < count && i < HEADERS_MAX && !size; i++) {
		GElf_Phdr header;
		Elf_Data *notes;

		if (!gelf_getphdr(elf, (int)i, &header) || header.p_type != PT_NOTE || header.p_filesz > NOTES_MAX)
			continue;
		notes = elf_getdata_rawchunk(elf, (int64_t)header.p_offset, header.p_filesz,
			header.p_align == 8 ? ELF_T_NHDR8 : ELF_T_NHDR);
		if (notes)
			size = build_id_of_notes(notes, id, room);
	}
	return size;
}
