// SPDX-License-Identifier: GPL-2.0-or-later
#include "held.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct held {
	struct received received; /* what it points to is below */
	char *names; /* boot id, release and caller */
	size_t names_size;
	char *body;
};

static char *copy(char **to, const char *bytes, size_t size)
{
	char *place = *to;

	memcpy(place, bytes, size);
	*to += size;
	return place;
}

struct held *held_open(const struct received *received)
{
	const struct netcon_message *message = &received->message;
	size_t boot_id_size = received->boot_id ? strlen(received->boot_id) + 1 : 0;
	struct held *held = malloc(sizeof(*held));
	char *to;

	if (!held)
		return NULL;
	*held = (struct held){ .received = *received };
	held->names_size = boot_id_size + message->release_size + message->caller_size;
	to = held->names = malloc(held->names_size + 1);
	held->body = malloc(message->body_size + 1);
	if (!held->names || !held->body) {
		held_close(held);
		return NULL;
	}
	if (boot_id_size)
		held->received.boot_id = copy(&to, received->boot_id, boot_id_size);
	if (message->release_size)
		held->received.message.release = copy(&to, message->release, message->release_size);
	if (message->caller_size)
		held->received.message.caller = copy(&to, message->caller, message->caller_size);
	memcpy(held->body, message->body, message->body_size);
	held->received.message.body = held->body;
	return held;
}

bool held_continues(const struct held *held, const struct received *received)
{
	const struct netcon_message *before = &held->received.message, *message = &received->message;

	return message->flag != '-' && !received->is_torn && message->sequence == before->sequence + held->received.joined + 1 &&
		message->caller_size == before->caller_size &&
		(!message->caller_size || !memcmp(message->caller, before->caller, message->caller_size));
}

/* What stands behind the first line of the message. */
static const char *dictionary_of(const struct netcon_message *message, size_t *size)
{
	size_t text = netcon_text_size(message);

	*size = text < message->body_size ? message->body_size - text - 1 : 0;
	return message->body + message->body_size - *size;
}

int held_append(struct held *held, const struct netcon_message *message)
{
	struct netcon_message *before = &held->received.message;
	size_t text = netcon_text_size(before), more = netcon_text_size(message), size, more_size;
	const char *dictionary = dictionary_of(before, &size), *more_dictionary = dictionary_of(message, &more_size);
	bool needs_newline = size && more_size && dictionary[size - 1] != '\n';
	size_t all = text + more + 1 + size + needs_newline + more_size;
	char *body, *to;

	if (all > HELD_MAX)
		return -E2BIG;
	to = body = malloc(all);
	if (!body)
		return -ENOMEM;
	copy(&to, before->body, text);
	copy(&to, message->body, more);
	copy(&to, "\n", 1);
	copy(&to, dictionary, size);
	copy(&to, "\n", needs_newline);
	copy(&to, more_dictionary, more_size);
	free(held->body);
	before->body = held->body = body;
	before->body_size = all;
	held->received.joined++;
	return 0;
}

const struct received *held_read(const struct held *held)
{
	return &held->received;
}

size_t held_memory(const struct held *held)
{
	return sizeof(*held) + held->names_size + held->received.message.body_size;
}

void held_close(struct held *held)
{
	if (!held)
		return;
	free(held->names);
	free(held->body);
	free(held);
}
