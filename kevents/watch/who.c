// SPDX-License-Identifier: GPL-2.0-or-later
#include "who.h"
#include <stdlib.h>
#include <string.h>

/* A process has one place, by its id, and the later one stays. */
#define PLACES 8192u

struct person {
	int32_t pid, parent_pid;
	uint32_t uid, flags;
	uint64_t cgroup, start_time;
	char comm[16];
};

struct who {
	struct person places[PLACES];
};

struct who *who_new(void)
{
	return calloc(1, sizeof(struct who));
}

void who_free(struct who *who)
{
	free(who);
}

void who_learn(struct who *who, const struct kevents_record *record)
{
	struct person *person = &who->places[(uint32_t)record->pid % PLACES];

	person->pid = record->pid;
	person->parent_pid = record->parent_pid;
	person->uid = record->uid;
	person->flags = record->flags & KEVENTS_KERNEL_THREAD;
	person->cgroup = record->cgroup;
	person->start_time = record->start_time;
	memcpy(person->comm, record->comm, sizeof(person->comm));
}

void who_forget(struct who *who, int32_t pid)
{
	struct person *person = &who->places[(uint32_t)pid % PLACES];

	if (person->pid == pid)
		person->pid = 0;
}

bool who_fill(const struct who *who, struct kevents_record *record)
{
	const struct person *person = &who->places[(uint32_t)record->pid % PLACES];

	if (!record->pid || person->pid != record->pid)
		return false;
	record->parent_pid = person->parent_pid;
	record->uid = person->uid;
	record->flags |= person->flags;
	record->cgroup = person->cgroup;
	record->start_time = person->start_time;
	if (!record->comm[0])
		memcpy(record->comm, person->comm, sizeof(record->comm));
	return true;
}
