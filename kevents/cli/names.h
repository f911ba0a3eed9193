/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What each process runs, as the stream told: for the records that do not say it themselves. */
#ifndef KEVENTS_CLI_NAMES_H
#define KEVENTS_CLI_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include "../kevents.h"

struct names;

struct names *names_new(void); /* NULL when memory is short */
void names_free(struct names *names);

/* To be called with each record, in order; of an EXIT after it was shown. */
void names_learn(struct names *names, const struct kevents_record *record);

/* The arguments of a process, or its program's path alone. */
struct arguments {
	unsigned int users;
	bool is_cut; /* there are more */
	size_t size;
	char text[]; /* each with a 0 behind it */
};

/* NULL: not known. */
const struct arguments *names_find(const struct names *names, int32_t pid);

#endif
