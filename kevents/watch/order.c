// SPDX-License-Identifier: GPL-2.0-or-later
#include "order.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* An image waits no longer than this for its exec. */
#define IN_EXEC_MAX 2000000000ULL
#define NO_TIME UINT64_MAX

/* In the arena: the record, text with its 0, then the arguments. */
struct held {
	struct kevents_record record;
	size_t size; /* of all of it, rounded up */
	size_t text_size;
	size_t args_size;
	char bytes[];
};

/* The order of what is held: by time, then as it came. */
struct place {
	uint64_t time; /* NO_TIME: it waits for its exec */
	uint64_t number;
	size_t at; /* in the arena */
};

/* An exec whose images come from a source of their own, maybe after it. */
struct exec {
	int32_t pid;
	uint64_t began, time;
};

#define EXECS 4096u

struct order {
	size_t limit;
	char *arena;
	size_t used, room;
	struct place *places;
	size_t first, count, places_room; /* places[first] to places[count - 1] are held */
	uint64_t numbers;
	uint64_t last_time; /* handed on */
	uint64_t late;
	size_t waiting;		  /* for their exec */
	struct exec execs[EXECS]; /* the last one of a pid, or of one with the same place */
};

struct order *order_new(size_t limit)
{
	struct order *order = calloc(1, sizeof(*order));

	if (order)
		order->limit = limit;
	return order;
}

void order_free(struct order *order)
{
	if (!order)
		return;
	free(order->arena);
	free(order->places);
	free(order);
}

static struct held *held_at(const struct order *order, const struct place *place)
{
	return (struct held *)(void *)(order->arena + place->at);
}

static int grow(void **memory, size_t *room, size_t need, size_t item)
{
	size_t larger = *room ? *room : 1024;
	void *new;

	while (larger < need)
		larger *= 2;
	if (larger == *room)
		return 0;
	new = realloc(*memory, larger * item);
	if (!new)
		return -ENOMEM;
	*memory = new;
	*room = larger;
	return 0;
}

static bool comes_before(const struct place *one, const struct place *other)
{
	return one->time < other->time || (one->time == other->time && one->number < other->number);
}

/* Nearly always at the end: what comes is nearly in order. */
static void move_into_place(struct order *order, size_t index)
{
	struct place place = order->places[index];

	while (index > order->first && comes_before(&place, &order->places[index - 1])) {
		order->places[index] = order->places[index - 1];
		index--;
	}
	order->places[index] = place;
}

static void sort(struct order *order)
{
	for (size_t i = order->first + 1; i < order->count; i++)
		move_into_place(order, i);
}

static struct held *reserve(struct order *order, size_t bytes)
{
	size_t size = (sizeof(struct held) + bytes + 15) & ~(size_t)15;
	struct held *held;

	if (grow((void **)&order->arena, &order->room, order->used + size, 1))
		return NULL;
	held = (struct held *)(void *)(order->arena + order->used);
	held->size = size;
	return held;
}

static void put_args(struct held *held, const char *args, size_t size)
{
	if (size)
		memcpy(held->bytes + held->text_size + 1, args, size);
	held->args_size = size;
}

static bool is_image(const struct kevents_record *record)
{
	return record->type == KEVENTS_IMAGE_LOAD || record->type == KEVENTS_ANON_EXEC;
}

/* What an exec mapped has its time. */
static uint64_t time_of(const struct order *order, const struct kevents_record *record)
{
	const struct exec *exec = &order->execs[(uint32_t)record->pid % EXECS];

	if (!is_image(record) || exec->pid != record->pid || record->time < exec->began ||
		record->time > exec->time)
		return record->time;
	return exec->time;
}

static int add(struct order *order, uint64_t time, const struct kevents_record *record,
	const char *text, size_t text_size, const char *args, size_t args_size)
{
	struct held *held;

	if (grow((void **)&order->places, &order->places_room, order->count + 1,
		    sizeof(*order->places)))
		return -ENOMEM;
	held = reserve(order, text_size + 1 + args_size);
	if (!held)
		return -ENOMEM;
	held->record = *record;
	if (time != NO_TIME)
		held->record.time = time;
	held->text_size = text_size;
	if (text_size)
		memcpy(held->bytes, text, text_size);
	held->bytes[text_size] = 0;
	put_args(held, args, args_size);
	order->places[order->count] =
		(struct place){.time = time, .number = order->numbers++, .at = order->used};
	order->used += held->size;
	move_into_place(order, order->count++);
	return 0;
}

int order_add(struct order *order, const struct kevents_record *record, const char *text,
	size_t text_size, const char *args, size_t args_size)
{
	return add(order, time_of(order, record), record, text, text_size, args, args_size);
}

int order_add_in_exec(struct order *order, const struct kevents_record *record, const char *text,
	size_t text_size)
{
	int err = add(order, NO_TIME, record, text, text_size, NULL, 0);

	if (!err)
		order->waiting++;
	return err;
}

/* The newest one; NULL: it is not held any more. */
static struct place *find_exec(struct order *order, int32_t tid, uint64_t time)
{
	for (size_t i = order->count; i-- > order->first;) {
		struct held *held = held_at(order, &order->places[i]);

		if (held->record.type == KEVENTS_EXEC && held->record.tid == tid &&
			held->record.time == time)
			return &order->places[i];
	}
	return NULL;
}

/* Arguments may be large, so what is held is copied to the end, once, with room for all of them. */
static struct held *with_room(struct order *order, struct place *place, size_t size)
{
	struct held *held = held_at(order, place), *copy;
	size_t need = sizeof(*held) + held->text_size + 1 + held->args_size + size, at = place->at;

