// SPDX-License-Identifier: GPL-2.0-or-later
/* ramswap sources: what could be the first swap here, and why each can or cannot. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "../../lib/table/table.h"
#include "../../lib/text/json.h"
#include "../../lib/text/size.h"
#include "../facts/candidates.h"
#include "cli.h"

struct sources_settings {
	struct table_settings table;
	bool json;
	const char *root;
};

enum { SOURCE, KIND, SIZE, NODE, DISTANCE, TIER, USE, REASON, CODE };

static const struct option_word columns[] = {
	{ "SOURCE", SOURCE },
	{ "KIND", KIND },
	{ "SIZE", SIZE | TABLE_NUMBER },
	{ "NODE", NODE | TABLE_NUMBER },
	{ "DISTANCE", DISTANCE | TABLE_NUMBER },
	{ "TIER", TIER | TABLE_NUMBER },
	{ "USE", USE },
	{ "REASON", REASON | TABLE_CUT },
	{ "CODE", CODE },
	{ NULL, 0 },
};

#define USUAL "SOURCE,KIND,SIZE,NODE,DISTANCE,TIER,USE,REASON"

static const struct command_option options[] = {
	TABLE_OPTIONS(struct sources_settings, table, columns),
	{ OPTION_FLAG, 0, "json", NULL, "print one JSON object a line", OPTION_FIELD(struct sources_settings, json) },
	{ OPTION_VALUE, 0, "root", "DIR", "the machine that is recorded below DIR; this one without it",
		OPTION_FIELD(struct sources_settings, root), .offer = OFFER_FOLDERS },
	{ 0 },
};

static void put_row(struct table *table, const struct facts_candidate *candidate)
{
	char size[16];

	table_row(table);
	table_put(table, SOURCE, "%s", candidate->name);
	table_put(table, KIND, "%s", facts_candidate_kind_word(candidate->kind));
	table_put(table, USE, "%s", facts_use_word(candidate->use));
	table_put(table, REASON, "%s", candidate->reason);
	table_put(table, CODE, "%s", candidate->code);
	if (candidate->size) {
		size_print(size, sizeof(size), (double)candidate->size);
		table_put(table, SIZE, "%s", size);
	}
	if (candidate->node >= 0)
		table_put(table, NODE, "%d", candidate->node);
	if (candidate->distance)
		table_put(table, DISTANCE, "%u", candidate->distance);
	if (candidate->tier >= 0)
		table_put(table, TIER, "%d", candidate->tier);
}

static void add_known(struct json_object *object, const char *name, bool is_known, __u64 number)
{
	if (is_known)
		json_add_number(object, name, number);
	else
		json_add_string(object, name, NULL);
}

static void put_json(const struct facts_candidate *candidate)
{
	struct json_object *object = json_object_new_object();

	json_add_text(object, "source", candidate->name);
	json_add_string(object, "kind", facts_candidate_kind_word(candidate->kind));
	add_known(object, "size", candidate->size, candidate->size);
	add_known(object, "node", candidate->node >= 0, (__u64)candidate->node);
	add_known(object, "distance", candidate->distance, candidate->distance);
	add_known(object, "tier", candidate->tier >= 0, (__u64)candidate->tier);
	json_add_string(object, "use", facts_use_word(candidate->use));
	json_add_string(object, "code", candidate->code);
	json_add_text(object, "reason", candidate->reason);
	json_put_line(object);
}

/* 0 or an exit code, having complained. */
static int find(const char *path, struct facts_candidates *candidates)
{
	struct ramswap_problem problem;
	struct ramswap_facts *facts;
	int root = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), err;

	if (root < 0) {
		complain("%s: %s", path, strerror(errno));
		return EXIT_ERROR;
	}
	err = ramswap_facts_read(root, &facts, &problem);
	close(root);
	if (err) {
		complain("%s", problem.text);
		return EXIT_ERROR;
	}
	err = facts_find_candidates(facts, candidates);
	ramswap_facts_free(facts);
	if (err)
		complain("%s", strerror(-err));
	return err ? EXIT_ERROR : EXIT_OK;
}

static int print(const struct sources_settings *settings, const struct facts_candidates *candidates)
{
	struct table *table;
	int code;

	for (size_t i = 0; settings->json && i < candidates->count; i++)
		put_json(&candidates->list[i]);
	if (settings->json)
		return EXIT_OK;
	table = table_open(&settings->table, columns, USUAL, EXIT_ERROR, &code);
	if (!table)
		return code;
	for (size_t i = 0; i < candidates->count; i++)
		put_row(table, &candidates->list[i]);
	return table_close(table);
}

static int run(const struct command *command, int argc, char **argv)
{
	struct sources_settings settings = { .root = "/" };
	struct facts_candidates candidates;
	int code;

	if (!options_take(command, &argc, &argv, &settings, &code))
		return code;
	code = find(settings.root, &candidates);
	if (code)
		return code;
	code = print(&settings, &candidates);
	facts_candidates_free(&candidates);
	return code;
}

const struct command sources_command = {
	.name = "sources",
	.summary = "list what could be the first swap here, and why it can or cannot",
	.usage = "[--json] [--root DIR] " TABLE_USAGE,
	.about = "Lists memory that could be the first swap, or hold pages that are seldom used: compressed\n"
		 "memory, persistent and reserved memory, devices of dax, nodes without processors. USE: yes:\n"
		 "ramswap plan may take it; ours: ramswap has it; on-demand: a setting of ramswap.conf takes it;\n"
		 "no: REASON says why. DISTANCE is that of the nearest node with processors. Nothing is changed.\n",
	.options = options,
	.notes = "Exit codes: 0 they are listed, even if none can be used; 2 usage; 3 the machine could not be read.\n",
	.run = run,
};
