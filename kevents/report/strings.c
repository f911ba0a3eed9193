// SPDX-License-Identifier: GPL-2.0-or-later
#include "strings.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { BUCKETS = 1 << 16 };

struct report_string {
	struct report_string *next;
	uint32_t number;
};

int strings_init(struct report_model *model)
{
	uint32_t number;

	model->string_buckets = calloc(BUCKETS, sizeof(*model->string_buckets));
	return model->string_buckets ? string_number(model, "", &number) : -ENOMEM;
}

static struct report_string **bucket_of(struct report_model *model, const char *text)
{
	uint32_t hash = 2166136261U;

	while (*text)
		hash = (hash ^ (uint8_t)*text++) * 16777619U;
	return &model->string_buckets[(hash ^ hash >> 16) % BUCKETS];
}

static int make_room(struct report_model *model)
{
	uint32_t room = model->string_room ? model->string_room * 2 : 1024;
	char **larger;

	if (model->string_count < model->string_room)
		return 0;
	larger = room ? reallocarray(model->strings, room, sizeof(*larger)) : NULL;
	if (!larger)
		return -ENOMEM;
	model->strings = larger;
	model->string_room = room;
	return 0;
}

int string_number(struct report_model *model, const char *text, uint32_t *number)
{
	struct report_string **bucket = bucket_of(model, text), *string;

	for (string = *bucket; string; string = string->next)
		if (!strcmp(model->strings[string->number], text))
			break;
	if (!string) {
		char *copy = strdup(text);

		string = malloc(sizeof(*string));
		if (!copy || !string || make_room(model)) {
			free(copy);
			free(string);
			return -ENOMEM;
		}
		string->number = model->string_count++;
		string->next = *bucket;
		*bucket = string;
		model->strings[string->number] = copy;
	}
	*number = string->number;
	return 0;
}

void strings_free(struct report_model *model)
{
	for (size_t i = 0; model->string_buckets && i < BUCKETS; i++) {
		while (model->string_buckets[i]) {
			struct report_string *string = model->string_buckets[i];

			model->string_buckets[i] = string->next;
			free(string);
		}
	}
	free(model->string_buckets);
	for (uint32_t i = 0; i < model->string_count; i++)
		free(model->strings[i]);
	free(model->strings);
}
