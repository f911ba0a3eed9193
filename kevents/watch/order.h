/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Records on their way from several CPUs and sources into one order, that of time. They are held
 * until nothing older can come any more, in memory that has an upper bound.
 */
#ifndef KEVENTS_WATCH_ORDER_H
#define KEVENTS_WATCH_ORDER_H

#include "../kevents.h"

struct order;

/* limit: bytes of records that may be held. NULL when memory is short. */
struct order *order_new(size_t limit);
/* Frees it with the records that are in it. */
void order_free(struct order *order);

/*
 * Takes a copy. text and args take the place of the record's path or name, and of its arguments;
 * sizes are without the last 0 of text, NULL: there is none. 0, -ENOMEM.
 */
int order_add(struct order *order, const struct kevents_record *record, const char *text,
	size_t text_size, const char *args, size_t args_size);

/*
 * More of the arguments of the last EXEC of record->tid, from the byte "at" of the vector; what is
 * not of it, does not follow on what is there, or has no place, is not kept, and remains missing.
 */
void order_add_arguments(struct order *order, int32_t tid, uint64_t time, size_t at,
	const void *bytes, size_t size);

/*
 * An image that an exec maps whose own record is yet to come: it is held until then and has that
 * record's time, so that it comes behind it. 0, -ENOMEM.
 */
int order_add_in_exec(
	struct order *order, const struct kevents_record *record, const char *text, size_t text_size);

/*
 * That record was added: the images of its process that were held follow it, and so do those since
 * began, which may be added later; began 0: there are none.
 */
void order_exec_done(struct order *order, int32_t pid, uint64_t time, uint64_t began);

/* Whether it holds as many bytes as it may: hand on before more is added. */
bool order_is_full(const struct order *order);
/* Whether all that was added is handed on. */
bool order_is_empty(const struct order *order);
/* Bytes that are allocated for records, used or not. */
size_t order_memory(const struct order *order);

/*
 * Hands on what is not younger than time. Returns how many, or what the handler returned that was
 * negative; the rest stays.
 */
int order_hand_on(
	struct order *order, uint64_t time, kevents_handler *handler, void *context);

/* How many had to be handed on behind a younger one. */
uint64_t order_late(const struct order *order);

#endif
