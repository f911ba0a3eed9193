/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The partition tables of other systems, "disk labels". */
#ifndef PTCHECK_LABEL_H
#define PTCHECK_LABEL_H

#include "note.h"

struct label {
	enum ptcheck_kind kind; /* PTCHECK_NONE: there is none */
	bool is_certain; /* its checksum is right, where it has one */
};

/* The label in the 512 bytes of the first sector: Sun, SGI, BSD, or PC-98. */
struct label label_in_first_sector(struct judgement *judgement, const __u8 *sector);

/* The label in what follows it, as far as that was read: BSD, Apple, Amiga, or one of a DASD. */
struct label label_in_head(struct judgement *judgement);

/* An Atari table: it has no signature, so it is to be asked for last. */
bool label_is_atari(struct judgement *judgement, const __u8 *sector);

/* Where a BSD label is: 64 or 512; 0: there is none. */
__u32 label_find_bsd(const struct view *view);

/* Which of the first 16 blocks has the Amiga's rigid disk block, in bytes; false: none. */
bool label_find_amiga(const struct view *view, __u32 *place);

/* BSD: what a label has room for. */
enum { BSD_SLICES = 22, BSD_LABEL = 148 };

/* Atari: a partition's flags, name, start and size. */
enum { ATARI_TABLE = 0x1c6, ATARI_ENTRIES = 4 };
bool label_is_atari_entry(const __u8 *entry, __u64 sectors);

#endif
