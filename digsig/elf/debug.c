// SPDX-License-Identifier: GPL-2.0-or-later
#include "debug.h"
#include <elf.h>
#include <errno.h>

static bool is_loaded(const struct elf_section *section)
{
	return section->flags & SHF_ALLOC && section->type != SHT_NOBITS &&
		section->type != SHT_NOTE;
}

int elf_has_only_debug(const struct elf_source *source)
{
	struct elf_image image;
	enum elf_refusal refusal;
	int err = elf_image_read(&image, source, &refusal);

	if (err)
		return err == -ENOEXEC ? 0 : err;
	/* Section 0 is none. */
	for (__u64 i = 1; i < image.section_count; i++) {
		struct elf_section section;

		err = elf_section_read(&image, source, i, &section);
		if (err)
			return err;
		if (is_loaded(&section))
			return 0;
	}
	return image.section_count > 1;
}
