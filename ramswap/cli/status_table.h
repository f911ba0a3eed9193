/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What ramswap status prints for people, and for scripts that like columns. */
#ifndef RAMSWAP_CLI_STATUS_TABLE_H
#define RAMSWAP_CLI_STATUS_TABLE_H

#include "../../lib/table/table.h"
#include "../measure/probe.h"
#include "../status/explain.h"
#include "../status/groups.h"

struct status_view {
	struct table_settings table;
	bool bytes; /* not "1.5M" */
};

/* A group of options, for that structure. */
extern const struct command_option status_view_options[];

/* These return an exit code, having complained. */
int status_print_table(const struct status_view *view, const struct ramswap_status *status);
int status_print_groups(const struct status_view *view, const struct status_groups *groups);

/* Lines below the table. */
void status_print_summary(const struct ramswap_facts *facts, const struct ramswap_status *status);
void status_print_latency(const struct measure_latency *latency);
void status_print_sentences(const struct status_sentences *sentences);

#endif
