/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The bytes of a message in the spool. Numbers are little endian:
 *
 *   0  magic "KKR1"
 *   4  u32 size of id, subject and bytes together
 *   8  u32 CRC32 of all but the magic and itself
 *  12  u16 size of the id, u16 size of the subject
 *  16  u64 number
 *  24  id, subject, bytes
 */
#ifndef KERNKIT_STREAM_RECORD_H
#define KERNKIT_STREAM_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>

enum { RECORD_HEADER = 24 };
#define RECORD_MAGIC "KKR1"

/* Numbers rise from one to the next; the first is 1, and they are below this. */
#define RECORD_NUMBER_MAX (1ULL << 62)

/* Nothing ends with '\0'. */
struct spool_record {
	__u64 number;
	const char *id, *subject;
	size_t id_size, subject_size;
	const char *bytes;
	size_t size;
};

/* Whether it can be an identity: 1 to most bytes, none of them a space or a control character. */
bool record_is_word(const char *text, size_t size, size_t most);

/* What the record takes. */
size_t record_size(const struct spool_record *record);

/* Writes it; bytes has room for record_size. */
void record_encode(const struct spool_record *record, void *bytes);

/*
 * Reads the record at the beginning of bytes, into which its pointers point. 0; -EAGAIN: *needed bytes are needed
 * to tell; -EBADMSG: it is none. *summed grows by the bytes whose checksum was made.
 */
int record_parse(const void *bytes, size_t size, struct spool_record *record, size_t *needed, __u64 *summed);

/* The CRC32 of both together. */
__u32 record_checksum(const void *first, size_t first_size, const void *second, size_t second_size);

#endif
