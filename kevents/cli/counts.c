// SPDX-License-Identifier: GPL-2.0-or-later
#include "counts.h"
#include <stdlib.h>
#include <string.h>

void counts_clear(struct counts *counts)
{
	counts->used = 0;
	memset(&counts->others, 0, sizeof(counts->others));
	memset(&counts->sum, 0, sizeof(counts->sum));
}

static void count(struct program_count *program, const struct kevents_record *record)
{
	uint64_t add = record->type == KEVENTS_LOST ? record->lost.count : 1;

	program->by_type[record->type] += add;
	program->total += add;
}

/* Events come in groups of one program, which is moved to the front. */
static struct program_count *find(struct counts *counts, const char comm[16])
{
	struct program_count *program;

	for (size_t i = 0; i < counts->used; i++) {
		struct program_count found;

		if (memcmp(counts->programs[i].comm, comm, sizeof(found.comm)) != 0)
			continue;
		if (i > 8) {
			found = counts->programs[i];
			counts->programs[i] = counts->programs[i / 2];
			counts->programs[i / 2] = found;
			i /= 2;
		}
		return &counts->programs[i];
	}
	if (counts->used == COUNTS_MAX)
		return &counts->others;
	program = &counts->programs[counts->used++];
	memset(program, 0, sizeof(*program));
	memcpy(program->comm, comm, sizeof(program->comm));
	return program;
}

void counts_add(struct counts *counts, const struct kevents_record *record)
{
	char comm[16] = {0};

	count(&counts->sum, record);
	if (record->type == KEVENTS_LOST)
		return;
	memcpy(comm, record->comm, strnlen(record->comm, sizeof(comm) - 1));
	count(find(counts, comm), record);
}

static int compare(const void *one, const void *other)
{
	const struct program_count *a = one, *b = other;

	if (a->total != b->total)
		return a->total < b->total ? 1 : -1;
	return strcmp(a->comm, b->comm);
}

void counts_sort(struct counts *counts)
{
	qsort(counts->programs, counts->used, sizeof(counts->programs[0]), compare);
}
