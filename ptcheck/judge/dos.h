/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The reading of a disk's first sector as a DOS partition table, or "MBR". */
#ifndef PTCHECK_DOS_H
#define PTCHECK_DOS_H

#include "note.h"

enum { DOS_ENTRIES = 4, DOS_TABLE = 446 };

struct dos_entry {
	__u8 indicator, type;
	__u32 first, sectors;
};

static inline bool dos_is_extended(__u8 type)
{
	return type == 0x05 || type == 0x0f || type == 0x85;
}

enum dos_state {
	DOS_NONE, /* no signature, or what cannot be boot indicators: nobody takes it for a table */
	DOS_EMPTY, /* a table of no entry */
	DOS_WHOLE, /* its one entry begins at sector 0 and ends with the disk, as mkfs.fat --mbr makes it */
	DOS_DOUBTFUL, /* there are entries, and a check fails */
	DOS_UNLIKELY, /* there are entries, and more than one check fails */
	DOS_SANE, /* there are entries, and each check passes */
};

struct dos_table {
	enum dos_state state;
	struct dos_entry entries[DOS_ENTRIES];
	unsigned int used; /* how many entries have sectors */
	bool has_ee; /* one has type 0xee: the kernel makes no partitions of such a table */
	bool has_protective; /* and begins at sector 1, as that of a GPT */
	bool is_hybrid; /* and others have sectors, too */
	bool begins_at_zero; /* one of them */
	bool has_aix_magic; /* the sector begins with it: the kernel then looks for AIX's own volumes */
	__u64 first_start, first_size; /* bytes: of the first partition on the disk that is not extended */
};

void dos_entry_read(struct dos_entry *entry, const __u8 *sector, unsigned int number);

/* Reads 512 bytes, and notes the checks. */
struct dos_table dos_read(struct judgement *judgement, const __u8 *sector);

#endif
