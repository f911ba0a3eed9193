// SPDX-License-Identifier: GPL-2.0-or-later
#include "json.h"
#include <arpa/inet.h>
#include <stdlib.h>
#include "../../lib/text/json.h"
#include "line.h"

static void add_source(struct json_object *object, const struct netcon_source *source)
{
	char text[SOURCE_TEXT_MAX];

	json_add_string(object, "host", source_print_address(text, source));
	json_add_number(object, "port", ntohs(source->port));
}

/* Text of the kernel, without its escapes; NULL: null. */
static void add_text(struct json_object *object, const char *name, const char *text, size_t size)
{
	char *bytes = text ? malloc(size + 1) : NULL;

	if (!bytes) {
		json_add_string(object, name, NULL);
		return;
	}
	size = netcon_unescape(text, size, bytes);
	bytes[size] = '\0';
	json_add_bytes(object, name, bytes, size);
	free(bytes);
}

/* A name that is there twice keeps both values: dictionaries are lists of pairs. */
static void add_dictionary(struct json_object *object, const struct netcon_message *message)
{
	struct json_object *list = json_object_new_array();
	struct netcon_entry entry;
	size_t place = 0;

	while (netcon_entry_next(message, &place, &entry)) {
		struct json_object *pair = json_object_new_object();

		add_text(pair, "name", entry.name, entry.name_size);
		add_text(pair, "value", entry.value, entry.value_size);
		json_object_array_add(list, pair);
	}
	json_object_object_add(object, "dictionary", list);
}

static void add_extended(struct json_object *object, const struct received *received)
{
	const struct netcon_message *message = &received->message;

	json_add_number(object, "sequence", message->sequence);
	json_add_number(object, "facility", message->priority >> 3);
	json_add_number(object, "level", message->priority & 7);
	json_add_number(object, "time_us", message->time_us);
	json_object_object_add(object, "continuation", json_object_new_boolean(message->flag != '-'));
	json_object_object_add(object, "late", json_object_new_boolean(received->is_late));
	add_text(object, "release", message->release, message->release_size);
	json_add_string(object, "boot_id", received->boot_id);
	add_text(object, "caller", message->caller, message->caller_size);
}

struct json_object *json_of(const struct received *received)
{
	const struct netcon_message *message = &received->message;
	struct json_object *object = json_object_new_object();
	char text[32];

	if (!object)
		return NULL;
	json_add_string(object, "arrived", print_moment(text, &received->arrived));
	add_source(object, &received->source);
	if (message->is_extended)
		add_extended(object, received);
	add_text(object, "text", message->body, message->is_extended ? netcon_text_size(message) : message->body_size);
	if (message->is_extended)
		add_dictionary(object, message);
	if (received->is_torn)
		json_add_number(object, "missing_bytes", received->missing);
	return object;
}

struct json_object *json_of_happened(const struct happened *happened)
{
	struct json_object *object = json_object_new_object();
	char text[32];

	if (!object)
		return NULL;
	json_add_string(object, "arrived", print_moment(text, &happened->when));
	if (happened->what != HAPPENED_DROPPED)
		add_source(object, &happened->source);
	json_add_string(object, "event", happening_name(happened->what));
	switch (happened->what) {
	case HAPPENED_LOST:
	case HAPPENED_FOUND:
		json_add_number(object, "first", happened->first);
		json_add_number(object, "last", happened->last);
		break;
	case HAPPENED_RESTART:
		json_add_number(object, "sequence", happened->first);
		json_add_number(object, "highest_before", happened->last);
		break;
	case HAPPENED_NEW:
		json_add_number(object, "sequence", happened->first);
		break;
	case HAPPENED_DROPPED:
		json_add_number(object, "datagrams", happened->first);
		break;
	default:
		break;
	}
	return object;
}
