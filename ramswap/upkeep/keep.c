// SPDX-License-Identifier: GPL-2.0-or-later
/* The files of the budget, and of what an upkeep leaves. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include "budget.h"
#include "file.h"
#include "past.h"

int budget_read(int root, __u64 now, struct budget *budget, struct ramswap_problem *problem)
{
	char *text;
	size_t size;
	int err = upkeep_file_read(root, BUDGET_FILE, BUDGET_SIZE_MAX, &text, &size, problem);

	*budget = (struct budget){ 0 };
	if (err == -ENOENT)
		return 0;
	if (err)
		return err;
	err = budget_parse(text, size, now, budget);
	free(text);
	if (err)
		snprintf(problem->text, sizeof(problem->text),
			"/%s: it is no record of ramswap's: if it may be lost, remove it", BUDGET_FILE);
	return err;
}

int budget_write(int root, const struct budget *budget, struct ramswap_problem *problem)
{
	char text[BUDGET_SIZE_MAX];

	budget_print(budget, text);
	return upkeep_file_write(root, BUDGET_FOLDER, BUDGET_FILE, text, problem);
}

int past_read(int root, struct past *past, struct ramswap_problem *problem)
{
	char *text;
	size_t size;
	int err = upkeep_file_read(root, PAST_FILE, PAST_SIZE_MAX, &text, &size, problem);

	*past = (struct past){ 0 };
	if (err == -ENOENT)
		return 0;
	if (err)
		return err;
	err = past_parse(text, size, past);
	free(text);
	if (err)
		snprintf(problem->text, sizeof(problem->text), "/%s: it is no record of ramswap's: remove it", PAST_FILE);
	return err;
}

int past_write(int root, const struct past *past, struct ramswap_problem *problem)
{
	char text[PAST_SIZE_MAX];

	past_print(past, text);
	return upkeep_file_write(root, PAST_FOLDER, PAST_FILE, text, problem);
}
