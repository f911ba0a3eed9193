// SPDX-License-Identifier: GPL-2.0-or-later
#include "message.h"
#include <stdlib.h>
#include <string.h>

struct message *message_new(const struct spool_record *record)
{
	struct message *message = malloc(sizeof(*message) + record->id_size + record->subject_size + record->size + 2);
	char *subject, *bytes;

	if (!message)
		return NULL;
	subject = message->text + record->id_size + 1;
	bytes = subject + record->subject_size + 1;
	memcpy(message->text, record->id, record->id_size);
	message->text[record->id_size] = '\0';
	memcpy(subject, record->subject, record->subject_size);
	subject[record->subject_size] = '\0';
	if (record->size)
		memcpy(bytes, record->bytes, record->size);
	message->next = NULL;
	message->number = record->number;
	message->put_at = message->sent_at = 0;
	message->is_written = false;
	message->id_size = record->id_size;
	message->subject_size = record->subject_size;
	message->size = record->size;
	message->id = message->text;
	message->subject = subject;
	message->bytes = bytes;
	return message;
}

struct spool_record message_record(const struct message *message)
{
	return (struct spool_record){
		.number = message->number,
		.id = message->id,
		.subject = message->subject,
		.id_size = message->id_size,
		.subject_size = message->subject_size,
		.bytes = message->bytes,
		.size = message->size,
	};
}

size_t message_record_size(const struct message *message)
{
	return RECORD_HEADER + message->id_size + message->subject_size + message->size;
}

void message_append(struct message_list *list, struct message *message)
{
	message->next = NULL;
	if (list->last)
		list->last->next = message;
	else
		list->first = message;
	list->last = message;
	list->count++;
	list->bytes += message_record_size(message);
}

static struct message *take_behind(struct message_list *list, struct message *before, struct message *message)
{
	if (before)
		before->next = message->next;
	else
		list->first = message->next;
	if (list->last == message)
		list->last = before;
	list->count--;
	list->bytes -= message_record_size(message);
	return message;
}

struct message *message_take_first(struct message_list *list)
{
	return list->first ? take_behind(list, NULL, list->first) : NULL;
}

/* Acknowledgements come in about the order of the list: it is found near the beginning. */
struct message *message_take(struct message_list *list, __u64 number)
{
	struct message *before = NULL;

	for (struct message *i = list->first; i && i->number <= number; before = i, i = i->next)
		if (i->number == number)
			return take_behind(list, before, i);
	return NULL;
}

struct message *message_find(const struct message_list *list, __u64 number)
{
	struct message *i = list->first;

	while (i && i->number < number)
		i = i->next;
	return i && i->number == number ? i : NULL;
}

void message_free_all(struct message_list *list)
{
	struct message *message;

	while ((message = message_take_first(list)))
		free(message);
}
