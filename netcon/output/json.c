// SPDX-License-Identifier: GPL-2.0-or-later
#include "json.h"
#include <arpa/inet.h>
#include <stdlib.h>
#include "../../lib/text/json.h"
#include "line.h"
#include "plain.h"

/* Every name here is a literal, and is there once: so json-c need neither copy it nor look for it. */
static void add(struct json_object *object, const char *name, struct json_object *value)
{
	json_object_object_add_ex(object, name, value, JSON_C_OBJECT_ADD_KEY_IS_NEW | JSON_C_OBJECT_ADD_CONSTANT_KEY);
}

static void add_number(struct json_object *object, const char *name, __u64 number)
{
	add(object, name, json_object_new_uint64(number));
}

/* Text of our own; NULL: null. */
static void add_string(struct json_object *object, const char *name, const char *text)
{
	add(object, name, text ? json_object_new_string(text) : NULL);
}

static void add_source(struct json_object *object, const struct netcon_source *source)
{
	char text[SOURCE_TEXT_MAX];

	add_string(object, "host", source_print_address(text, source));
	add_number(object, "port", ntohs(source->port));
}

/* Text of the kernel, without its escapes; NULL: null. */
static void add_bytes(struct json_object *object, const char *name, const char *text, size_t size, bool is_escaped)
{
	char *bytes;

	if (text && plain_size(text, size) == size) {
		add(object, name, json_object_new_string_len(text, (int)size));
		return;
	}
	bytes = text ? plain_copy(text, &size, is_escaped) : NULL;
	if (!bytes) {
		add_string(object, name, NULL);
		return;
	}
	json_add_bytes(object, name, bytes, size);
	free(bytes);
}

static void add_text(struct json_object *object, const char *name, const char *text, size_t size)
{
	add_bytes(object, name, text, size, true);
}

/* A name that is there twice keeps both values: dictionaries are lists of pairs. */
static void add_dictionary(struct json_object *object, const struct netcon_message *message)
{
	struct json_object *list = json_object_new_array_ext(1);
	struct netcon_entry entry;
	size_t place = 0;

	while (netcon_entry_next(message, &place, &entry)) {
		struct json_object *pair = json_object_new_object();

		add_text(pair, "name", entry.name, entry.name_size);
		add_text(pair, "value", entry.value, entry.value_size);
		json_object_array_add(list, pair);
	}
	add(object, "dictionary", list);
}

static void add_extended(struct json_object *object, const struct received *received)
{
	const struct netcon_message *message = &received->message;

	add_number(object, "sequence", message->sequence);
	if (received->joined)
		add_number(object, "joined", received->joined);
	add_number(object, "facility", message->priority >> 3);
	add_number(object, "level", message->priority & 7);
	add_number(object, "time_us", message->time_us);
	add(object, "continuation", json_object_new_boolean(message->flag != '-'));
	add(object, "late", json_object_new_boolean(received->is_late));
	add_text(object, "release", message->release, message->release_size);
	add_string(object, "boot_id", received->boot_id);
	add_text(object, "caller", message->caller, message->caller_size);
}

struct json_object *json_of(const struct received *received)
{
	const struct netcon_message *message = &received->message;
	struct json_object *object = json_object_new_object();
	char text[32];

	if (!object)
		return NULL;
	add_string(object, "arrived", print_moment(text, &received->arrived));
	add_source(object, &received->source);
	if (message->is_extended)
		add_extended(object, received);
	add_bytes(object, "text", message->body, message->is_extended ? netcon_text_size(message) : message->body_size,
		message->is_extended);
	if (message->is_extended)
		add_dictionary(object, message);
	if (received->is_torn)
		add_number(object, "missing_bytes", received->missing);
	return object;
}

struct json_object *json_of_happened(const struct happened *happened)
{
	struct json_object *object = json_object_new_object();
	char text[32];

	if (!object)
		return NULL;
	add_string(object, "arrived", print_moment(text, &happened->when));
	if (happened->what != HAPPENED_DROPPED)
		add_source(object, &happened->source);
	add_string(object, "event", happening_name(happened->what));
	switch (happened->what) {
	case HAPPENED_LOST:
	case HAPPENED_FOUND:
		add_number(object, "first", happened->first);
		add_number(object, "last", happened->last);
		break;
	case HAPPENED_RESTART:
		add_number(object, "sequence", happened->first);
		add_number(object, "highest_before", happened->last);
		break;
	case HAPPENED_NEW:
		add_number(object, "sequence", happened->first);
		break;
	case HAPPENED_DROPPED:
		add_number(object, "datagrams", happened->first);
		break;
	default:
		break;
	}
	return object;
}
