// SPDX-License-Identifier: GPL-2.0-or-later
#include "filter.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define PIDS_MAX 65536

struct filter {
	struct kevents_filter wanted;
	bool has_descendants;
	char comm[16];
	int32_t *pids; /* sorted */
	size_t count, room;
	bool has_pids;
};

/* Where pid is, or should be. */
static size_t find(const struct filter *filter, int32_t pid)
{
	size_t low = 0, high = filter->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (filter->pids[middle] < pid)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool is_in(const struct filter *filter, int32_t pid)
{
	size_t at = find(filter, pid);

	return at < filter->count && filter->pids[at] == pid;
}

static int add(struct filter *filter, int32_t pid)
{
	size_t at = find(filter, pid);

	if (at < filter->count && filter->pids[at] == pid)
		return 0;
	if (filter->count == filter->room) {
		size_t room = filter->room ? 2 * filter->room : 64;
		int32_t *larger =
			room <= PIDS_MAX ? realloc(filter->pids, room * sizeof(pid)) : NULL;

		if (!larger)
			return -ENOMEM;
		filter->pids = larger;
		filter->room = room;
	}
	memmove(filter->pids + at + 1, filter->pids + at, (filter->count - at) * sizeof(pid));
	filter->pids[at] = pid;
	filter->count++;
	return 0;
}

static void drop(struct filter *filter, int32_t pid)
{
	size_t at = find(filter, pid);

	if (at == filter->count || filter->pids[at] != pid)
		return;
	filter->count--;
	memmove(filter->pids + at, filter->pids + at + 1, (filter->count - at) * sizeof(pid));
}

struct filter *filter_new(const struct kevents_filter *wanted, bool has_descendants)
{
	struct filter *filter = calloc(1, sizeof(*filter));
	int err = 0;

	if (!filter)
		return NULL;
	filter->wanted = *wanted;
	filter->wanted.pids = NULL;
	filter->has_pids = wanted->pid_count != 0;
	filter->has_descendants = has_descendants;
	if (wanted->comm) {
		snprintf(filter->comm, sizeof(filter->comm), "%s", wanted->comm);
		filter->wanted.comm = filter->comm;
	}
	for (size_t i = 0; !err && i < wanted->pid_count; i++)
		err = add(filter, wanted->pids[i]);
	if (!err)
		return filter;
	filter_free(filter);
	return NULL;
}

void filter_free(struct filter *filter)
{
	if (!filter)
		return;
	free(filter->pids);
	free(filter);
}

bool filter_wants_type(const struct filter *filter, uint32_t type)
{
	return filter->wanted.types & KEVENTS_BIT(type);
}

int filter_add_descendants(struct filter *filter, const struct process *list, size_t count)
{
	size_t before;

	if (!filter->has_pids || !filter->has_descendants)
		return 0;
	do {
		before = filter->count;
		for (size_t i = 0; i < count; i++)
			if (is_in(filter, list[i].parent_pid) && add(filter, list[i].pid))
				return -ENOMEM;
	} while (filter->count != before);
	return 0;
}

bool filter_has_pid(const struct filter *filter, int32_t pid)
{
	return !filter->has_pids || is_in(filter, pid);
}

const int32_t *filter_pids(const struct filter *filter, size_t *count)
{
	*count = filter->count;
	return filter->pids;
}

bool filter_may_have_pid(const struct filter *filter, int32_t pid)
{
	return filter->has_descendants || filter_has_pid(filter, pid);
}

bool filter_needs_process(const struct filter *filter)
{
	return filter->wanted.has_uid || filter->wanted.cgroup;
}

static bool takes_pid(struct filter *filter, const struct kevents_record *record)
{
	bool takes;

	if (!filter->has_pids)
		return true;
	takes = is_in(filter, record->pid);
	if (record->type == KEVENTS_FORK) {
		if (takes && filter->has_descendants)
			add(filter, record->fork.child_pid);
		takes = takes || is_in(filter, record->fork.child_pid);
	}
	if (record->type == KEVENTS_EXIT && !record->exit.is_thread)
		drop(filter, record->pid);
	return takes;
}

bool filter_takes(struct filter *filter, const struct kevents_record *record)
{
	const struct kevents_filter *wanted = &filter->wanted;

	if (record->type == KEVENTS_LOST)
		return true;
	if (!takes_pid(filter, record) || !filter_wants_type(filter, record->type))
		return false;
	if (wanted->has_uid && record->uid != wanted->uid)
		return false;
	if (wanted->cgroup && record->cgroup != wanted->cgroup &&
		!process_is_below(record->pid, wanted->cgroup))
		return false;
	return !wanted->comm || !strcmp(wanted->comm, record->comm);
}

bool filter_takes_told(struct filter *filter, const struct kevents_record *record)
{
	takes_pid(filter, record);
	return record->type == KEVENTS_LOST || filter_wants_type(filter, record->type);
}
