// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "processes.h"

enum { BUCKETS_MIN = 256 };

static struct process **find_link(const struct processes *processes, int32_t pid)
{
	struct process **link = &processes->buckets[(uint32_t)pid % processes->bucket_count];

	while (*link && (*link)->pid != pid)
		link = &(*link)->next;
	return link;
}

struct process *process_find(const struct processes *processes, int32_t pid)
{
	return processes->bucket_count ? *find_link(processes, pid) : NULL;
}

static int grow(struct processes *processes)
{
	size_t count = processes->bucket_count ? processes->bucket_count * 2 : BUCKETS_MIN;
	struct process **buckets = calloc(count, sizeof(*buckets));

	if (!buckets)
		return processes->bucket_count ? 0 : -ENOMEM;
	for (size_t i = 0; i < processes->bucket_count; i++) {
		while (processes->buckets[i]) {
			struct process *process = processes->buckets[i];
			struct process **bucket = &buckets[(uint32_t)process->pid % count];

			processes->buckets[i] = process->next;
			process->next = *bucket;
			*bucket = process;
		}
	}
	free(processes->buckets);
	processes->buckets = buckets;
	processes->memory += (count - processes->bucket_count) * sizeof(struct process *);
	processes->bucket_count = count;
	return 0;
}

struct process *process_find_or_make(struct processes *processes, int32_t pid)
{
	struct process **link, *process;

	if (processes->count >= processes->bucket_count && grow(processes))
		return NULL;
	link = find_link(processes, pid);
	if (*link)
		return *link;
	process = calloc(1, sizeof(*process));
	if (!process)
		return NULL;
	process->pid = pid;
	*link = process;
	processes->count++;
	processes->memory += sizeof(*process);
	return process;
}

struct era *process_now(const struct process *process)
{
	return process && process->count ? &process->eras[process->count - 1] : NULL;
}

struct era *process_at(const struct process *process, uint64_t time)
{
	for (uint32_t i = process ? process->count : 0; i--;)
		if (process->eras[i].from <= time)
			return &process->eras[i];
	return NULL;
}

int process_add_era(struct processes *processes, struct spans *spans, struct process *process,
	const struct era *era)
{
	const struct era *last = process_now(process);
	bool was_running = last && last->space;

	if (process->count == process->room) {
		uint32_t room = process->room ? process->room * 2 : 2;
		struct era *eras = realloc(process->eras, room * sizeof(*eras));

		if (!eras) {
			space_put(spans, era->space);
			return -ENOMEM;
		}
		processes->memory += (room - process->room) * sizeof(*eras);
		process->eras = eras;
		process->room = room;
	}
	process->eras[process->count++] = *era;
	processes->running += !!era->space;
	processes->running -= was_running;
	return 0;
}

/* How many eras at the front ended before horizon. */
static uint32_t count_ended(const struct process *process, uint64_t horizon)
{
	uint32_t count = 0;

	while (count + 1 < process->count && process->eras[count + 1].from < horizon)
		count++;
	/* The end itself is let go of with what it ended. */
	if (count + 1 == process->count && !process->eras[count].space &&
		process->eras[count].from < horizon)
		count++;
	return count;
}

static void drop_eras(struct spans *spans, struct process *process, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		space_put(spans, process->eras[i].space);
	process->count -= count;
	memmove(process->eras, process->eras + count, process->count * sizeof(*process->eras));
}

static void free_process(struct processes *processes, struct process **link)
{
	struct process *process = *link;

	*link = process->next;
	processes->count--;
	processes->memory -= sizeof(*process) + process->room * sizeof(*process->eras);
	free(process->eras);
	free(process);
}

void processes_prune(struct processes *processes, struct spans *spans, uint64_t horizon)
{
	for (size_t i = 0; i < processes->bucket_count; i++) {
		struct process **link = &processes->buckets[i];

		while (*link) {
			drop_eras(spans, *link, count_ended(*link, horizon));
			if ((*link)->count || (*link)->jit)
				link = &(*link)->next;
			else
				free_process(processes, link);
		}
	}
}

void processes_each(const struct processes *processes,
	void (*visit)(struct process *process, void *context), void *context)
{
	for (size_t i = 0; i < processes->bucket_count; i++)
		for (struct process *process = processes->buckets[i]; process;
			process = process->next)
			visit(process, context);
}

void processes_free(struct processes *processes, struct spans *spans)
{
	for (size_t i = 0; i < processes->bucket_count; i++) {
		while (processes->buckets[i]) {
			drop_eras(spans, processes->buckets[i], processes->buckets[i]->count);
			free_process(processes, &processes->buckets[i]);
		}
	}
	free(processes->buckets);
	*processes = (struct processes){0};
}
