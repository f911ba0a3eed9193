/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libptcheck: whether a disk has a partition table, is one file system as a whole, is empty, or cannot be told
 * apart; and which partitions a table has.
 *
 * Nothing here reads a disk. The caller reads blocks and passes those that it has; the answer names the block
 * that would decide more:
 *
 *	struct ptcheck_block blocks[PTCHECK_READS_MAX];
 *	size_t count = 0;
 *
 *	while (ptcheck_judge(&result, &disk, blocks, count) && count < limit)
 *		blocks[count++] = read_block(result.wanted.offset, result.wanted.size);
 *
 * Every call judges from all blocks anew; the result does not point into them. No function allocates, prints, or
 * keeps a state. Offsets and sizes are bytes unless they are called sectors.
 *
 * Link with -lptcheck.
 */
#ifndef PTCHECK_H
#define PTCHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What is known of the disk before anything is read. */
struct ptcheck_disk {
	__u64 size; /* 0: unknown, as of a pipe */
	__u32 sector_size; /* of a logical sector, 512 to 4096; 0: unknown, as of an image: 512, or what a table says */
	bool thorough; /* also want what could contradict a certain verdict */
};

/* Bytes of the disk. */
struct ptcheck_block {
	__u64 offset;
	__u32 size;
	int err; /* 0, or why they could not be read: a negative errno; size is then what was asked for */
	const void *bytes;
};

struct ptcheck_range {
	__u64 offset;
	__u32 size; /* 0: none */
};

/* How often ptcheck_judge can want a block. */
#define PTCHECK_READS_MAX 16

enum ptcheck_verdict {
	PTCHECK_UNKNOWN, /* nothing that is known, and not empty */
	PTCHECK_TABLE,
	PTCHECK_WHOLE_DISK, /* one file system, or a member of a volume, without partitions */
	PTCHECK_EMPTY, /* all of the three places is zero, or all is 0xff */
	PTCHECK_AMBIGUOUS, /* result.readings are both possible */
	PTCHECK_UNREADABLE, /* what would decide could not be read */
};

enum ptcheck_confidence {
	PTCHECK_LIKELY, /* a check of it failed, or could not be made */
	PTCHECK_CERTAIN, /* each check of it passed, and each other reading that was looked at fails */
};

/* As what the disk can be read. */
enum ptcheck_kind {
	PTCHECK_NONE,
	/* tables */
	PTCHECK_DOS, PTCHECK_GPT, PTCHECK_BSD, PTCHECK_SUN, PTCHECK_SGI, PTCHECK_ATARI, PTCHECK_DASD, PTCHECK_AMIGA,
	PTCHECK_MAC, PTCHECK_PC98,
	/* file systems of a whole disk that begin with a boot sector */
	PTCHECK_FAT12, PTCHECK_FAT16, PTCHECK_FAT32, PTCHECK_EXFAT, PTCHECK_NTFS,
	/* another one: name says which */
	PTCHECK_OTHER,
	PTCHECK_KINDS
};

/* "table", "whole-disk", "empty", "ambiguous", "unknown", "unreadable" */
const char *ptcheck_verdict_name(enum ptcheck_verdict verdict);

/* "dos", "gpt", "FAT32" */
const char *ptcheck_kind_name(enum ptcheck_kind kind);
bool ptcheck_is_table(enum ptcheck_kind kind);

struct ptcheck_reading {
	enum ptcheck_kind kind;
	const char *name; /* of the kind; of PTCHECK_OTHER "ext", "LVM2", ... */
	const char *use; /* a sentence: what follows if the disk is read so */
};

enum ptcheck_outcome {
	PTCHECK_FAILED,
	PTCHECK_PASSED,
	PTCHECK_NOT_READ, /* its bytes were not asked for, or could not be read */
};

/* One check, and how it went. */
struct ptcheck_check {
	enum ptcheck_kind kind; /* of the reading that it is about; of PTCHECK_OTHER: about the disk's whole */
	const char *name; /* a stable word: "signature", "boot-indicators", "entries-disjoint" */
	enum ptcheck_outcome outcome;
	__u64 offset; /* of the bytes that decided */
	char detail[72]; /* what was found */
};

