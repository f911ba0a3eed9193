/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fields of a recording, little-endian. One description of a structure serves to write and to read
 * it: each function copies a field to the bytes, or from them. What does not fit sets is_bad, and
 * from then on nothing is copied.
 */
#ifndef KEVENTS_RECORD_CODER_H
#define KEVENTS_RECORD_CODER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct coder {
	uint8_t *bytes;
	size_t size;
	size_t at;
	bool is_writing;
	bool is_bad;
};

/* An unsigned number of 8 bits. */
void field_u8(struct coder *coder, uint8_t *value);
/* An unsigned number of 32 bits. */
void field_u32(struct coder *coder, uint32_t *value);
/* A signed number of 32 bits, two's complement. */
void field_i32(struct coder *coder, int32_t *value);
/* An unsigned number of 64 bits. */
void field_u64(struct coder *coder, uint64_t *value);
/* Read: any number but 0 is true. */
void field_bool(struct coder *coder, bool *value);
/* size bytes as they are, without their count. */
void field_bytes(struct coder *coder, void *bytes, size_t size);
/* An array of characters that ends with a 0. Read: bad if it does not. */
void field_name(struct coder *coder, char *name, size_t size);
/*
 * size bytes, after their count. Read: *bytes is in the coder's, and *size_out must not be more than
 * are there; a last 0 is added when written, and demanded when read, but not counted.
 */
void field_blob(struct coder *coder, const char **bytes, uint32_t *size);
/* A string: a blob without a 0 in it. NULL is written as "". */
void field_string(struct coder *coder, const char **string);

#endif
