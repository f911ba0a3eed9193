/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The reading of a sector as a file system's boot sector: FAT (Microsoft's FAT specification 1.03), exFAT
 * (Microsoft's exFAT specification), NTFS.
 */
#ifndef PTCHECK_BOOT_H
#define PTCHECK_BOOT_H

#include "note.h"

enum boot_grade {
	BOOT_NONE, /* no boot sector of these */
	BOOT_PARTIAL, /* looks like one, and a check fails */
	BOOT_COMPLETE, /* each check passes */
};

/* What a file system of that kind has beside its boot sector: is it still there? */
enum boot_life {
	BOOT_UNKNOWN, /* not read */
	BOOT_ALIVE,
	BOOT_DEAD,
};

struct boot_sector {
	enum boot_grade grade;
	enum ptcheck_kind kind;
	__u64 size; /* of the file system, as it says */
	__u32 sector_size; /* as it says */
	__u64 alive_offset; /* from its beginning: of FAT[0], or the first record of the MFT */
	__u64 copy_offset; /* FAT32, NTFS: of the copy of the boot sector; 0: it has none */
	__u8 media;
};

/* What the copy of the boot sector has in the place of the DOS table. */
enum boot_copy {
	BOOT_NO_COPY, /* there is none, or it cannot be read */
	BOOT_SAME, /* what the boot sector has: the file system was made with those bytes */
	BOOT_CHANGED, /* something else: the table was written after the file system was made */
	BOOT_WRECKED, /* no boot sector */
};

/*
 * Reads the 512 bytes of a sector, and notes the checks; room: the size of the disk or partition that it would fill,
 * 0: unknown.
 */
struct boot_sector boot_read(struct judgement *judgement, const __u8 *sector, __u64 room);

/*
 * Whether what it points to is alive: the first entry of a FAT, the first record of the MFT; of exFAT, whether its
 * checksum is right, which has the boot sector in it. Wants the bytes if they were not read.
 */
enum boot_life boot_life(struct judgement *judgement, const struct boot_sector *boot);

/* Compares the copy of the boot sector; wants it if it was not read. */
enum boot_copy boot_copy(struct judgement *judgement, const struct boot_sector *boot, const __u8 *sector);

#endif
