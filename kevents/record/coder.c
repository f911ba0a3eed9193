// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>
#include "coder.h"

static uint8_t *take(struct coder *coder, size_t size)
{
	if (coder->is_bad || size > coder->size - coder->at) {
		coder->is_bad = true;
		return NULL;
	}
	coder->at += size;
	return coder->bytes + coder->at - size;
}

static void code_number(struct coder *coder, uint64_t *value, size_t size)
{
	uint8_t *bytes = take(coder, size);

	if (!bytes)
		return;
	if (coder->is_writing) {
		for (size_t i = 0; i < size; i++)
			bytes[i] = (uint8_t)(*value >> 8 * i);
		return;
	}
	*value = 0;
	for (size_t i = 0; i < size; i++)
		*value |= (uint64_t)bytes[i] << 8 * i;
}

void field_u8(struct coder *coder, uint8_t *value)
{
	uint64_t number = *value;

	code_number(coder, &number, 1);
	*value = (uint8_t)number;
}

void field_u32(struct coder *coder, uint32_t *value)
{
	uint64_t number = *value;

	code_number(coder, &number, 4);
	*value = (uint32_t)number;
}

void field_i32(struct coder *coder, int32_t *value)
{
	uint32_t number = (uint32_t)*value;

	field_u32(coder, &number);
	*value = (int32_t)number;
}

void field_u64(struct coder *coder, uint64_t *value)
{
	code_number(coder, value, 8);
}

void field_bool(struct coder *coder, bool *value)
{
	uint8_t number = *value;

	field_u8(coder, &number);
	*value = number != 0;
}

void field_bytes(struct coder *coder, void *bytes, size_t size)
{
	uint8_t *stored = take(coder, size);

	if (!stored)
		return;
	if (coder->is_writing)
		memcpy(stored, bytes, size);
	else
		memcpy(bytes, stored, size);
}

void field_name(struct coder *coder, char *name, size_t size)
{
	field_bytes(coder, name, size);
	if (coder->is_bad || memchr(name, 0, size))
		return;
	coder->is_bad = true;
	name[0] = 0;
}

void field_blob(struct coder *coder, const char **bytes, uint32_t *size)
{
	uint8_t *stored;

	field_u32(coder, size);
	stored = take(coder, (size_t)*size + 1);
	if (!stored)
		return;
	if (coder->is_writing) {
		if (*size)
			memcpy(stored, *bytes, *size);
		stored[*size] = 0;
	} else {
		*bytes = (const char *)stored;
		coder->is_bad = stored[*size] != 0;
	}
}

void field_string(struct coder *coder, const char **string)
{
	uint32_t size = 0;

	if (coder->is_writing) {
		if (!*string)
			*string = "";
		size = (uint32_t)strlen(*string);
	}
	field_blob(coder, string, &size);
	if (!coder->is_bad && !coder->is_writing && strlen(*string) != size)
		coder->is_bad = true;
	if (coder->is_bad)
		*string = "";
}
