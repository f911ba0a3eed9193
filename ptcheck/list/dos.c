// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The partitions of a DOS table. Those within an extended partition are a chain: each link, a sector, has a table of
 * its own, with a partition, from the link on, and the next link, from the beginning of the extended partition on.
 */
#include <stdio.h>
#include "../judge/bytes.h"
#include "../judge/dos.h"
#include "lister.h"

struct chain {
	struct lister *lister;
	__u64 begin, size; /* of the extended partition; bytes */
	unsigned int number; /* of the next partition */
	__u32 disk_id;
};

static void put(struct chain *chain, unsigned int number, const struct dos_entry *entry, __u64 from, unsigned int flags)
{
	__u32 sector_size = chain->lister->table->sector_size;
	struct ptcheck_partition *partition = lister_add(chain->lister, number, from + (__u64)entry->first * sector_size,
		(__u64)entry->sectors * sector_size);

	if (!partition)
		return;
	partition->flags = flags | (entry->indicator == 0x80 ? PTCHECK_ACTIVE : 0);
	partition->attributes = entry->indicator;
	snprintf(partition->type, sizeof(partition->type), "0x%x", entry->type);
	snprintf(partition->uuid, sizeof(partition->uuid), "%08x-%02x", chain->disk_id, number);
}

/* OS/2 uses all four entries of a link; others leave garbage in the last two. */
static bool is_garbage(const struct chain *chain, const struct dos_entry *entry, unsigned int slot, __u64 link)
{
	__u32 sector_size = chain->lister->table->sector_size;
	__u64 start = link + (__u64)entry->first * sector_size, size = (__u64)entry->sectors * sector_size;

	return slot >= 2 && (start < chain->begin || start + size > chain->begin + chain->size);
}

static bool was_here(struct lister *lister, __u64 link)
{
	for (size_t i = 0; i < lister->link_count; i++)
		if (lister->links[i] == link)
			return true;
	return false;
}

/* The partitions of a link. True: *next is another link. */
static bool list_link(struct chain *chain, const __u8 *sector, __u64 link, __u64 *next)
{
	struct dos_entry entry;
	bool has_next = false;

	for (unsigned int i = 0; i < DOS_ENTRIES; i++) {
		dos_entry_read(&entry, sector, i);
		if (!entry.sectors)
			continue;
		if (!dos_is_extended(entry.type)) {
			if (!is_garbage(chain, &entry, i, link))
				put(chain, chain->number++, &entry, link, PTCHECK_LOGICAL);
		} else if (!has_next) {
			has_next = true;
			*next = chain->begin + (__u64)entry.first * chain->lister->table->sector_size;
		}
	}
	return has_next;
}

/* The sector of a link; NULL: it was not read, or the chain ends there. */
static const __u8 *follow(struct chain *chain, __u64 link)
{
	struct lister *lister = chain->lister;
	const __u8 *sector;

	if (was_here(lister, link)) {
		lister->table->fault = "the chain of logical partitions comes back to itself";
		return NULL;
	}
	if (lister->link_count == PTCHECK_PARTITIONS_MAX) {
		lister->table->fault = "the chain of logical partitions is longer than the kernel follows";
		return NULL;
	}
	lister->links[lister->link_count++] = link;
	sector = view_want(&lister->judgement.view, link, lister->table->sector_size);
	if (!sector && view_is_lost(&lister->judgement.view, link, lister->table->sector_size))
		lister->table->fault = "a link of the chain of logical partitions cannot be read, or lies outside the disk";
	if (sector && !has_boot_signature(sector)) {
		lister->table->fault = "a link of the chain of logical partitions has no signature";
		return NULL;
	}
	return sector;
}

static void list_chain(struct chain *chain)
{
	__u64 link = chain->begin;
	const __u8 *sector;

	do {
		sector = follow(chain, link);
	} while (sector && list_link(chain, sector, link, &link));
}

void list_dos(struct lister *lister, const __u8 *sector)
{
	struct chain chain = { .lister = lister, .number = DOS_ENTRIES + 1, .disk_id = le32(sector + 440) };
	struct dos_entry entry;

	snprintf(lister->table->uuid, sizeof(lister->table->uuid), "%08x", chain.disk_id);
	for (unsigned int i = 0; i < DOS_ENTRIES; i++) {
		dos_entry_read(&entry, sector, i);
		if (entry.sectors)
			put(&chain, i + 1, &entry, 0, dos_is_extended(entry.type) ? PTCHECK_EXTENDED : 0);
	}
	for (unsigned int i = 0; i < DOS_ENTRIES; i++) {
		dos_entry_read(&entry, sector, i);
		if (!entry.sectors || !dos_is_extended(entry.type))
			continue;
		chain.begin = (__u64)entry.first * lister->table->sector_size;
		chain.size = (__u64)entry.sectors * lister->table->sector_size;
		list_chain(&chain);
	}
}
