// SPDX-License-Identifier: GPL-2.0-or-later
#include "payload.h"
#include <string.h>

/*
 * A zip file ends with a record of 22 bytes, whose last two are the size of the comment behind it
 * (APPNOTE.TXT 4.3.16).
 */
#define ZIP_END_SIZE ((size_t)22)
#define ZIP_COMMENT_MAX ((size_t)65535)

struct mark {
	const char *bytes;
	size_t size;
	enum elf_refusal refusal;
};

#define MARK(bytes, refusal) { bytes, sizeof(bytes) - 1, refusal }

/* What a payload begins with; between it and the ELF file's parts there may be zeros. */
static const struct mark beginnings[] = {
	MARK("hsqs", ELF_REFUSAL_SQUASHFS), /* type 2 of AppImage, also without its mark; Snap; Singularity */
	MARK("DWARFS", ELF_REFUSAL_SQUASHFS),
	MARK("7z\xbc\xaf\x27\x1c", ELF_REFUSAL_ARCHIVE),
	MARK("\x1f\x8b\x08", ELF_REFUSAL_ARCHIVE),
	MARK("\xfd" "7zXZ", ELF_REFUSAL_ARCHIVE),
	MARK("\x28\xb5\x2f\xfd", ELF_REFUSAL_ARCHIVE),
	MARK("BZh9", ELF_REFUSAL_ARCHIVE),
};

/* What stands in its last bytes. */
static const struct mark ends[] = {
	MARK("MEI\014\013\012\013\016", ELF_REFUSAL_PYINSTALLER),
	MARK("d3n0l4nd", ELF_REFUSAL_BUNDLE), /* deno compile */
	MARK("\n---- Bun! ----\n", ELF_REFUSAL_BUNDLE),
};

static bool begins_with(const __u8 *bytes, size_t size, const struct mark *mark)
{
	return size >= mark->size && !memcmp(bytes, mark->bytes, mark->size);
}

static enum elf_refusal find_beginning(const __u8 *bytes, size_t size)
{
	size_t at = 0;

	while (at < size && !bytes[at])
		at++;
	for (size_t i = 0; i < sizeof(beginnings) / sizeof(beginnings[0]); i++)
		if (begins_with(bytes + at, size - at, &beginnings[i]))
			return beginnings[i].refusal;
	return ELF_REFUSAL_TRAILING_DATA;
}

/* The last record of a zip file, whose comment ends where the file does. */
static bool is_zip_end(const __u8 *bytes, size_t size)
{
	return size >= ZIP_END_SIZE && !memcmp(bytes, "PK\5\6", 4) &&
		(size_t)(bytes[20] | bytes[21] << 8) == size - ZIP_END_SIZE;
}

static enum elf_refusal find_end(const __u8 *bytes, size_t size)
{
	for (size_t at = 0; at < size; at++) {
		if (is_zip_end(bytes + at, size - at))
			return ELF_REFUSAL_ZIP;
		for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
			if (begins_with(bytes + at, size - at, &ends[i]))
				return ends[i].refusal;
	}
	return ELF_REFUSAL_TRAILING_DATA;
}

int elf_payload_find(const struct elf_source *source, __u64 end, enum elf_refusal *refusal)
{
	__u8 bytes[ZIP_END_SIZE + ZIP_COMMENT_MAX];
	size_t size = source->size - end < sizeof(bytes) ? (size_t)(source->size - end) : sizeof(bytes);
	int err = source->read(source->context, bytes, size, end);

	if (err)
		return err;
	*refusal = find_beginning(bytes, size);
	if (*refusal != ELF_REFUSAL_TRAILING_DATA)
		return 0;
	err = source->read(source->context, bytes, size, source->size - size);
	if (!err)
		*refusal = find_end(bytes, size);
	return err;
}
