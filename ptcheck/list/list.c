// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>
#include "../range.h"
#include "lister.h"

struct ptcheck_partition *lister_add(struct lister *lister, unsigned int number, __u64 start, __u64 size)
{
	struct ptcheck_table *table = lister->table;
	struct ptcheck_partition *partition;

	if (table->count == PTCHECK_PARTITIONS_MAX || number >= PTCHECK_PARTITIONS_MAX) {
		table->fault = "there are more partitions than the kernel numbers";
		return NULL;
	}
	partition = &table->partitions[table->count++];
	memset(partition, 0, sizeof(*partition));
	partition->number = number;
	partition->start = start;
	partition->size = size;
	return partition;
}

/* --- what is wrong with the places of partitions, of whatever table */

static bool is_container(const struct ptcheck_partition *partition)
{
	return partition->flags & (PTCHECK_EXTENDED | PTCHECK_WHOLE);
}

/* An extended partition and its logical ones share their place by design; so does what stands for the whole disk. */
static bool may_overlap(const struct ptcheck_partition *one, const struct ptcheck_partition *other)
{
	if ((one->flags | other->flags) & PTCHECK_WHOLE)
		return true;
	return (is_container(one) && other->flags & PTCHECK_LOGICAL) || (is_container(other) && one->flags & PTCHECK_LOGICAL);
}

static bool overlap(const struct ptcheck_partition *one, const struct ptcheck_partition *other)
{
	return ranges_overlap(one->start, one->size, other->start, other->size);
}

static void mark_overlaps(struct ptcheck_table *table)
{
	for (size_t i = 0; i < table->count; i++)
		for (size_t k = 0; k < i; k++) {
			struct ptcheck_partition *one = &table->partitions[i], *other = &table->partitions[k];

			if (!may_overlap(one, other) && overlap(one, other)) {
				one->flags |= PTCHECK_OVERLAPS;
				other->flags |= PTCHECK_OVERLAPS;
			}
		}
}

static void mark_outside(const struct lister *lister)
{
	for (size_t i = 0; i < lister->table->count; i++) {
		struct ptcheck_partition *partition = &lister->table->partitions[i];

		if (!view_is_on_disk(&lister->judgement.view, partition->start, partition->size))
			partition->flags |= PTCHECK_OUTSIDE;
	}
}

static void mark_links(const struct lister *lister)
{
	for (size_t i = 0; i < lister->table->count; i++)
		for (size_t k = 0; k < lister->link_count; k++) {
			struct ptcheck_partition *partition = &lister->table->partitions[i];

			if (!is_container(partition) && range_has(partition->start, partition->size, lister->links[k]))
				partition->flags |= PTCHECK_HOLDS_LINK;
		}
}

static void list(struct lister *lister, enum ptcheck_kind kind, const __u8 *sector)
{
	switch (kind) {
	case PTCHECK_DOS:
		list_dos(lister, sector);
		break;
	case PTCHECK_GPT:
		list_gpt(lister);
		break;
	case PTCHECK_SUN:
		list_sun(lister, sector);
		break;
	case PTCHECK_SGI:
		list_sgi(lister, sector);
		break;
	case PTCHECK_BSD:
		list_bsd(lister);
		break;
	case PTCHECK_ATARI:
		list_atari(lister, sector);
		break;
	case PTCHECK_MAC:
		list_mac(lister);
		break;
	case PTCHECK_AMIGA:
		list_amiga(lister);
		break;
	default:
		lister->table->fault = "ptcheck does not list the partitions of such a table";
	}
}

static bool needs_sector(enum ptcheck_kind kind)
{
	return kind == PTCHECK_DOS || kind == PTCHECK_SUN || kind == PTCHECK_SGI || kind == PTCHECK_ATARI;
}

int ptcheck_list(struct ptcheck_table *table, enum ptcheck_kind kind, const struct ptcheck_disk *disk,
	const struct ptcheck_block *blocks, size_t count)
{
	const struct ptcheck_disk known = view_disk(disk);
	struct lister lister = {
		.judgement = { .view = { &known, blocks, count, &table->wanted } },
		.table = table,
	};
	const __u8 *sector;

	memset(table, 0, offsetof(struct ptcheck_table, partitions));
	table->kind = kind;
	table->sector_size = view_sector_size(&lister.judgement.view);
	view_want(&lister.judgement.view, 0, table->sector_size);
	sector = view_bytes(&lister.judgement.view, 0, 512);
	if (sector || !needs_sector(kind))
		list(&lister, kind, sector);
	else
		table->fault = "the first sector cannot be read";
	mark_outside(&lister);
	mark_overlaps(table);
	mark_links(&lister);
	return table->wanted.size != 0;
}
