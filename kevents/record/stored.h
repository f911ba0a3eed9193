/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The bytes of a recording: a header, then blocks. All numbers are little-endian.
 *
 *   header   "KEVENTS\0", u32 version, u32 size of the whole header, struct kevents_recording_info in
 *            its order (names of 65 bytes with their 0), u32 CRC-32 (zlib's) of all before it
 *   block    u32 magic, u32 size of the records, u32 their count, u32 their CRC-32, u64 time of the
 *            first, u64 time of the last, u32 CRC-32 of all before it; then the records
 *   record   u32 size of the rest, u32 type, then the members of struct kevents_record in their
 *            order and those of the part that the type has; a string is its u32 length, its bytes, a 0
 *
 *   sums     made, missed, delivered, unwanted, lost, incomplete as u64, agree as u8
 *
 * A recording ends with a block of no records: one that ends otherwise was cut off. That block has the
 * sums in the place of records, or nothing.
 */
#ifndef KEVENTS_RECORD_STORED_H
#define KEVENTS_RECORD_STORED_H

#include "../kevents.h"
#include "coder.h"

#define STORED_VERSION 1u
#define STORED_HEADER_SIZE (8u + 4 + 4 + 8 + 8 + 4 + 4 + 4 + 3 * 65 + 4)
#define STORED_BLOCK_MAGIC 0x4b4c4245u /* "EBLK" */
#define STORED_BLOCK_HEADER_SIZE (4u + 4 + 4 + 4 + 8 + 8 + 4)
/* A writer begins another block from here on. */
#define STORED_BLOCK_FULL (64u << 10)
/* The records of a block. */
#define STORED_BLOCK_MAX (17u << 20)
/* One record, with its size. */
#define STORED_RECORD_MAX (16u << 20)
#define STORED_SUMS_SIZE (6u * 8 + 1)

struct stored_block {
	uint32_t magic;
	uint32_t size;
	uint32_t count;
	uint32_t crc;
	uint64_t first_time;
	uint64_t last_time;
};

/* Both ways, as struct coder says; the checksums are made or tested: a wrong one is bad. */
void code_header(struct coder *coder, struct kevents_recording_info *info);
void code_block(struct coder *coder, struct stored_block *block);
void code_record(struct coder *coder, struct kevents_record *record);
void code_sums(struct coder *coder, struct kevents_sums *sums);

/* At least the bytes that code_record writes. */
size_t stored_size(const struct kevents_record *record);

/* CRC-32 of the bytes, as zlib's crc32(3) makes it. */
uint32_t stored_crc(const void *bytes, size_t size);

#endif
