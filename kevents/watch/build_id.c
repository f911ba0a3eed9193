// SPDX-License-Identifier: GPL-2.0-or-later
#include "build_id.h"
#include <elf.h>
#include <fcntl.h>
#include <libelf.h>
#include <gelf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "image_file.h"

/* As many files are remembered: a table in which a file has one place, and the later one stays. */
#define PLACES 8192

struct known {
	uint64_t device, inode, generation;
	uint32_t size; /* 0: it has none */
	uint8_t id[KEVENTS_BUILD_ID_MAX];
};

struct build_ids {
	struct known known[PLACES];
};

struct build_ids *build_ids_new(void)
{
	elf_version(EV_CURRENT);
	return calloc(1, sizeof(struct build_ids));
}

void build_ids_free(struct build_ids *ids)
{
	free(ids);
}

static struct known *place_of(struct build_ids *ids, const struct kevents_image *image)
{
	uint64_t hash = (image->inode * 31 + image->device) * 0x9e3779b97f4a7c15ULL;

	return &ids->known[hash >> 51];
}

static bool find_note(Elf_Data *data, struct known *known)
{
	size_t at = 0, name, description;
	GElf_Nhdr note;

	while ((at = gelf_getnote(data, at, &note, &name, &description))) {
		if (note.n_type != NT_GNU_BUILD_ID || note.n_namesz != 4 ||
			memcmp((char *)data->d_buf + name, "GNU", 4) != 0 || !note.n_descsz ||
			note.n_descsz > KEVENTS_BUILD_ID_MAX)
			continue;
		known->size = note.n_descsz;
		memcpy(known->id, (char *)data->d_buf + description, note.n_descsz);
		return true;
	}
	return false;
}

/* A note of a program header: it is mapped, so strip does not take it away. */
static void read_build_id(int fd, struct known *known)
{
	Elf *elf = elf_begin(fd, ELF_C_READ, NULL);
	size_t count = 0;

	if (elf && elf_kind(elf) == ELF_K_ELF && !elf_getphdrnum(elf, &count)) {
		for (size_t i = 0; i < count && i < 256; i++) {
			GElf_Phdr header;
			Elf_Data *data;

			if (!gelf_getphdr(elf, (int)i, &header) || header.p_type != PT_NOTE ||
				header.p_filesz > 1 << 16)
				continue;
			data = elf_getdata_rawchunk(elf, (int64_t)header.p_offset, header.p_filesz,
				header.p_align == 8 ? ELF_T_NHDR8 : ELF_T_NHDR);
			if (data && find_note(data, known))
				break;
		}
	}
	elf_end(elf);
}

void build_ids_fill(struct build_ids *ids, int32_t pid, struct kevents_image *image)
{
	struct known *known = place_of(ids, image);
	int fd;

	if (!image->inode)
		return;
	if (known->inode != image->inode || known->device != image->device ||
		known->generation != image->generation) {
		fd = open_image_file(pid, image, O_RDONLY);
		if (fd < 0)
			return;
		*known = (struct known){.device = image->device,
			.inode = image->inode,
			.generation = image->generation};
		read_build_id(fd, known);
		close(fd);
	}
	image->build_id_size = known->size;
	memcpy(image->build_id, known->id, known->size);
}
