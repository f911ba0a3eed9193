// SPDX-License-Identifier: GPL-2.0-or-later
#include "names.h"
#include <stdlib.h>
#include <string.h>

/*
 * A process has one place, by its id, and the later one stays: so there is an upper bound, and of
 * processes whose ids are next to each other none is forgotten.
 */
#define PLACES (1u << 16)
#define LINE_MAX_KEPT 4096

struct line {
	unsigned int users;
	char text[];
};

struct name {
	int32_t pid; /* 0: nobody */
	struct line *line;
};

struct names {
	struct name places[PLACES];
};

struct names *names_new(void)
{
	return calloc(1, sizeof(struct names));
}

static void forget(struct name *name)
{
	if (name->line && !--name->line->users)
		free(name->line);
	name->line = NULL;
	name->pid = 0;
}

void names_free(struct names *names)
{
	for (size_t i = 0; names && i < PLACES; i++)
		forget(&names->places[i]);
	free(names);
}

static struct name *place_of(const struct names *names, int32_t pid)
{
	return (struct name *)(uintptr_t)&names->places[(uint32_t)pid % PLACES];
}

const char *names_find(const struct names *names, int32_t pid)
{
	const struct name *name = place_of(names, pid);

	return name->pid == pid && name->line ? name->line->text : NULL;
}

static void set(struct names *names, int32_t pid, struct line *line)
{
	struct name *name = place_of(names, pid);

	if (line)
		line->users++;
	forget(name);
	name->pid = pid;
	name->line = line;
}

static void learn_exec(struct names *names, const struct kevents_record *record)
{
	const struct kevents_exec *exec = &record->exec;
	const char *text = exec->args_size ? exec->args : exec->path;
	size_t size = exec->args_size ? exec->args_size : strlen(exec->path) + 1;
	struct line *line;

	if (size > LINE_MAX_KEPT)
		size = LINE_MAX_KEPT;
	line = size > 1 ? malloc(sizeof(*line) + size) : NULL;
	if (line) {
		line->users = 0;
		memcpy(line->text, text, size);
		line->text[size - 1] = 0;
		for (size_t i = 0; i + 1 < size; i++)
			if (!line->text[i])
				line->text[i] = ' ';
	}
	set(names, record->pid, line);
}

void names_learn(struct names *names, const struct kevents_record *record)
{
	const struct name *parent;

	if (record->type == KEVENTS_EXEC) {
		learn_exec(names, record);
	} else if (record->type == KEVENTS_FORK && !record->fork.is_thread) {
		parent = place_of(names, record->pid);
		set(names, record->fork.child_pid,
			parent->pid == record->pid ? parent->line : NULL);
	} else if (record->type == KEVENTS_EXIT && !record->exit.is_thread &&
		place_of(names, record->pid)->pid == record->pid) {
		forget(place_of(names, record->pid));
	}
}
