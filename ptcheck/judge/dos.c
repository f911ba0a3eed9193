// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include "../range.h"
#include "bytes.h"
#include "dos.h"

void dos_entry_read(struct dos_entry *entry, const __u8 *sector, unsigned int number)
{
	const __u8 *bytes = sector + DOS_TABLE + 16 * number;

	entry->indicator = bytes[0];
	entry->type = bytes[4];
	entry->first = le32(bytes + 8);
	entry->sectors = le32(bytes + 12);
}

static bool check_indicators(struct judgement *judgement, const struct dos_table *table)
{
	bool passed = true;

	for (unsigned int i = 0; i < DOS_ENTRIES; i++)
		passed = passed && (table->entries[i].indicator == 0 || table->entries[i].indicator == 0x80);
	return note(judgement, PTCHECK_DOS, "boot-indicators", passed, DOS_TABLE, "%02x %02x %02x %02x",
		table->entries[0].indicator, table->entries[1].indicator, table->entries[2].indicator,
		table->entries[3].indicator);
}

static void count_entries(struct dos_table *table, __u32 sector_size)
{
	__u32 first = 0;

	for (unsigned int i = 0; i < DOS_ENTRIES; i++) {
		const struct dos_entry *entry = &table->entries[i];

		if (!entry->sectors)
			continue;
		table->used++;
		table->begins_at_zero |= !entry->first;
		if (dos_is_extended(entry->type) || (table->first_size && entry->first >= first))
			continue;
		first = entry->first;
		table->first_start = (__u64)first * sector_size;
		table->first_size = (__u64)entry->sectors * sector_size;
	}
}

/* The entry of a GPT says that the whole disk is used: that is no overlap. */
static bool is_protective(const struct dos_entry *entry)
{
	return entry->type == 0xee && entry->first == 1;
}

static void find_protective(struct dos_table *table)
{
	for (unsigned int i = 0; i < DOS_ENTRIES; i++) {
		table->has_ee |= table->entries[i].type == 0xee;
		table->has_protective |= is_protective(&table->entries[i]);
	}
	table->is_hybrid = table->has_protective && table->used > 1;
}

static bool check_typed(struct judgement *judgement, const struct dos_table *table)
{
	const struct dos_entry *entries = table->entries;
	bool passed = true;

	for (unsigned int i = 0; i < DOS_ENTRIES; i++)
		passed = passed && (!entries[i].sectors || entries[i].type);
	return note(judgement, PTCHECK_DOS, "entry-types", passed, DOS_TABLE + 4, "%02x %02x %02x %02x", entries[0].type,
		entries[1].type, entries[2].type, entries[3].type);
}

static bool check_starts(struct judgement *judgement, const struct dos_table *table)
{
	return note(judgement, PTCHECK_DOS, "entries-behind-table", !table->begins_at_zero, DOS_TABLE + 8, "%s",
		table->begins_at_zero ? "one begins at sector 0, which is the table's" : "none begins at sector 0");
}

static bool check_within(struct judgement *judgement, const struct dos_table *table, __u32 sector_size)
{
	__u64 size = judgement->view.disk->size, last = 0;

	for (unsigned int i = 0; i < DOS_ENTRIES; i++) {
		__u64 end = (__u64)table->entries[i].first + table->entries[i].sectors;

		if (table->entries[i].sectors && end > last)
			last = end;
	}
	if (!size) {
		note_not_read(judgement, PTCHECK_DOS, "entries-within-disk", DOS_TABLE + 12);
		return true;
	}
	return note(judgement, PTCHECK_DOS, "entries-within-disk", last <= size / sector_size, DOS_TABLE + 12,
		"the last ends with sector %llu of %llu", (unsigned long long)last, (unsigned long long)size / sector_size);
}

static bool overlap(const struct dos_entry *one, const struct dos_entry *other)
{
	return ranges_overlap(one->first, one->sectors, other->first, other->sectors);
}

