/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The headers of a GUID partition table (UEFI specification 2.10, chapter 5). */
#ifndef PTCHECK_GPT_H
#define PTCHECK_GPT_H

#include "note.h"

struct gpt_header {
	bool is_there; /* it has the signature */
	bool is_valid; /* each check of it passes */
	bool is_lost; /* its bytes cannot be read */
	__u32 sector_size;
	__u64 own, first_usable, last_usable, entries; /* sectors */
	__u32 entry_count, entry_size, entries_crc;
	__u8 guid[16];
};

/* More than this is no table: 16384 entries of 128 bytes. */
#define GPT_ENTRIES_MAX (2U << 20)

/*
 * The header behind the first sector. Its sector size is the disk's; where that is unknown, 512 or 4096, as it is
 * found. Wants its block if that was not read. The checks are noted if the signature is there or must_be.
 */
struct gpt_header gpt_primary(struct judgement *judgement, bool must_be);

/* The same for the copy in the disk's last sector; of a disk of unknown size it is lost. */
struct gpt_header gpt_backup(struct judgement *judgement, bool must_be);

/* The size of the entries, rounded up to sectors; 0: the header is not valid. */
__u32 gpt_entries_size(const struct gpt_header *header);

/* Whether the entries have the checksum of the header; noted, and wanted. PTCHECK_NOT_READ: they are not there. */
enum ptcheck_outcome gpt_check_entries(struct judgement *judgement, const struct gpt_header *header);

#endif
