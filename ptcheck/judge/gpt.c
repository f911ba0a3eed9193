// SPDX-License-Identifier: GPL-2.0-or-later
#include <zlib.h>
#include "bytes.h"
#include "gpt.h"

#define SIGNATURE "EFI PART"

enum { HEADER_LEAST = 92, ENTRIES_USUAL = 128 * 128 };

static void read_fields(struct gpt_header *header, const __u8 *bytes)
{
	header->own = le64(bytes + 24);
	header->first_usable = le64(bytes + 40);
	header->last_usable = le64(bytes + 48);
	memcpy(header->guid, bytes + 56, sizeof(header->guid));
	header->entries = le64(bytes + 72);
	header->entry_count = le32(bytes + 80);
	header->entry_size = le32(bytes + 84);
	header->entries_crc = le32(bytes + 88);
}

/* Of the header with its own field of the checksum as zero. */
static __u32 header_crc(const __u8 *bytes, __u32 size)
{
	static const __u8 zeros[4];
	uLong crc = crc32(0, bytes, 16);

	crc = crc32(crc, zeros, sizeof(zeros));
	return (__u32)crc32(crc, bytes + 20, size - 20);
}

static bool check_crc(struct judgement *judgement, const __u8 *bytes, __u32 sector_size, __u64 at)
{
	__u32 size = le32(bytes + 12), crc = le32(bytes + 16);

	if (!note(judgement, PTCHECK_GPT, "header-size", size >= HEADER_LEAST && size <= sector_size, at + 12, "%u", size))
		return false;
	bytes = view_bytes(&judgement->view, at, size);
	return note(judgement, PTCHECK_GPT, "header-crc", bytes && header_crc(bytes, size) == crc, at + 16, "%08x", crc);
}

static bool check_places(struct judgement *judgement, const struct gpt_header *header, __u64 at)
{
	__u64 size = judgement->view.disk->size, sectors = size / header->sector_size;
	bool usable = header->first_usable <= header->last_usable && (!size || header->last_usable < sectors);
	bool own = note(judgement, PTCHECK_GPT, "own-place", header->own == at / header->sector_size, at + 24, "sector %llu",
		(unsigned long long)header->own);

	return note(judgement, PTCHECK_GPT, "usable-within-disk", usable, at + 40, "sectors %llu to %llu",
		       (unsigned long long)header->first_usable, (unsigned long long)header->last_usable) &&
		own;
}

static bool check_entry_size(struct judgement *judgement, const struct gpt_header *header, __u64 at)
{
	__u64 size = (__u64)header->entry_size * header->entry_count, begin;
	bool passed = header->entry_size >= 128 && is_power_of_two(header->entry_size) && header->entry_count &&
		size <= GPT_ENTRIES_MAX && !__builtin_mul_overflow(header->entries, (__u64)header->sector_size, &begin) &&
		view_is_on_disk(&judgement->view, begin, size);

	return note(judgement, PTCHECK_GPT, "entry-array", passed, at + 72, "%u entries of %u bytes in sector %llu", header->entry_count,
		header->entry_size, (unsigned long long)header->entries);
}

static struct gpt_header check_header(struct judgement *judgement, const __u8 *bytes, __u64 at, __u32 sector_size)
{
	struct gpt_header header = { .is_there = true, .sector_size = sector_size };
	bool crc, places, entries;

	read_fields(&header, bytes);
	note(judgement, PTCHECK_GPT, "header-signature", true, at, "EFI PART, sectors of %u bytes", sector_size);
	crc = check_crc(judgement, bytes, sector_size, at);
	places = check_places(judgement, &header, at);
	entries = check_entry_size(judgement, &header, at);
	header.is_valid = crc && places && entries;
	return header;
}

static bool has_signature(const __u8 *bytes)
{
	return !memcmp(bytes, SIGNATURE, 8);
}

static struct gpt_header absent(struct judgement *judgement, bool must_be, __u64 at)
{
	if (must_be)
		note(judgement, PTCHECK_GPT, "header-signature", false, at, "no EFI PART");
	return (struct gpt_header){ 0 };
}

static struct gpt_header lost(struct judgement *judgement, bool must_be, __u64 at)
{
	if (must_be)
		note_not_read(judgement, PTCHECK_GPT, "header-signature", at);
	return (struct gpt_header){ .is_lost = true };
}

/* The sector sizes that it may have, beginning with the likelier one. */
static unsigned int sizes(const struct judgement *judgement, __u32 sizes[2])
{
	sizes[0] = view_sector_size(&judgement->view);
	sizes[1] = 4096;
	return judgement->view.disk->sector_size ? 1 : 2;
}

/* The header, and the entries where all tools put them; of an unknown sector size, what both places have. */
static void want_head(struct judgement *judgement, __u32 at, __u32 header)
{
	__u64 disk = judgement->view.disk->size;
	__u32 size = header + ENTRIES_USUAL;

	if (disk && disk - at < size)
		size = disk > at ? (__u32)(disk - at) : at;
	view_want(&judgement->view, at, size);
}

struct gpt_header gpt_primary(struct judgement *judgement, bool must_be)
{
	__u32 size[2];
	unsigned int count = sizes(judgement, size);

	want_head(judgement, size[0], count == 1 ? size[0] : 2 * 4096 - size[0]);
	for (unsigned int i = 0; i < count; i++) {
		const __u8 *bytes = view_bytes(&judgement->view, size[i], 512);

		if (bytes && has_signature(bytes))
			return check_header(judgement, bytes, size[i], size[i]);
	}
	return (view_bytes(&judgement->view, size[0], 512) ? absent : lost)(judgement, must_be, size[0]);
}

struct gpt_header gpt_backup(struct judgement *judgement, bool must_be)
{
	__u64 disk = judgement->view.disk->size, tail;
	__u32 size[2];
	unsigned int count = sizes(judgement, size);

	tail = count == 1 ? size[0] : 4096;
	if (disk < 2 * tail)
		return lost(judgement, must_be, disk);
	view_want(&judgement->view, disk / size[0] * size[0] - tail, (__u32)tail);
	for (unsigned int i = 0; i < count; i++) {
		__u64 at = disk / size[i] * size[i] - size[i];
		const __u8 *bytes = view_bytes(&judgement->view, at, 512);

		if (bytes && has_signature(bytes))
			return check_header(judgement, bytes, at, size[i]);
	}
	tail = disk / size[0] * size[0] - size[0];
	return (view_bytes(&judgement->view, tail, 512) ? absent : lost)(judgement, must_be, tail);
}

__u32 gpt_entries_size(const struct gpt_header *header)
{
	__u32 size;

	if (!header->is_valid)
		return 0;
	size = header->entry_size * header->entry_count;
	return (size + header->sector_size - 1) / header->sector_size * header->sector_size;
}

enum ptcheck_outcome gpt_check_entries(struct judgement *judgement, const struct gpt_header *header)
{
	__u32 size = gpt_entries_size(header);
	const __u8 *bytes;
	__u64 at;
	bool passed;

	if (!size || __builtin_mul_overflow(header->entries, (__u64)header->sector_size, &at))
		return PTCHECK_FAILED;
	bytes = view_want(&judgement->view, at, size);
	if (!bytes) {
		note_not_read(judgement, PTCHECK_GPT, "entries-crc", at);
		return PTCHECK_NOT_READ;
	}
	passed = crc32(0, bytes, header->entry_size * header->entry_count) == header->entries_crc;
	note(judgement, PTCHECK_GPT, "entries-crc", passed, at, "%08x", header->entries_crc);
	return passed ? PTCHECK_PASSED : PTCHECK_FAILED;
}
