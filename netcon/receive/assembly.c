// SPDX-License-Identifier: GPL-2.0-or-later
#include "assembly.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct piece {
	struct piece *next;
	size_t offset, size;
	char bytes[];
};

int assembly_open(struct assembly *assembly, const struct netcon_message *message)
{
	char *names = malloc(message->release_size + message->caller_size + 1);

	if (!names)
		return -ENOMEM;
	*assembly = (struct assembly){ .header = *message, .names = names };
	assembly->memory = sizeof(*assembly) + message->release_size + message->caller_size + 1;
	assembly->header.body = NULL;
	assembly->header.body_size = 0;
	if (message->release_size)
		assembly->header.release = memcpy(names, message->release, message->release_size);
	if (message->caller_size)
		assembly->header.caller = memcpy(names + message->release_size, message->caller, message->caller_size);
	return 0;
}

bool assembly_takes(const struct assembly *assembly, const struct netcon_message *message)
{
	const struct netcon_message *header = &assembly->header;

	return header->sequence == message->sequence && header->time_us == message->time_us &&
		header->total == message->total && header->priority == message->priority && header->flag == message->flag &&
		header->release_size == message->release_size &&
		(!header->release_size || !memcmp(header->release, message->release, header->release_size));
}

/* Whether the piece has the same bytes as the message, where they overlap. */
static bool agrees(const struct piece *piece, const struct netcon_message *message)
{
	size_t from = piece->offset > message->offset ? piece->offset : message->offset;
	size_t piece_end = piece->offset + piece->size, message_end = message->offset + message->body_size;
	size_t to = piece_end < message_end ? piece_end : message_end;

	return from >= to || !memcmp(piece->bytes + (from - piece->offset), message->body + (from - message->offset), to - from);
}

/* A new piece of the message's bytes from offset on, at *place of the list. */
static int insert(struct assembly *assembly, struct piece **place, const struct netcon_message *message, size_t offset, size_t size)
{
	struct piece *piece = malloc(sizeof(*piece) + size);

	if (!piece)
		return -ENOMEM;
	*piece = (struct piece){ .next = *place, .offset = offset, .size = size };
	memcpy(piece->bytes, message->body + (offset - message->offset), size);
	*place = piece;
	assembly->count++;
	assembly->have += size;
	assembly->memory += sizeof(*piece) + size;
	return 0;
}

/* Everything of the message that no piece has. */
static int fill(struct assembly *assembly, const struct netcon_message *message)
{
	size_t offset = message->offset, end = message->offset + message->body_size;
	struct piece **place = &assembly->pieces;
	int err = 0;

	while (offset < end && !err) {
		struct piece *next = *place;
		size_t until = next && next->offset < end ? next->offset : end;

		if (offset < until) {
			err = insert(assembly, place, message, offset, until - offset);
			offset = until;
			place = &(*place)->next;
			continue;
		}
		if (next->offset + next->size > offset)
			offset = next->offset + next->size;
		place = &next->next;
	}
	return err;
}

int assembly_add(struct assembly *assembly, const struct netcon_message *message, enum assembly_result *result)
{
	size_t had = assembly->have;
	int err;

	*result = ASSEMBLY_CONFLICT;
	if (assembly->count >= ASSEMBLY_PIECES_MAX)
		return 0;
	for (const struct piece *piece = assembly->pieces; piece; piece = piece->next)
		if (!agrees(piece, message))
			return 0;
	err = fill(assembly, message);
	if (err)
		return err;
	*result = assembly->have == had ? ASSEMBLY_REPEATED
		: assembly->have < assembly->header.total ? ASSEMBLY_GROWN
							  : ASSEMBLY_COMPLETE;
	return 0;
}

size_t assembly_room(const struct assembly *assembly)
{
	return assembly->have + assembly->count + 1;
}

void assembly_read(const struct assembly *assembly, char *body, struct netcon_message *message)
{
	char *end = body;
	size_t offset = 0;

	for (const struct piece *piece = assembly->pieces; piece; piece = piece->next) {
		if (piece->offset > offset)
			*end++ = '\0';
		end = mempcpy(end, piece->bytes, piece->size);
		offset = piece->offset + piece->size;
	}
	if (offset < assembly->header.total)
		*end++ = '\0';
	*message = assembly->header;
	message->is_fragment = false;
	message->offset = 0;
	message->body = body;
	message->body_size = (size_t)(end - body);
}

void assembly_close(struct assembly *assembly)
{
	while (assembly->pieces) {
		struct piece *piece = assembly->pieces;

		assembly->pieces = piece->next;
		free(piece);
	}
	free(assembly->names);
	*assembly = (struct assembly){ 0 };
}
