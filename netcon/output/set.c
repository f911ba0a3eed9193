// SPDX-License-Identifier: GPL-2.0-or-later
#include "set.h"
#include <stdio.h>
#include <string.h>

void output_set_add(struct output_set *set, struct output *output)
{
	pthread_mutex_init(&set->members[set->count].lock, NULL);
	set->members[set->count].output = output;
	set->count++;
}

static void note(struct output_set *set, unsigned int member, int err)
{
	if (!err)
		return;
	__atomic_store_n(&set->members[member].error, -err, __ATOMIC_RELAXED);
	__atomic_add_fetch(&set->members[member].failures, 1, __ATOMIC_RELAXED);
}

static void enter(struct output_set *set, unsigned int member)
{
	if (set->members[member].output->needs_lock)
		pthread_mutex_lock(&set->members[member].lock);
}

static void leave(struct output_set *set, unsigned int member)
{
	if (set->members[member].output->needs_lock)
		pthread_mutex_unlock(&set->members[member].lock);
}

void output_set_put(struct output_set *set, const struct received *received)
{
	for (unsigned int i = 0; i < set->count; i++) {
		struct output *output = set->members[i].output;

		enter(set, i);
		note(set, i, output->put(output, received));
		leave(set, i);
	}
}

void output_set_happened(struct output_set *set, const struct happened *happened)
{
	for (unsigned int i = 0; i < set->count; i++) {
		struct output *output = set->members[i].output;

		if (!output->happened)
			continue;
		enter(set, i);
		note(set, i, output->happened(output, happened));
		leave(set, i);
	}
}

void output_set_flush(struct output_set *set)
{
	for (unsigned int i = 0; i < set->count; i++) {
		struct output *output = set->members[i].output;

		if (!output->flush)
			continue;
		enter(set, i);
		note(set, i, output->flush(output));
		leave(set, i);
	}
}

void output_set_reopen(struct output_set *set)
{
	for (unsigned int i = 0; i < set->count; i++) {
		struct output *output = set->members[i].output;

		if (!output->reopen)
			continue;
		enter(set, i);
		note(set, i, output->reopen(output));
		leave(set, i);
	}
}

__u64 output_set_failures(const struct output_set *set, unsigned int member, int *error)
{
	*error = __atomic_load_n(&set->members[member].error, __ATOMIC_RELAXED);
	return __atomic_load_n(&set->members[member].failures, __ATOMIC_RELAXED);
}

void output_set_explain(struct output_set *set, unsigned int member, int error, char *text, size_t size)
{
	struct output *output = set->members[member].output;
	const char *words;

	enter(set, member);
	words = output->explain ? output->explain(output, -error) : NULL;
	snprintf(text, size, "%s", words ? words : strerror(error));
	leave(set, member);
}

int output_set_close(struct output_set *set)
{
	int first = 0;

	for (unsigned int i = 0; i < set->count; i++) {
		int err = set->members[i].output->close(set->members[i].output);

		pthread_mutex_destroy(&set->members[i].lock);
		first = first ? first : err;
	}
	set->count = 0;
	return first;
}
