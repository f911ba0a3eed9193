// SPDX-License-Identifier: GPL-2.0-or-later
/* The partitions of other systems' tables, numbered by their slots as the kernel numbers them. */
#include <stdio.h>
#include "../judge/bytes.h"
#include "../judge/label.h"
#include "../judge/signature.h"
#include "lister.h"

/* NULL: there are too many. */
static struct ptcheck_partition *put(struct lister *lister, unsigned int number, __u64 first, __u64 sectors, __u32 type,
	unsigned int flags)
{
	bool is_place = first <= ~0ULL / 512 && sectors <= ~0ULL / 512;
	struct ptcheck_partition *partition =
		lister_add(lister, number, is_place ? first * 512 : 0, is_place ? sectors * 512 : 0);

	if (!partition)
		return NULL;
	partition->flags = flags | (is_place ? 0 : PTCHECK_OUTSIDE);
	snprintf(partition->type, sizeof(partition->type), "0x%x", type);
	return partition;
}

/* Slices begin with a cylinder. Which one stands for the whole disk says the table of tags, where there is one. */
void list_sun(struct lister *lister, const __u8 *sector)
{
	__u64 cylinder = (__u64)be16(sector + 436) * be16(sector + 438);
	bool has_tags = be32(sector + 188) == 0x600ddeee;

	for (unsigned int i = 0; i < 8; i++) {
		const __u8 *slice = sector + 444 + 8 * i;
		__u16 tag = has_tags ? be16(sector + 142 + 4 * i) : i == 2 ? 5 : 0;
		struct ptcheck_partition *partition;

		if (!be32(slice + 4))
			continue;
		partition = put(lister, i + 1, be32(slice) * cylinder, be32(slice + 4), tag, tag == 5 ? PTCHECK_WHOLE : 0);
		if (partition && has_tags)
			partition->attributes = be16(sector + 144 + 4 * i);
	}
}

/* Types 0 and 6 are the volume's header and all of it. */
void list_sgi(struct lister *lister, const __u8 *sector)
{
	for (unsigned int i = 0; i < 16; i++) {
		const __u8 *entry = sector + 312 + 12 * i;
		__u32 type = be32(entry + 8);

		if (be32(entry))
			put(lister, i + 1, be32(entry + 4), be32(entry), type, type == 0 || type == 6 ? PTCHECK_WHOLE : 0);
	}
}

/* The third slice is the whole disk, by its type "unused". */
void list_bsd(struct lister *lister)
{
	const __u8 *label;
	__u32 place, slices;

	view_want(&lister->judgement.view, 512, 512);
	place = label_find_bsd(&lister->judgement.view);
	if (!place) {
		lister->table->fault = "the label cannot be read";
		return;
	}
	label = view_bytes(&lister->judgement.view, place, BSD_LABEL);
	slices = le16(label + 138);
	label = view_bytes(&lister->judgement.view, place, BSD_LABEL + 16 * slices);
	for (unsigned int i = 0; i < slices; i++) {
		const __u8 *slice = label + BSD_LABEL + 16 * i;

		if (le32(slice) && slice[12])
			put(lister, i + 1, le32(slice + 4), le32(slice), slice[12], 0);
	}
}

void list_atari(struct lister *lister, const __u8 *sector)
{
	__u64 sectors = lister->judgement.view.disk->size / 512;

	for (unsigned int i = 0; i < ATARI_ENTRIES; i++) {
		const __u8 *entry = sector + ATARI_TABLE + 12 * i;
		struct ptcheck_partition *partition;

		if (!label_is_atari_entry(entry, sectors))
			continue;
		if (!memcmp(entry + 1, "XGM", 3)) {
			lister->table->fault = "ptcheck does not list the partitions in an Atari's extended one";
			continue;
		}
		partition = lister_add(lister, i + 1, be32(entry + 4) * 512ULL, be32(entry + 8) * 512ULL);
		if (partition)
			snprintf(partition->type, sizeof(partition->type), "%.3s", (const char *)entry + 1);
	}
}

/* A block an entry; the map has an entry for itself. */
void list_mac(struct lister *lister)
{
	const struct view *view = &lister->judgement.view;
	const __u8 *descriptor = view_want(view, 0, lister->table->sector_size), *entry;
	__u32 block, count = 1;

	if (!descriptor)
		return;
	block = be16(descriptor + 2) == 2048 ? 2048 : 512;
	for (unsigned int i = 1; i <= count && i < PTCHECK_PARTITIONS_MAX; i++) {
		struct ptcheck_partition *partition;

		entry = view_want(view, (__u64)block * i, 512);
		if (!entry || be16(entry) != 0x504d) {
			lister->table->fault = "an entry of the map cannot be read";
			return;
		}
		if (i == 1)
			count = be32(entry + 4);
		partition = lister_add(lister, i, (__u64)be32(entry + 8) * block, (__u64)be32(entry + 12) * block);
		if (!partition)
			return;
		snprintf(partition->type, sizeof(partition->type), "%.32s", (const char *)entry + 48);
		snprintf(partition->name, sizeof(partition->name), "%.32s", (const char *)entry + 16);
	}
}

/* A block of a partition: its environment, of numbers, begins at 128. */
static void put_amiga(struct lister *lister, unsigned int number, const __u8 *block, __u32 scale)
{
	const __u8 *environment = block + 128;
	__u64 cylinder = 0, first = 0, sectors = 0;
	__u32 low = be32(environment + 36), high = be32(environment + 40);
	bool is_place = !__builtin_mul_overflow((__u64)be32(environment + 12) * be32(environment + 20), scale, &cylinder) &&
		!__builtin_mul_overflow(low, cylinder, &first) && high >= low &&
		!__builtin_mul_overflow(high - low + 1ULL, cylinder, &sectors);

	/* What is no place is nowhere: see put. */
	put(lister, number, is_place ? first : ~0ULL, is_place ? sectors : ~0ULL, be32(environment + 64), 0);
}

/* A chain of blocks, one a partition. */
void list_amiga(struct lister *lister)
{
	const struct view *view = &lister->judgement.view;
	__u32 place, scale, next;
	const __u8 *block;

	/* What is wanted first is what ptcheck_judge read. */
	view_want(view, 512, SIGNATURE_HEAD - 512);
	if (!label_find_amiga(view, &place)) {
		lister->table->fault = "the rigid disk block cannot be read";
		return;
	}
	block = view_bytes(view, place, 512);
	scale = be32(block + 16) / 512;
	next = be32(block + 28);
	for (unsigned int i = 1; next != 0xffffffff; i++) {
		block = view_want(view, (__u64)next * scale * 512, 512);
		if (!block || memcmp(block, "PART", 4) || i == 64) {
			lister->table->fault = "the chain of partitions is broken";
			return;
		}
		put_amiga(lister, i, block, scale);
		next = be32(block + 16);
	}
}
