// SPDX-License-Identifier: GPL-2.0-or-later
#include "json.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "text.h"

void json_add_number(struct json_object *object, const char *name, __u64 number)
{
	json_object_object_add(object, name, json_object_new_uint64(number));
}

void json_add_flag(struct json_object *object, const char *name, bool flag)
{
	json_object_object_add(object, name, json_object_new_boolean(flag));
}

void json_add_string(struct json_object *object, const char *name, const char *text)
{
	json_object_object_add(object, name, text ? json_object_new_string(text) : NULL);
}

/* Most text is printable ASCII, of which all is harmless and valid: how much of it there is at the beginning. */
static size_t plain_size(const char *text)
{
	const char *end = text;

	while (*end >= ' ' && *end <= '~')
		end++;
	return (size_t)(end - text);
}

static struct json_object *text_of(const char *text, size_t size, bool *is_exact)
{
	static const char replacement[] = "\xef\xbf\xbd";
	const char *end = text + size;
	struct json_object *string;
	unsigned int character;
	char *valid, *out;

	*is_exact = true;
	if (plain_size(text) == size)
		return json_object_new_string_len(text, (int)size);
	valid = out = malloc(3 * size + 1);
	if (!valid)
		return NULL;
	while (text < end) {
		size_t length = text_character(text, &character);

		if (length) {
			out = mempcpy(out, text, length);
		} else {
			out = stpcpy(out, replacement);
			*is_exact = false;
			length = 1;
		}
		text += length;
	}
	string = json_object_new_string_len(valid, (int)(out - valid));
	free(valid);
	return string;
}

struct json_object *json_text(const char *text, bool *is_exact)
{
	return text_of(text, strlen(text), is_exact);
}

static struct json_object *hex_of(const char *text, size_t size)
{
	char *digits = malloc(2 * size + 1);
	struct json_object *string;

	if (!digits)
		return NULL;
	print_hex(digits, (const __u8 *)text, size);
	string = json_object_new_string(digits);
	free(digits);
	return string;
}

struct json_object *json_hex(const char *text)
{
	return hex_of(text, strlen(text));
}

void json_add_bytes(struct json_object *object, const char *name, const char *text, size_t size)
{
	bool is_exact;
	char *name_hex;

	json_object_object_add(object, name, text_of(text, size, &is_exact));
	if (is_exact || asprintf(&name_hex, "%s_hex", name) < 0)
		return;
	json_object_object_add(object, name_hex, hex_of(text, size));
	free(name_hex);
}

void json_add_text(struct json_object *object, const char *name, const char *text)
{
	if (text)
		json_add_bytes(object, name, text, strlen(text));
	else
		json_object_object_add(object, name, NULL);
}

void json_texts_begin(struct json_texts *list)
{
	*list = (struct json_texts){ json_object_new_array(), json_object_new_array(), true };
}

void json_texts_add(struct json_texts *list, const char *text)
{
	bool is_exact;

	json_object_array_add(list->texts, json_text(text, &is_exact));
	json_object_array_add(list->bytes, is_exact ? NULL : json_hex(text));
	list->is_exact = list->is_exact && is_exact;
}

void json_texts_end(struct json_texts *list, struct json_object *object, const char *name)
{
	char name_hex[64];

	json_object_object_add(object, name, list->texts);
	snprintf(name_hex, sizeof(name_hex), "%s_hex", name);
	if (list->is_exact)
		json_object_put(list->bytes);
	else
		json_object_object_add(object, name_hex, list->bytes);
}

void json_add_list(
	struct json_object *object, const char *name, const char *const *items, size_t count)
{
	struct json_object *list = json_object_new_array();

	for (size_t i = 0; i < count; i++)
		json_object_array_add(list, json_object_new_string(items[i]));
	json_object_object_add(object, name, list);
}

/*
 * json-c escapes what JSON demands, newlines too: those that are left are between the members. Characters
 * beyond ASCII are only in strings.
 */
static void put_harmless(FILE *out, const char *line)
{
	const char *from = line;
	unsigned int character;

	while (*(line += plain_size(line))) {
		size_t length = text_character(line, &character);

		if (length && (is_harmless(character) || character == '\n')) {
			line += length;
			continue;
		}
		fwrite(from, 1, (size_t)(line - from), out);
		if (length)
			fprintf(out, "\\u%04x", character);
		line += length ? length : 1;
		from = line;
	}
	fputs(from, out);
	putc('\n', out);
}

void json_print_line(FILE *out, struct json_object *object)
{
	put_harmless(out, json_object_to_json_string_ext(
		object, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(object);
}

void json_put_line(struct json_object *object)
{
	json_print_line(stdout, object);
}

void json_put_pretty(struct json_object *object)
{
	if (object)
		put_harmless(stdout, json_object_to_json_string_ext(
			object, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(object);
}

const char *json_find_text(struct json_object *object, const char *name)
{
	struct json_object *value = json_object_object_get(object, name);

	return json_object_is_type(value, json_type_string) ? json_object_get_string(value) : NULL;
}

__u64 json_find_number(struct json_object *object, const char *name)
{
	struct json_object *value = json_object_object_get(object, name);

	return json_object_is_type(value, json_type_int) ? json_object_get_uint64(value) : 0;
}

bool json_find_flag(struct json_object *object, const char *name)
{
	struct json_object *value = json_object_object_get(object, name);

	return json_object_is_type(value, json_type_boolean) && json_object_get_boolean(value);
}
