// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What ramswap status, advise and maintain read: a trace, vmstat, a budget, what an upkeep left. Of what is taken,
 * printing and reading it again gives the same; and an advice can be made of every trace.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "ramswap/status/advise.h"
#include "ramswap/status/trace.h"
#include "ramswap/upkeep/budget.h"
#include "ramswap/upkeep/past.h"

#define NOW (500000ULL * 3600)

static void check(bool is_so)
{
	if (!is_so)
		abort();
}

static void try_trace(const char *text, size_t size)
{
	struct ramswap_problem problem = { "" };
	struct trace trace, again;
	struct advice advice;
	char *printed;
	size_t length;
	FILE *out;

	if (trace_parse("trace", text, size, &trace, &problem)) {
		check(*problem.text && strlen(problem.text) < sizeof(problem.text));
		return;
	}
	if (!advise_judge(trace.samples, trace.count, &advice))
		check(advice.reason_count && advise_answer_word(advice.answer));
	out = open_memstream(&printed, &length);
	check(out);
	trace_print_head(out);
	for (size_t i = 0; i < trace.count; i++)
		trace_print_sample(out, &trace.samples[i]);
	check(!fclose(out));
	check(!trace_parse("again", printed, length, &again, &problem) && again.count == trace.count);
	free(printed);
	trace_free(&trace);
	trace_free(&again);
}

static void try_budget(const char *text, size_t size)
{
	char printed[BUDGET_SIZE_MAX], again_printed[BUDGET_SIZE_MAX];
	struct budget budget, again;

	if (budget_parse(text, size, NOW, &budget))
		return;
	budget_print(&budget, printed);
	check(strlen(printed) < sizeof(printed));
	check(!budget_parse(printed, strlen(printed), NOW, &again));
	budget_print(&again, again_printed);
	check(!strcmp(printed, again_printed));
	check(budget_used(&budget, NOW) == budget_used(&again, NOW));
	budget_add(&budget, NOW, 4096);
	check(budget.count <= BUDGET_HOURS && budget_used(&budget, NOW) >= 4096);
	budget_take_back(&budget, ~0ULL);
}

static void try_past(const char *text, size_t size)
{
	char printed[PAST_SIZE_MAX], again_printed[PAST_SIZE_MAX];
	struct past past, again;

	if (past_parse(text, size, &past))
		return;
	past_print(&past, printed);
	check(!past_parse(printed, strlen(printed), &again));
	past_print(&again, again_printed);
	check(!strcmp(printed, again_printed));
}

static void try_counters(const char *text)
{
	struct status_counters counters;

	status_counters_parse(text, &counters);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	check(text);
	memcpy(text, data, size);
	text[size] = '\0';
	try_trace(text, size);
	try_budget(text, size);
	try_past(text, size);
	try_counters(text);
	free(text);
	return 0;
}
