// SPDX-License-Identifier: GPL-2.0-or-later
#include "record.h"
#include <endian.h>
#include <errno.h>
#include <string.h>
#include "stream.h"

bool record_is_word(const char *text, size_t size, size_t most)
{
	if (!size || size > most)
		return false;
	for (size_t i = 0; i < size; i++)
		if ((unsigned char)text[i] <= ' ' || text[i] == 0x7f)
			return false;
	return true;
}

size_t record_size(const struct spool_record *record)
{
	return RECORD_HEADER + record->id_size + record->subject_size + record->size;
}

static __u32 get32(const char *bytes)
{
	__u32 value;

	memcpy(&value, bytes, sizeof(value));
	return le32toh(value);
}

static __u16 get16(const char *bytes)
{
	__u16 value;

	memcpy(&value, bytes, sizeof(value));
	return le16toh(value);
}

static __u64 get64(const char *bytes)
{
	__u64 value;

	memcpy(&value, bytes, sizeof(value));
	return le64toh(value);
}

void record_encode(const struct spool_record *record, void *bytes)
{
	__u32 size = htole32((__u32)(record->id_size + record->subject_size + record->size)), sum;
	__u16 id_size = htole16((__u16)record->id_size), subject_size = htole16((__u16)record->subject_size);
	__u64 number = htole64(record->number);
	char *to = bytes, *body = to + RECORD_HEADER;

	memcpy(to, RECORD_MAGIC, 4);
	memcpy(to + 4, &size, 4);
	memcpy(to + 12, &id_size, 2);
	memcpy(to + 14, &subject_size, 2);
	memcpy(to + 16, &number, 8);
	memcpy(body, record->id, record->id_size);
	memcpy(body + record->id_size, record->subject, record->subject_size);
	if (record->size)
		memcpy(body + record->id_size + record->subject_size, record->bytes, record->size);
	sum = htole32(record_checksum(to + 4, 4, to + 12, record_size(record) - 12));
	memcpy(to + 8, &sum, 4);
}

int record_parse(const void *bytes, size_t size, struct spool_record *record, size_t *needed, __u64 *summed)
{
	const char *from = bytes;
	size_t body, words;

	*needed = RECORD_HEADER;
	if (size < RECORD_HEADER)
		return -EAGAIN;
	body = get32(from + 4);
	record->id_size = get16(from + 12);
	record->subject_size = get16(from + 14);
	record->number = get64(from + 16);
	words = record->id_size + record->subject_size;
	if (memcmp(from, RECORD_MAGIC, 4) || words > body || body - words > STREAM_BYTES_MAX ||
		!record->number || record->number >= RECORD_NUMBER_MAX || record->id_size > STREAM_ID_MAX ||
		record->subject_size > STREAM_SUBJECT_MAX)
		return -EBADMSG;
	*needed = RECORD_HEADER + body;
	if (size < *needed)
		return -EAGAIN;
	*summed += *needed;
	if (record_checksum(from + 4, 4, from + 12, *needed - 12) != get32(from + 8))
		return -EBADMSG;
	record->id = from + RECORD_HEADER;
	record->subject = record->id + record->id_size;
	record->bytes = record->subject + record->subject_size;
	record->size = body - words;
	/* They become lines of a protocol: a newline would begin another one. */
	if (!record_is_word(record->id, record->id_size, STREAM_ID_MAX) ||
		!record_is_word(record->subject, record->subject_size, STREAM_SUBJECT_MAX))
		return -EBADMSG;
	return 0;
}
