// SPDX-License-Identifier: GPL-2.0-or-later
#include "json.h"
#include <stdio.h>
#include <stdlib.h>
#include "text.h"

void json_add_number(struct json_object *object, const char *name, __u64 number)
{
	json_object_object_add(object, name, json_object_new_uint64(number));
}

void json_add_string(struct json_object *object, const char *name, const char *text)
{
	json_object_object_add(object, name, text ? json_object_new_string(text) : NULL);
}

void json_add_text(struct json_object *object, const char *name, const char *text)
{
	char *safe = text ? safe_text(text) : NULL;

	json_add_string(object, name, safe);
	free(safe);
}

void json_add_list(
	struct json_object *object, const char *name, const char *const *items, size_t count)
{
	struct json_object *list = json_object_new_array();

	for (size_t i = 0; i < count; i++)
		json_object_array_add(list, json_object_new_string(items[i]));
	json_object_object_add(object, name, list);
}

void json_put_line(struct json_object *object)
{
	puts(json_object_to_json_string_ext(
		object, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(object);
}
