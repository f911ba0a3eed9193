// SPDX-License-Identifier: GPL-2.0-or-later
/* ramswap plan: what would be set up here, and the sum behind every number. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include "../../lib/command/colour.h"
#include "../../lib/command/terminal.h"
#include "../../lib/text/json.h"
#include "../config/config.h"
#include "../measure/measure.h"
#include "../plan/prepare.h"
#include "../plan/print.h"
#include "cli.h"

enum { WIDTH_USUAL = 80, WIDTH_MOST = 120 };

struct plan_settings {
	const char *root, *config, *corpus;
	bool json, measure, no_colour;
};

static const struct command_option options[] = {
	{ OPTION_FLAG, 0, "json", NULL, "print a JSON object", OPTION_FIELD(struct plan_settings, json) },
	{ OPTION_VALUE, 0, "root", "DIR", "the machine that is recorded below DIR; this one without it",
		OPTION_FIELD(struct plan_settings, root), .offer = OFFER_FOLDERS },
	{ OPTION_VALUE, 0, "config", "FILE",
		"the settings of this file alone, not those of " CONFIG_FILE " and its drop-ins",
		OPTION_FIELD(struct plan_settings, config), .offer = OFFER_FILES },
	{ OPTION_FLAG, 0, "measure", NULL, "try each algorithm with pages of running programs: as root, seconds",
		OPTION_FIELD(struct plan_settings, measure) },
	{ OPTION_VALUE, 0, "corpus", "FILE", "with --measure: with the pages of FILE instead",
		OPTION_FIELD(struct plan_settings, corpus), .offer = OFFER_FILES },
	{ OPTION_FLAG, 0, "no-color", NULL, "no colour (also: NO_COLOR)",
		OPTION_FIELD(struct plan_settings, no_colour) },
	{ 0 },
};

/* As wide as the terminal, within reason. */
static int width(void)
{
	size_t columns;

	if (!terminal_follow())
		return WIDTH_USUAL;
	columns = terminal_size().columns;
	return columns > WIDTH_MOST ? WIDTH_MOST : (int)columns;
}

static int print(const struct plan_settings *settings, const struct ramswap_plan *plan)
{
	if (settings->json)
		json_put_pretty(plan_json(plan));
	else
		plan_print(stdout, plan, width(), colour_wanted(settings->no_colour));
	return plan->answer == RAMSWAP_REFUSED ? EXIT_REFUSED : EXIT_OK;
}

/* NULL: none were asked for, or they could not be made, having complained: *code is then not 0. */
static const struct ramswap_measures *measure(
	const struct plan_settings *settings, struct ramswap_measures *measures, int *code)
{
	const struct measure_settings what = { .corpus = settings->corpus };
	struct ramswap_problem problem;

	*code = EXIT_OK;
	if (!settings->measure)
		return NULL;
	if (!measure_zram(&what, measures, &problem))
		return measures;
	complain("%s", problem.text);
	*code = EXIT_ERROR;
	return NULL;
}

static int make(const struct plan_settings *settings, int root, struct ramswap_facts *facts)
{
	struct ramswap_settings wanted;
	struct ramswap_measures measures = { 0 };
	const struct ramswap_measures *measured;
	struct ramswap_problem problem;
	struct ramswap_plan *plan;
	int code;

	if (config_load(root, settings->config, &wanted, &problem)) {
		complain("%s", problem.text);
		return EXIT_ERROR;
	}
	measured = measure(settings, &measures, &code);
	if (code)
		return code;
	plan_prepare(root, facts, &wanted);
	/* What is wrong with a setting is in the plan. */
	ramswap_plan_make(facts, &wanted, measured, &plan);
	if (!plan) {
		complain("%s", strerror(ENOMEM));
		return EXIT_ERROR;
	}
	code = print(settings, plan);
	ramswap_plan_free(plan);
	return code;
}

static int plan_root(const struct plan_settings *settings)
{
	int root = open(settings->root, O_PATH | O_DIRECTORY | O_CLOEXEC), code;
	struct ramswap_problem problem;
	struct ramswap_facts *facts;

	if (root < 0) {
		complain("%s: %s", settings->root, strerror(errno));
		return EXIT_ERROR;
	}
	if (ramswap_facts_read(root, &facts, &problem)) {
		complain("%s", problem.text);
		close(root);
		return EXIT_ERROR;
	}
	code = make(settings, root, facts);
	ramswap_facts_free(facts);
	close(root);
	return code;
}

static int run(const struct command *command, int argc, char **argv)
{
	struct plan_settings settings = { .root = "/" };
	int code;

	if (!options_take(command, &argc, &argv, &settings, &code))
		return code;
	if (settings.corpus && !settings.measure)
		return usage_error("--corpus is for --measure");
	if (settings.measure && strcmp(settings.root, "/"))
		return usage_error("--measure is about this machine, --root about another");
	return plan_root(&settings);
}

const struct command plan_command = {
	.name = "plan",
	.summary = "say what would be set up here, and the sum behind every number",
	.usage = "[--json] [--root DIR] [--config FILE] [--measure [--corpus FILE]]",
	.about = "Looks at the memory and the swap of this machine, and says which devices would be its first\n"
		 "swap, how large, in which order, and why. Nothing is changed: ramswap up carries the plan out.\n"
		 "The first line is the answer; it may be to leave the machine as it is, or that something is in\n"
		 "the way.\n"
		 "\n"
		 "Memory that the kernel does not use (reserved, persistent) comes first; then zram, which is RAM\n"
		 "that holds compressed pages. RAM AT MOST is what a device may take of the kernel's memory, which\n"
		 "it does when its pages do not compress; GAIN is what it adds when they compress as expected.\n",
	.options = options,
	.notes = "Without --measure nobody knows how well the pages of this machine compress, and 2:1 is assumed.\n"
		 "ramswap up does not measure: what --measure finds goes to ramswap.conf, as algorithm= and size=.\n"
		 "\n"
		 "  ramswap plan                         what would be done\n"
		 "  ramswap plan --measure               with the algorithm that suits the running programs\n"
		 "  ramswap plan --config new.conf       with other settings, before they are in /etc\n"
		 "\n"
		 "Exit codes: 0 there is a plan, or nothing is to be done; 2 usage; 3 the machine or the settings\n"
		 "could not be read, or the measurement failed; 4 refused: the plan says why.\n",
	.run = run,
};
