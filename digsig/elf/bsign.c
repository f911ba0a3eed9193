// SPDX-License-Identifier: GPL-2.0-or-later
#include "bsign.h"
#include <errno.h>
#include <string.h>

static const char greeting[] = "#1; bsign v";

static bool is_version_letter(char letter)
{
	return (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'z') ||
		(letter >= 'A' && letter <= 'Z') || (letter && strchr("._-+~", letter));
}

/* Whether the bytes are what bsign writes; the rest of *section is then set. */
static bool parse(struct bsign_section *section)
{
	const char *text = (const char *)section->bytes + sizeof(greeting) - 1;
	size_t length = 0, at;

	if (memcmp(section->bytes, greeting, sizeof(greeting) - 1))
		return false;
	while (length < BSIGN_VERSION_MAX && is_version_letter(text[length]))
		length++;
	if (!length || text[length] != '\n')
		return false;
	memcpy(section->version, text, length);
	section->version[length] = 0;
	at = sizeof(greeting) - 1 + length + 1;
	section->hash = section->bytes + at;
	section->statement_size = at + BSIGN_HASH_SIZE;
	at = section->statement_size;
	section->signature_size = (size_t)section->bytes[at] << 8 | section->bytes[at + 1];
	section->signature = section->bytes + at + 2;
	return section->signature_size <= BSIGN_SECTION_SIZE - (at + 2);
}

int bsign_section_find(const struct elf_source *source, struct bsign_section *section)
{
	enum elf_refusal refusal;
	struct elf_section header;
	struct elf_image image;
	int err = elf_image_read(&image, source, &refusal);

	if (err)
		return err == -ENOEXEC ? 0 : err;
	for (__u64 i = 0; i < image.section_count; i++) {
		err = elf_section_read(&image, source, i, &header);
		if (err)
			return err;
		if (header.type != BSIGN_SECTION_TYPE || header.size != BSIGN_SECTION_SIZE ||
			header.offset > source->size ||
			BSIGN_SECTION_SIZE > source->size - header.offset)
			continue;
		section->offset = header.offset;
		err = source->read(
			source->context, section->bytes, BSIGN_SECTION_SIZE, header.offset);
		if (err)
			return err;
		if (parse(section))
			return 1;
	}
	return 0;
}
