// SPDX-License-Identifier: GPL-2.0-or-later
#include "build_id.h"
#include <fcntl.h>
#include <libelf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "../../lib/elf/build_id.h"
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

static void read_build_id(int fd, struct known *known)
{
	Elf *elf = elf_begin(fd, ELF_C_READ, NULL);

	known->size = (uint32_t)build_id_of_elf(elf, known->id, sizeof(known->id));
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
