// SPDX-License-Identifier: GPL-2.0-or-later
#include "process_identity.h"
#include <stdlib.h>
#include <string.h>

/* A process has one place, by its id, and the later one stays. */
#define PLACES 8192u

struct identity {
	int32_t pid, parent_pid;
	uint32_t uid, flags;
	uint64_t cgroup, start_time;
	char comm[16];
};

struct process_identities {
	struct identity places[PLACES];
};

struct process_identities *process_identities_new(void)
{
	return calloc(1, sizeof(struct process_identities));
}

void process_identities_free(struct process_identities *identities)
{
	free(identities);
}

void process_identities_learn(struct process_identities *identities, const struct kevents_record *record)
{
	struct identity *identity = &identities->places[(uint32_t)record->pid % PLACES];

	identity->pid = record->pid;
	identity->parent_pid = record->parent_pid;
	identity->uid = record->uid;
	identity->flags = record->flags & KEVENTS_KERNEL_THREAD;
	identity->cgroup = record->cgroup;
	identity->start_time = record->start_time;
	memcpy(identity->comm, record->comm, sizeof(identity->comm));
}

void process_identities_forget(struct process_identities *identities, int32_t pid)
{
	struct identity *identity = &identities->places[(uint32_t)pid % PLACES];

	if (identity->pid == pid)
		identity->pid = 0;
}

bool process_identities_fill(const struct process_identities *identities, struct kevents_record *record)
{
	const struct identity *identity = &identities->places[(uint32_t)record->pid % PLACES];

	if (!record->pid || identity->pid != record->pid)
		return false;
	record->parent_pid = identity->parent_pid;
	record->uid = identity->uid;
	record->flags |= identity->flags;
	record->cgroup = identity->cgroup;
	record->start_time = identity->start_time;
	if (!record->comm[0])
		memcpy(record->comm, identity->comm, sizeof(record->comm));
	return true;
}
