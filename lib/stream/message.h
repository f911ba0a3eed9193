/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages in memory, and lists of them in the order of their numbers. */
#ifndef KERNKIT_STREAM_MESSAGE_H
#define KERNKIT_STREAM_MESSAGE_H

#include "record.h"

struct message {
	struct message *next;
	__u64 number;
	__u64 put_at; /* milliseconds of CLOCK_MONOTONIC */
	__u64 sent_at; /* the same; 0: it has to be sent */
	bool is_written; /* it is in the spool */
	size_t id_size, subject_size, size;
	const char *id, *subject; /* these two end with '\0' */
	const char *bytes;
	char text[];
};

struct message_list {
	struct message *first, *last;
	size_t count;
	size_t bytes; /* what they take as records */
};

/* A copy, to be freed; NULL: memory is short. */
struct message *message_new(const struct spool_record *record);

/* The message as a record, which points into it. */
struct spool_record message_record(const struct message *message);

/* What it takes in the spool. */
size_t message_record_size(const struct message *message);

void message_append(struct message_list *list, struct message *message);

/* Takes the first one off; NULL: there is none. */
struct message *message_take_first(struct message_list *list);

/* Takes the one with that number off; NULL: it is not there. */
struct message *message_take(struct message_list *list, __u64 number);

/* NULL: it is not there. */
struct message *message_find(const struct message_list *list, __u64 number);

void message_free_all(struct message_list *list);

#endif
