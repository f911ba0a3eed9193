// SPDX-License-Identifier: GPL-2.0-or-later
#include "names.h"
#include <stdlib.h>
#include <string.h>

/*
 * A process has one place, by its id, and the later one stays: so there is an upper bound, and of
 * processes whose ids are next to each other none is forgotten.
 */
#define PLACES (1u << 16)
#define ARGUMENTS_MAX 4096

struct name {
	int32_t pid; /* 0: nobody */
	struct arguments *arguments;
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
	if (name->arguments && !--name->arguments->users)
		free(name->arguments);
	name->arguments = NULL;
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

const struct arguments *names_find(const struct names *names, int32_t pid)
{
	const struct name *name = place_of(names, pid);

	return name->pid == pid ? name->arguments : NULL;
}

static void set(struct names *names, int32_t pid, struct arguments *arguments)
{
	struct name *name = place_of(names, pid);

	if (arguments)
		arguments->users++;
	forget(name);
	name->pid = pid;
	name->arguments = arguments;
}

static void learn_exec(struct names *names, const struct kevents_record *record)
{
	const struct kevents_exec *exec = &record->exec;
	const char *text = exec->args_size ? exec->args : exec->path;
	size_t size = exec->args_size ? exec->args_size : strlen(exec->path) + 1;
	struct arguments *arguments;
	bool is_cut = exec->args_missing || size > ARGUMENTS_MAX;

	if (size > ARGUMENTS_MAX)
		size = ARGUMENTS_MAX;
	arguments = size > 1 ? malloc(sizeof(*arguments) + size) : NULL;
	if (arguments) {
		arguments->users = 0;
		arguments->is_cut = is_cut;
		arguments->size = size;
		memcpy(arguments->text, text, size);
		arguments->text[size - 1] = 0;
	}
	set(names, record->pid, arguments);
}

void names_learn(struct names *names, const struct kevents_record *record)
{
	const struct name *parent;

	if (record->type == KEVENTS_EXEC) {
		learn_exec(names, record);
	} else if (record->type == KEVENTS_FORK && !record->fork.is_thread) {
		parent = place_of(names, record->pid);
		set(names, record->fork.child_pid,
			parent->pid == record->pid ? parent->arguments : NULL);
	} else if (record->type == KEVENTS_EXIT && !record->exit.is_thread &&
		place_of(names, record->pid)->pid == record->pid) {
		forget(place_of(names, record->pid));
	}
}