#define PTCHECK_CHECKS_MAX 96

struct ptcheck_result {
	enum ptcheck_verdict verdict;
	enum ptcheck_confidence confidence;
	/* The reading that the verdict is about; two of an ambiguous one. */
	struct ptcheck_reading readings[2];
	unsigned int reading_count;
	/* What it also is, on purpose: of a hybrid image, or GPT with partitions in the MBR. A sentence, or NULL. */
	const char *also;
	__u32 sector_size; /* that the reading is of */
	struct ptcheck_range wanted; /* the block that would decide more; size 0: none */
	struct ptcheck_check checks[PTCHECK_CHECKS_MAX];
	size_t check_count;
};

/*
 * Judges the disk by the blocks that were read so far. 1: another block would decide more, result->wanted; all
 * else in result is then what can be said without it. 0: nothing would.
 *
 * What a block with err set has is not wanted again: so is what lies behind the end of an image that is shorter
 * than was wanted. A caller may pass more than was wanted, in any order and overlapping: of two blocks with the
 * same bytes the first counts. What is wanted has to come in one block, but for what of it could not be read.
 */
int ptcheck_judge(struct ptcheck_result *result, const struct ptcheck_disk *disk,
	const struct ptcheck_block *blocks, size_t count);

/* --- the partitions of a table */

enum ptcheck_flag {
	PTCHECK_ACTIVE = 1, /* DOS: boot indicator 0x80 */
	PTCHECK_EXTENDED = 2, /* DOS: it only contains the logical ones */
	PTCHECK_LOGICAL = 4, /* DOS: of an extended one */
	PTCHECK_OUTSIDE = 8, /* it does not end within the disk: the kernel refuses it or cuts it */
	PTCHECK_OVERLAPS = 16, /* another one, which does not contain it by design */
	PTCHECK_WHOLE = 32, /* Sun, SGI: the whole disk or its header, by convention */
	PTCHECK_HOLDS_LINK = 64, /* DOS: the table of another logical partition lies in it: writing to it ends the chain */
};

struct ptcheck_partition {
	unsigned int number; /* as the kernel numbers it */
	__u64 start, size; /* bytes */
	unsigned int flags; /* of ptcheck_flag */
	__u64 attributes; /* GPT: the entry's; DOS: the boot indicator; others: the entry's flags */
	char type[37]; /* "0x83", a GUID */
	char uuid[37]; /* GPT: a GUID; DOS: DISKID-NN; else "" */
	char name[128]; /* GPT: UTF-8; else "" */
};

/* As many as the kernel lists. */
#define PTCHECK_PARTITIONS_MAX 256

struct ptcheck_table {
	enum ptcheck_kind kind; /* PTCHECK_NONE: there is none */
	char uuid[37]; /* of the table: a GUID; of DOS 8 digits; "" */
	__u32 sector_size;
	const char *fault; /* why the list may be short: a sentence; NULL: it is whole */
	const char *also; /* what else there is to know of it: a sentence, or NULL */
	struct ptcheck_range wanted; /* as of a result */
	size_t count;
	struct ptcheck_partition partitions[PTCHECK_PARTITIONS_MAX]; /* in the order of the table; no two of a number */
};

/* How many blocks a list can want: a link of the chain of logical partitions each, and more. */
#define PTCHECK_LIST_READS_MAX (PTCHECK_READS_MAX + PTCHECK_PARTITIONS_MAX)

/*
 * Lists the partitions of the table of that kind, which ptcheck_judge found, by the blocks that were read so far.
 * 1: table->wanted is needed for more of them; 0: all are listed, or table->fault says why not.
 */
int ptcheck_list(struct ptcheck_table *table, enum ptcheck_kind kind, const struct ptcheck_disk *disk,
	const struct ptcheck_block *blocks, size_t count);

#ifdef __cplusplus
}
#endif
#endif
