// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include "../judge/bytes.h"
#include "../judge/gpt.h"
#include "lister.h"

enum { NAME_UNITS = 36 };

static size_t put_utf8(char *text, __u32 character)
{
	if (character < 0x80) {
		text[0] = (char)character;
		return 1;
	}
	if (character < 0x800) {
		text[0] = (char)(0xc0 | character >> 6);
		text[1] = (char)(0x80 | (character & 0x3f));
		return 2;
	}
	if (character < 0x10000) {
		text[0] = (char)(0xe0 | character >> 12);
		text[1] = (char)(0x80 | (character >> 6 & 0x3f));
		text[2] = (char)(0x80 | (character & 0x3f));
		return 3;
	}
	text[0] = (char)(0xf0 | character >> 18);
	text[1] = (char)(0x80 | (character >> 12 & 0x3f));
	text[2] = (char)(0x80 | (character >> 6 & 0x3f));
	text[3] = (char)(0x80 | (character & 0x3f));
	return 4;
}

static bool is_surrogate(__u32 unit, __u32 first)
{
	return unit >= first && unit < first + 0x400;
}

/* UTF-16 of little endian; half a pair becomes U+FFFD. 36 units are at most 108 bytes. */
static void read_name(char *name, const __u8 *units)
{
	for (unsigned int i = 0; i < NAME_UNITS; i++) {
		__u32 unit = le16(units + 2 * i);

		if (!unit)
			break;
		if (is_surrogate(unit, 0xd800) && i + 1 < NAME_UNITS && is_surrogate(le16(units + 2 * i + 2), 0xdc00))
			unit = 0x10000 + ((unit - 0xd800) << 10) + (le16(units + 2 * ++i) - 0xdc00U);
		else if (is_surrogate(unit, 0xd800) || is_surrogate(unit, 0xdc00))
			unit = 0xfffd;
		name += put_utf8(name, unit);
	}
	*name = '\0';
}

/* 16 bytes of a GUID as it is written: the first three numbers are little-endian. */
static void print_guid(char text[37], const __u8 *guid)
{
	snprintf(text, 37, "%08x-%04x-%04x-%02x%02x-%02x%02x%02x%02x%02x%02x", le32(guid), le16(guid + 4), le16(guid + 6), guid[8],
		guid[9], guid[10], guid[11], guid[12], guid[13], guid[14], guid[15]);
}

static void put(struct lister *lister, const __u8 *entry, unsigned int number, __u32 sector_size)
{
	__u64 first = le64(entry + 32), last = le64(entry + 40), start, size;
	bool is_place = first <= last && last - first != ~0ULL && !__builtin_mul_overflow(first, (__u64)sector_size, &start) &&
		!__builtin_mul_overflow(last - first + 1, (__u64)sector_size, &size);
	struct ptcheck_partition *partition = lister_add(lister, number, is_place ? start : 0, is_place ? size : 0);

	if (!partition)
		return;
	if (!is_place)
		partition->flags = PTCHECK_OUTSIDE;
	partition->attributes = le64(entry + 48);
	print_guid(partition->type, entry);
	print_guid(partition->uuid, entry + 16);
	read_name(partition->name, entry + 56);
}

static void list_entries(struct lister *lister, const struct gpt_header *header)
{
	const __u8 *entries = view_bytes(&lister->judgement.view, header->entries * header->sector_size,
		gpt_entries_size(header));

	for (unsigned int i = 0; i < header->entry_count && !lister->table->fault; i++)
		if (!is_filled(entries + (size_t)i * header->entry_size, 16, 0))
			put(lister, entries + (size_t)i * header->entry_size, i + 1, header->sector_size);
}

/* True: the table is that of this header, or more has to be read before that is known. */
static bool use(struct lister *lister, const struct gpt_header *header)
{
	enum ptcheck_outcome outcome;

	if (!header->is_valid)
		return lister->table->wanted.size;
	outcome = gpt_check_entries(&lister->judgement, header);
	if (outcome != PTCHECK_PASSED)
		return lister->table->wanted.size;
	lister->table->sector_size = header->sector_size;
	print_guid(lister->table->uuid, header->guid);
	list_entries(lister, header);
	return true;
}

void list_gpt(struct lister *lister)
{
	struct gpt_header header = gpt_primary(&lister->judgement, false);

	if (use(lister, &header))
		return;
	header = gpt_backup(&lister->judgement, false);
	if (!use(lister, &header))
		lister->table->fault = "neither copy of the GPT is whole";
	else
		lister->table->also = "the first copy of the GPT is damaged: this is the one at the end, which the kernel does not use";
}
