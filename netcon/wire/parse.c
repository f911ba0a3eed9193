// SPDX-License-Identifier: GPL-2.0-or-later
/* Takes datagrams apart. */
#include <string.h>
#include "../netcon.h"

/* What stands between two commas of a header. */
struct field {
	const char *text;
	size_t size;
};

/* The field that begins at text, which does not go beyond end. */
static struct field field_at(const char *text, const char *end)
{
	const char *comma = memchr(text, ',', (size_t)(end - text));

	return (struct field){ text, (size_t)((comma ? comma : end) - text) };
}

/* All of the field as decimal digits, at most most. */
static bool is_number(const struct field *field, __u64 most, __u64 *number)
{
	__u64 value = 0;

	if (!field->size)
		return false;
	for (size_t i = 0; i < field->size; i++) {
		unsigned int digit = (unsigned char)field->text[i] - '0';

		if (digit > 9 || value > (most - digit) / 10)
			return false;
		value = value * 10 + digit;
	}
	*number = value;
	return true;
}

static bool is_flag(const struct field *field)
{
	return field->size == 1 && (*field->text == '-' || *field->text == 'c' || *field->text == '+');
}

/* "OFFSET/TOTAL" of a piece with so many bytes. */
static bool is_place(const struct field *value, size_t size, struct netcon_message *message)
{
	const char *slash = memchr(value->text, '/', value->size);
	struct field offset, total;
	__u64 from, all;

	if (!slash)
		return false;
	offset = (struct field){ value->text, (size_t)(slash - value->text) };
	total = (struct field){ slash + 1, value->size - offset.size - 1 };
	if (!is_number(&offset, NETCON_BODY_MAX, &from) || !is_number(&total, NETCON_BODY_MAX, &all))
		return false;
	if (!size || from > all || size > all - from)
		return false;
	message->is_fragment = true;
	message->offset = (size_t)from;
	message->total = (size_t)all;
	return true;
}

static bool takes_prefix(const struct field *field, const char *prefix, struct field *value)
{
	size_t size = strlen(prefix);

	if (field->size < size || memcmp(field->text, prefix, size))
		return false;
	*value = (struct field){ field->text + size, field->size - size };
	return true;
}

/* The NAME=VALUE pairs from text to end. Those of kernels to come are not known, and no error. */
static bool take_pairs(const char *text, const char *end, struct netcon_message *message)
{
	while (text < end) {
		struct field field = field_at(text, end), value;

		if (takes_prefix(&field, "ncfrag=", &value)) {
			if (message->is_fragment || !is_place(&value, message->body_size, message))
				return false;
		} else if (takes_prefix(&field, "caller=", &value)) {
			message->caller = value.text;
			message->caller_size = value.size;
		}
		text = field.text + field.size + 1;
	}
	return true;
}

/*
 * The header from bytes to end. Three numbers and a flag are its middle; before them stands the release, which
 * may hold anything, commas too, so that the first place where these four stand is looked for.
 */
static bool take_header(const char *bytes, const char *end, struct netcon_message *message)
{
	struct field last[4] = { 0 }; /* the newest is the last */
	const char *text = bytes;

	while (text <= end) {
		__u64 priority;

		memmove(last, last + 1, 3 * sizeof(*last));
		last[3] = field_at(text, end);
		text += last[3].size + 1;
		if (!last[0].text || !is_flag(&last[3]) || !is_number(&last[0], NETCON_PRIORITY_MAX, &priority) ||
			!is_number(&last[1], ~0ULL, &message->sequence) || !is_number(&last[2], ~0ULL, &message->time_us))
			continue;
		message->priority = (unsigned int)priority;
		message->flag = *last[3].text;
		if (last[0].text != bytes) {
			message->release = bytes;
			message->release_size = (size_t)(last[0].text - bytes) - 1;
		}
		return take_pairs(text, end, message);
	}
	return false;
}

void netcon_parse(const char *bytes, size_t size, struct netcon_message *message)
{
	const char *end = size ? memchr(bytes, ';', size) : NULL;

	*message = (struct netcon_message){ .is_extended = true };
	if (end) {
		message->body = end + 1;
		message->body_size = size - (size_t)(message->body - bytes);
		if (take_header(bytes, end, message))
			return;
	}
	*message = (struct netcon_message){ .body = bytes, .body_size = size };
}
