/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Answers of kevents_resolve, for people and for programs. */
#ifndef KEVENTS_CLI_RESOLVE_PRINT_H
#define KEVENTS_CLI_RESOLVE_PRINT_H

#include <stdbool.h>
#include "../maps.h"

struct resolve_question {
	int32_t pid;
	uint64_t address, time;
};

/* As a line on stdout. */
void print_place(
	const struct resolve_question *question, const struct kevents_place *place, bool colour);

/* The same as a JSON object; place NULL: there is no answer, and error says why. */
void print_place_json(const struct resolve_question *question, const struct kevents_place *place,
	const char *error);

#endif