static bool check_disjoint(struct judgement *judgement, const struct dos_table *table)
{
	const struct dos_entry *entries = table->entries;

	for (unsigned int i = 0; i < DOS_ENTRIES; i++)
		for (unsigned int k = 0; k < i; k++)
			if (!is_protective(&entries[i]) && !is_protective(&entries[k]) && overlap(&entries[i], &entries[k]))
				return note(judgement, PTCHECK_DOS, "entries-disjoint", false, DOS_TABLE + 8, "%u and %u overlap",
					k + 1, i + 1);
	return note(judgement, PTCHECK_DOS, "entries-disjoint", true, DOS_TABLE + 8, "no two overlap");
}

/* They round the size down to whole cylinders. */
static bool is_about(__u64 sectors, __u64 disk)
{
	return sectors <= disk && disk - sectors < 64 * 255;
}

/* mkfs.fat --mbr and mformat describe the file system itself; an image does not say in which sectors. */
static bool is_whole(const struct judgement *judgement, const struct dos_table *table, __u32 sector_size)
{
	__u64 size = judgement->view.disk->size, sectors = table->first_size / sector_size;

	return table->used == 1 && table->begins_at_zero && size &&
		(is_about(sectors, size / sector_size) || (!judgement->view.disk->sector_size && is_about(sectors, size / 4096)));
}

static bool check_aix(struct judgement *judgement, const struct dos_table *table)
{
	return note(judgement, PTCHECK_DOS, "not-aix", !table->has_aix_magic, 0, "%s",
		table->has_aix_magic ? "c9 c2 d4 c1" : "no magic number of AIX");
}

static bool check_ee(struct judgement *judgement, const struct dos_table *table)
{
	bool passed = !table->has_ee || table->has_protective;

	return note(judgement, PTCHECK_DOS, "protective-entry", passed, DOS_TABLE + 4, "%s",
		passed ? "none of type ee, or it begins at sector 1" : "one of type ee does not begin at sector 1");
}

/* How many fail. */
static unsigned int check_entries(struct judgement *judgement, const struct dos_table *table, __u32 sector_size)
{
	unsigned int failed = 0;

	failed += !check_typed(judgement, table);
	failed += !check_starts(judgement, table);
	failed += !check_within(judgement, table, sector_size);
	failed += !check_disjoint(judgement, table);
	failed += !check_aix(judgement, table);
	failed += !check_ee(judgement, table);
	return failed;
}

static enum dos_state judge_entries(struct judgement *judgement, const struct dos_table *table, __u32 sector_size)
{
	unsigned int failed = check_entries(judgement, table, sector_size);

	if (!failed)
		return DOS_SANE;
	if (is_whole(judgement, table, sector_size))
		return DOS_WHOLE;
	return failed == 1 ? DOS_DOUBTFUL : DOS_UNLIKELY;
}

struct dos_table dos_read(struct judgement *judgement, const __u8 *sector)
{
	__u32 sector_size = view_sector_size(&judgement->view);
	struct dos_table table = { 0 };
	bool has_signature, has_indicators;

	for (unsigned int i = 0; i < DOS_ENTRIES; i++)
		dos_entry_read(&table.entries[i], sector, i);
	has_signature = note(judgement, PTCHECK_DOS, "signature", has_boot_signature(sector), 510, "%02x %02x",
		sector[510], sector[511]);
	has_indicators = check_indicators(judgement, &table);
	if (!has_signature || !has_indicators)
		return table;
	count_entries(&table, sector_size);
	find_protective(&table);
	table.has_aix_magic = be32(sector) == 0xc9c2d4c1;
	note(judgement, PTCHECK_DOS, "entries", table.used, DOS_TABLE, "%u with sectors", table.used);
	table.state = table.used ? judge_entries(judgement, &table, sector_size) : DOS_EMPTY;
	return table;
}
