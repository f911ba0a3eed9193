// SPDX-License-Identifier: GPL-2.0-or-later
/* ramswap status: what swap holds, what it costs, what it saves; each figure explained. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "../../lib/table/table.h"
#include "../../lib/text/json.h"
#include "../../lib/text/text.h"
#include "../../lib/time/clock.h"
#include "../status/json.h"
#include "../status/prometheus.h"
#include "../upkeep/budget.h"
#include "cli.h"
#include "root.h"
#include "status_table.h"

struct status_settings {
	struct status_view view;
	bool json, prometheus, explain, latency, groups;
	const char *root;
};

static const struct command_option options[] = {
	{ OPTION_GROUP, 0, NULL, NULL, NULL, OPTION_FIELD(struct status_settings, view), .group = status_view_options },
	{ OPTION_FLAG, 0, "explain", NULL, "say of every figure what it is, and the sum",
		OPTION_FIELD(struct status_settings, explain) },
	{ OPTION_FLAG, 0, "groups", NULL, "whose pages are in swap, by control group",
		OPTION_FIELD(struct status_settings, groups) },
	{ OPTION_FLAG, 0, "latency", NULL, "measure how long a program waits for a page of the first swap",
		OPTION_FIELD(struct status_settings, latency) },
	{ OPTION_FLAG, 0, "json", NULL, "print a JSON object", OPTION_FIELD(struct status_settings, json) },
	{ OPTION_FLAG, 0, "prometheus", NULL, "print metrics for Prometheus",
		OPTION_FIELD(struct status_settings, prometheus) },
	ROOT_OPTION(struct status_settings, root),
	{ 0 },
};

/* All that is shown; what was not asked for is NULL. */
struct report {
	struct ramswap_facts *facts;
	struct ramswap_status *status;
	struct status_sentences sentences;
	struct status_groups groups;
	struct measure_latency latency;
	bool has_groups, has_latency;
};

static int read_status(int root, struct report *report)
{
	struct status_counters counters;
	int err = status_counters_read(root, &counters);

	err = ramswap_status_make(report->facts, err ? NULL : &counters, &report->status);
	if (!err)
		err = status_explain(report->facts, report->status, &report->sentences);
	if (err)
		complain("%s", strerror(-err));
	return err ? EXIT_ERROR : EXIT_OK;
}

static int read_groups(int root, struct report *report)
{
	int err = status_groups_read(root, &report->groups);

	if (err == -ENOENT)
		complain("--groups: the control groups here do not count swap (memory.swap.current of version 2)");
	else if (err == -E2BIG)
		complain("--groups: there are more than %d control groups, or they are too deep", STATUS_GROUPS_MAX);
	else if (err)
		complain("--groups: %s", strerror(-err));
	report->has_groups = !err;
	return err ? EXIT_ERROR : EXIT_OK;
}

static int read_budget(int root, struct report *report)
{
	__u64 now = clock_read(CLOCK_REALTIME) / CLOCK_SECOND;
	struct ramswap_problem problem;
	struct budget budget;
	int err = budget_read(root, now, &budget, &problem);

	if (err)
		complain("%s", problem.text);
	report->status->has_written = !err && budget.count;
	report->status->written = err ? 0 : budget_used(&budget, now);
	return err ? EXIT_ERROR : EXIT_OK;
}

static int probe(struct report *report)
{
	struct ramswap_problem problem;
	int err = measure_probe(0, &report->latency, &problem);

	if (err)
		complain("--latency: %s", problem.text);
	report->has_latency = !err;
	return err ? EXIT_ERROR : EXIT_OK;
}

/* What is asked for beside the devices; the rest is shown if one part of it fails. */
static int read_more(int root, const struct status_settings *settings, struct report *report)
{
	int code = read_budget(root, report);

	if (settings->groups && read_groups(root, report))
		code = EXIT_ERROR;
	if (settings->latency && probe(report))
		code = EXIT_ERROR;
	return code;
}

static int print_tables(const struct status_settings *settings, const struct report *report)
{
	int code = status_print_table(&settings->view, report->status);

	if (table_is_explained(&settings->view.table)) {
		status_print_summary(report->facts, report->status);
		if (report->has_latency)
			status_print_latency(&report->latency);
	}
	if (!code && report->has_groups)
		code = status_print_groups(&settings->view, &report->groups);
	if (settings->explain)
		status_print_sentences(&report->sentences);
	return code;
}

static int print(const struct status_settings *settings, const struct report *report)
{
	const struct status_groups *groups = report->has_groups ? &report->groups : NULL;
	const struct measure_latency *latency = report->has_latency ? &report->latency : NULL;

	if (settings->prometheus)
		status_print_prometheus(stdout, report->facts, report->status, groups, latency);
	else if (settings->json)
		json_put_line(status_json(report->facts, report->status, settings->explain ? &report->sentences : NULL, groups,
			latency));
	else
		return print_tables(settings, report);
	return EXIT_OK;
}

static int show(const struct status_settings *settings, int root)
{
	struct report report = { .facts = root_read(root, RAMSWAP_READ_ZRAM | RAMSWAP_READ_PRESSURE) };
	int code = EXIT_ERROR, failed = EXIT_OK;

	if (!report.facts)
		return code;
	code = read_status(root, &report);
	if (!code) {
		failed = read_more(root, settings, &report);
		code = print(settings, &report);
	}
	status_groups_free(&report.groups);
	status_sentences_free(&report.sentences);
	ramswap_status_free(report.status);
	ramswap_facts_free(report.facts);
	return code ? code : failed;
}

static int run(const struct command *command, int argc, char **argv)
{
	struct status_settings settings = { 0 };
	int code, root;

	if (!options_take(command, &argc, &argv, &settings, &code))
		return code;
	if (settings.prometheus && (settings.json || settings.explain))
		return usage_error("--prometheus can be neither with --json nor with --explain");
	if (settings.root && settings.latency)
		return usage_error("--latency measures the running machine: it cannot be with --root");
	root = root_open(settings.root);
	if (root < 0)
		return EXIT_ERROR;
	code = show(&settings, root);
	close(root);
	return code;
}

const struct command status_command = {
	.name = "status",
	.summary = "what swap holds, costs and saves",
	.usage = "[--explain] [--groups] [--latency] [-b] " TABLE_USAGE " [--root DIR]\n"
		 "--json [--explain] [--groups] [--latency] [--root DIR]\n"
		 "--prometheus [--groups] [--latency] [--root DIR]",
	.about = "Lists ramswap's swaps and all others. RAM is the memory that a device takes now, STORED what it\n"
		 "holds before compression, USED what /proc/swaps says, SAVED the memory that is free because of it.\n",
	.options = options,
	.notes = "Exit codes: 0 all is shown, also if there is no swap; 2 usage; 3 something could not be read or measured.\n",
	.run = run,
};