	if (need <= held->size)
		return held;
	copy = reserve(order, held->text_size + 1 + 2 * (held->args_size + size));
	if (!copy)
		return NULL;
	held = (struct held *)(void *)(order->arena + at);
	need = copy->size;
	memcpy(copy, held, held->size);
	copy->size = need;
	place->at = order->used;
	order->used += need;
	return copy;
}

void order_add_arguments(
	struct order *order, int32_t tid, uint64_t time, size_t at, const void *bytes, size_t size)
{
	struct place *place = find_exec(order, tid, time);
	struct held *held;

	/* Behind a hole there is nothing that could be put together with what is before it. */
	if (!place || held_at(order, place)->args_size != at)
		return;
	held = with_room(order, place, size);
	if (!held)
		return;
	memcpy(held->bytes + held->text_size + 1 + held->args_size, bytes, size);
	held->args_size += size;
}

/* Where those begin that may be of an exec since began. */
static size_t first_since(const struct order *order, uint64_t began)
{
	size_t first = order->count;

	while (first > order->first) {
		uint64_t time = order->places[first - 1].time;

		if (time != NO_TIME && (!began || time < began))
			break;
		first--;
	}
	return first;
}

void order_exec_done(struct order *order, int32_t pid, uint64_t time, uint64_t began)
{
	bool moved = false;

	if (began)
		order->execs[(uint32_t)pid % EXECS] = (struct exec){pid, began, time};
	if (!order->waiting && !began)
		return;
	for (size_t i = first_since(order, began); i < order->count; i++) {
		struct place *place = &order->places[i];
		struct held *held = held_at(order, place);

		if (held->record.pid != pid || !is_image(&held->record) ||
			(place->time != NO_TIME && place->time > time))
			continue;
		if (place->time == NO_TIME)
			order->waiting--;
		held->record.time = time;
		*place = (struct place){time, order->numbers++, place->at};
		moved = true;
	}
	if (moved)
		sort(order);
}

bool order_is_full(const struct order *order)
{
	return order->used >= order->limit;
}

bool order_is_empty(const struct order *order)
{
	return order->first == order->count;
}

size_t order_memory(const struct order *order)
{
	return order->room + order->places_room * sizeof(*order->places);
}

uint64_t order_late(const struct order *order)
{
	return order->late;
}

/* An exec that failed, or took too long: its images go on with the time that they have. */
static void stop_waiting(struct order *order, uint64_t time)
{
	bool moved = false;

	for (size_t i = order->count; order->waiting && i-- > order->first;) {
		struct place *place = &order->places[i];
		uint64_t mapped = held_at(order, place)->record.time;

		if (place->time != NO_TIME)
			break;
		if (mapped > time || (time != NO_TIME && time - mapped < IN_EXEC_MAX))
			continue;
		place->time = mapped;
		order->waiting--;
		moved = true;
	}
	if (moved)
		sort(order);
}

/*
 * What is left of a vector that did not come whole ends with its last whole string, so that all
 * strings end.
 */
static void finish_args(struct held *held)
{
	struct kevents_exec *exec = &held->record.exec;
	uint32_t total = exec->args_size + exec->args_missing;
	const char *args = held->bytes + held->text_size + 1;
	size_t size = held->args_size;

	while (size && args[size - 1])
		size--;
	exec->args = args;
	exec->args_size = (uint32_t)size;
	exec->args_missing = total > size ? total - (uint32_t)size : 0;
	exec->count = 0;
	for (size_t i = 0; i < size; i++)
		exec->count += !args[i];
}

static void set_pointers(struct held *held)
{
	struct kevents_record *record = &held->record;

	switch (record->type) {
	case KEVENTS_EXEC:
		record->exec.path = held->bytes;
		finish_args(held);
		break;
	case KEVENTS_IMAGE_LOAD:
	case KEVENTS_IMAGE_UNLOAD:
	case KEVENTS_ANON_EXEC:
		record->image.path = held->bytes;
		break;
	case KEVENTS_KERNEL_LOAD:
	case KEVENTS_KERNEL_UNLOAD:
		record->kernel.name = held->bytes;
		break;
	case KEVENTS_CGROUP:
		record->cgroup_change.path = held->bytes;
		break;
	default:
		break;
	}
}

/* What one huge record needed is not kept for the next one. */
static void give_back(struct order *order)
{
	if (order->room <= 2 * order->limit)
		return;
	free(order->arena);
	order->arena = NULL;
	order->room = 0;
}

/* What was handed on is in the way only when a good part of the arena is of it. */
static void tidy(struct order *order)
{
	size_t left = order->count - order->first, used = 0;
	char *arena;

	if (!left) {
		order->first = order->count = order->used = 0;
		give_back(order);
		return;
	}
	if (order->first < 1024 && order->first < left)
		return;
	arena = malloc(order->room);
	if (!arena)
		return;
	for (size_t i = order->first; i < order->count; i++) {
		struct held *held = held_at(order, &order->places[i]);

		memcpy(arena + used, held, held->size);
		order->places[i].at = used;
		used += held->size;
	}
	free(order->arena);
	order->arena = arena;
	order->used = used;
	memmove(order->places, order->places + order->first, left * sizeof(*order->places));
	order->first = 0;
	order->count = left;
}

int order_hand_on(struct order *order, uint64_t time, kevents_handler *handler, void *context)
{
	int handed = 0, err = 0;

	stop_waiting(order, time);
	while (!err && order->first < order->count) {
		struct place *place = &order->places[order->first];
		struct held *held = held_at(order, place);

		if (place->time > time)
			break;
		set_pointers(held);
		if (held->record.time < order->last_time) {
			held->record.flags |= KEVENTS_LATE;
			order->late++;
		} else {
			order->last_time = held->record.time;
		}
		order->first++;
		handed++;
		err = handler(&held->record, context);
	}
	tidy(order);
	return err < 0 ? err : handed;
}
