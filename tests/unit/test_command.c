// SPDX-License-Identifier: GPL-2.0-or-later
/* Tables of options and of subcommands: what is parsed, what is said of mistakes, what --help prints. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../lib/command/command.h"
#include "../../lib/command/complain.h"
#include "../../lib/text/nearest.h"

const char command_name[] = "tool";

struct deeper {
	unsigned int jobs;
	__u64 epoch;
};

struct settings {
	bool quiet, links;
	const char *key;
	struct option_list trust;
	unsigned int mode;
	struct deeper deeper;
	const char *rates;
	int rates_given;
};

static int take_rates(void *field, char *value)
{
	struct settings *settings = field;

	settings->rates = value;
	settings->rates_given++;
	return value && !strcmp(value, "wrong") ? usage_error("--rates wrong") : 0;
}

static bool is_digit(const char *word)
{
	return *word >= '0' && *word <= '9';
}

static const struct option_word modes[] = { { "monitor", 1 }, { "permissive", 2 }, { "enforcing", 4 }, { 0 } };

static const struct command_option deeper[] = {
	{ OPTION_NUMBER, 'j', "jobs", "N", "threads", OPTION_FIELD(struct deeper, jobs), .least = 1,
		.most = 256 },
	{ OPTION_NUMBER, 0, "epoch", "N", "counts up", OPTION_FIELD(struct deeper, epoch) },
	{ 0 },
};

static const struct command_option table[] = {
	{ OPTION_FLAG, 'q', "quiet", NULL, "print only errors", OPTION_FIELD(struct settings, quiet) },
	{ OPTION_UNSET, 0, "no-links", NULL, "follow no links", OPTION_FIELD(struct settings, links) },
	{ OPTION_VALUE, 'k', "key", "KEY", "the key", OPTION_FIELD(struct settings, key) },
	{ OPTION_LIST, 0, "trust", "CERT", "whose keys are trusted", OPTION_FIELD(struct settings, trust) },
	{ OPTION_WORD, 0, "mode", "MODE", "what is done", OPTION_FIELD(struct settings, mode),
		.words = modes },
	{ OPTION_CALL, 0, "rates", "S", "how often", .is_optional = true, .is_value = is_digit,
		.take = take_rates },
	{ OPTION_CALL, 0, "colour-of-the-whole-listing", "COLOUR",
		"a text that is so long that it does not fit into one line, and goes on below its own "
		"beginning",
		OPTION_FIELD(struct settings, key), .take = take_rates },
	{ OPTION_GROUP, .help = "In depth:", OPTION_FIELD(struct settings, deeper), .group = deeper },
	{ 0 },
};

static const struct command two_files = {
	.name = "two",
	.usage = "[OPTION...] FILE SIGNATURE",
	.about = "Takes two.\n",
	.options = table,
	.arguments = "FILE SIGNATURE",
	.most = 2,
};

static const struct command any = {
	.name = "any", .usage = "", .about = "", .options = table, .most = ARGUMENTS_ANY
};

/* What went to stderr, or to stdout, by the last parse. */
static char *text;
static int left; /* arguments */
static char *arguments[32];

static bool parse(const struct command *command, struct settings *settings, int *code,
	const char *line)
{
	FILE **stream = strstr(line, "--help") || strstr(line, "-V") ? &stdout : &stderr;
	FILE *saved = *stream;
	static char words[256];
	char *argv[32] = { "command" }, **rest = argv;
	size_t size;
	bool go_on;

	free(text);
	*stream = open_memstream(&text, &size);
	snprintf(words, sizeof(words), "%s", line);
	left = 1;
	for (char *word = strtok(words, " "); word; word = strtok(NULL, " "))
		argv[left++] = word;
	go_on = options_take(command, &left, &rest, settings, code);
	fclose(*stream);
	*stream = saved;
	memcpy(arguments, rest, sizeof(*arguments) * (size_t)(go_on ? left : 0));
	return go_on;
}

static void values_reach_their_fields(void **state)
{
	struct settings settings = { .links = true };
	int code;

	(void)state;
	assert_true(parse(&any, &settings, &code,
		"one -qk old --key=new --no-links --trust a --mode enforcing two --trust=b -j 8 --epoch "
		"18446744073709551615 -- -q"));
	assert_true(settings.quiet);
	assert_false(settings.links);
	assert_string_equal(settings.key, "new");
	assert_int_equal(settings.trust.count, 2);
	assert_string_equal(settings.trust.values[0], "a");
	assert_string_equal(settings.trust.values[1], "b");
	assert_int_equal(settings.mode, 4);
	assert_int_equal(settings.deeper.jobs, 8);
	assert_true(settings.deeper.epoch == UINT64_MAX);
	assert_int_equal(left, 3);
	assert_string_equal(arguments[0], "one");
	assert_string_equal(arguments[1], "two");
	assert_string_equal(arguments[2], "-q");
	option_list_free(&settings.trust);
	assert_int_equal(settings.trust.count, 0);
}

static void a_part_of_a_name_is_enough(void **state)
{
	struct settings settings = { 0 };
	int code;

	(void)state;
	assert_true(parse(&any, &settings, &code, "--qu --ep 3"));
	assert_true(settings.quiet && settings.deeper.epoch == 3);
}

static void a_value_may_be_missing(void **state)
{
	struct settings settings = { 0 };
	int code;

	(void)state;
	assert_true(parse(&any, &settings, &code, "--rates"));
	assert_true(settings.rates_given == 1 && !settings.rates);
	assert_true(parse(&any, &settings, &code, "--rates file"));
	assert_true(!settings.rates && left == 1);
	assert_true(parse(&any, &settings, &code, "--rates 2 file"));
	assert_string_equal(settings.rates, "2");
	assert_int_equal(left, 1);
	assert_true(parse(&any, &settings, &code, "--rates=x"));
	assert_string_equal(settings.rates, "x");
}

static void mistakes_are_said(void **state)
{
	static const struct {
		const char *line, *said;
	} cases[] = {
		{ "--quite", "tool: --quite: no such option; did you mean --quiet?\n" },
		{ "--qiuet=1", "tool: --qiuet: no such option; did you mean --quiet?\n" },
		{ "--hlep", "tool: --hlep: no such option; did you mean --help?\n" },
		{ "--nonsense", "tool: --nonsense: no such option: see tool --help\n" },
		{ "--q\033[1m", "tool: --q\\x1b[1m: no such option: see tool --help\n" },
		{ "-qx", "tool: invalid option -- 'x': see tool --help\n" },
		{ "-k", "tool: option requires an argument -- 'k': see tool --help\n" },
		{ "--key", "tool: option '--key' requires an argument: see tool --help\n" },
		{ "--quiet=1", "tool: option '--quiet' takes no argument: see tool --help\n" },
		{ "--no-links --n --", NULL },
		{ "--mode on", "tool: --mode on: it is monitor, permissive or enforcing: see tool --help\n" },
		{ "-j 0", "tool: --jobs 0: a number from 1 to 256: see tool --help\n" },
		{ "-j 257", "tool: --jobs 257: a number from 1 to 256: see tool --help\n" },
		{ "-j -1", "tool: --jobs -1: a number from 1 to 256: see tool --help\n" },
		{ "--epoch 18446744073709551616",
			"tool: --epoch 18446744073709551616: not a number: see tool --help\n" },
		{ "--rates=wrong", "tool: --rates wrong: see tool --help\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct settings settings = { 0 };
		int code = -1;
		bool go_on = parse(&any, &settings, &code, cases[i].line);

		assert_int_equal(go_on, !cases[i].said);
		assert_int_equal(code, cases[i].said ? EXIT_USAGE : 0);
		if (cases[i].said)
			assert_string_equal(text, cases[i].said);
	}
}

static void two_names_with_the_same_beginning(void **state)
{
	static const struct command_option alike[] = {
		{ OPTION_FLAG, 0, "list", NULL, "", OPTION_FIELD(struct settings, quiet) },
		{ OPTION_FLAG, 0, "list0", NULL, "", OPTION_FIELD(struct settings, links) },
		{ 0 },
	};
	static const struct command command = { .options = alike };
	struct settings settings = { 0 };
	int code;

	(void)state;
	assert_true(parse(&command, &settings, &code, "--list"));
	assert_true(settings.quiet && !settings.links);
	assert_false(parse(&command, &settings, &code, "--li"));
	assert_string_equal(text, "tool: --li: ambiguous: --list or --list0: see tool --help\n");
}

static void arguments_are_counted(void **state)
{
	struct settings settings = { 0 };
	int code;

	(void)state;
	assert_true(parse(&two_files, &settings, &code, "a b"));
	assert_false(parse(&two_files, &settings, &code, "a"));
	assert_string_equal(text, "tool: SIGNATURE is missing: see tool --help\n");
	assert_false(parse(&two_files, &settings, &code, ""));
	assert_string_equal(text, "tool: FILE is missing: see tool --help\n");
	assert_false(parse(&two_files, &settings, &code, "a b c d"));
	assert_string_equal(text, "tool: c: unexpected argument: see tool --help\n");
	assert_int_equal(code, EXIT_USAGE);
}

/* The command line of another program has options of its own. */
static void a_command_ends_the_options(void **state)
{
	static const struct command runs = { .name = "run", .usage = "", .about = "", .options = table,
		.arguments = "COMMAND", .most = ARGUMENTS_ANY, .runs_command = true };
	struct settings settings = { 0 };
	int code;

	(void)state;
	assert_true(parse(&runs, &settings, &code, "-q ls -k --quiet --nothing"));
	assert_true(settings.quiet && !settings.key);
	assert_int_equal(left, 4);
	assert_string_equal(arguments[0], "ls");
	assert_string_equal(arguments[3], "--nothing");
	assert_true(parse(&runs, &settings, &code, "-- -q"));
	assert_string_equal(arguments[0], "-q");
	assert_false(parse(&runs, &settings, &code, "-q"));
	assert_string_equal(text, "tool: COMMAND is missing: see tool --help\n");
	assert_false(parse(&runs, &settings, &code, "--nothing ls"));
}

static void help_and_version(void **state)
{
	struct settings settings = { 0 };
	int code = -1;

	(void)state;
	assert_false(parse(&two_files, &settings, &code, "--help --nonsense"));
	assert_int_equal(code, 0);
	assert_string_equal(text,
		"usage: tool [OPTION...] FILE SIGNATURE\n"
		"Takes two.\n"
		"\n"
		"  -q, --quiet       print only errors\n"
		"      --no-links    follow no links\n"
		"  -k, --key KEY     the key\n"
		"      --trust CERT  whose keys are trusted\n"
		"      --mode MODE   what is done\n"
		"      --rates[=S]   how often\n"
		"      --colour-of-the-whole-listing COLOUR\n"
		"                    a text that is so long that it does not fit into one line,\n"
		"                    and goes on below its own beginning\n"
		"\n"
		"In depth:\n"
		"  -j, --jobs N      threads\n"
		"      --epoch N     counts up\n"
		"\n"
		"  -h, --help        show this help\n"
		"  -V, --version     show the version\n");
	assert_false(parse(&two_files, &settings, &code, "-V"));
	assert_int_equal(code, 0);
	assert_memory_equal(text, "tool (Kernkit) ", 15);
}

static void nearest_names(void **state)
{
	static const struct {
		const char *word, *name;
	} cases[] = {
		{ "frce", "force" }, /* added */
		{ "forcee", "force" }, /* taken away */
		{ "forse", "force" }, /* changed */
		{ "focre", "force" }, /* exchanged */
		{ "from-dpgk", "from-dpkg" },
		{ "fcre", "force" },
		{ "fxxce", "force" },
		{ "fxxxe", NULL },
		{ "x", NULL },
		{ "", NULL },
		{ "forceforceforceforceforceforceforceforce", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct nearest nearest = { .word = cases[i].word };

		nearest_try(&nearest, "quiet");
		nearest_try(&nearest, "force");
		nearest_try(&nearest, "from-dpkg");
		if (cases[i].name)
			assert_string_equal(nearest.name, cases[i].name);
		else
			assert_null(nearest.name);
	}
}

static int ran;

static int run_inner(const struct command *command, int argc, char **argv)
{
	assert_string_equal(argv[0], command->name);
	ran = argc;
	return 7;
}

static int call(const char *first, const char *second)
{
	static const struct command sign = { .name = "sign", .run = run_inner };
	static const struct command create = { .name = "create", .run = run_inner };
	static const struct command *const inner[] = { &create, NULL };
	static const struct command catalog = { .name = "catalog", .usage = "", .about = "", .subcommands = inner };
	static const struct command *const outer[] = { &sign, &catalog, NULL };
	static const struct command tool = { .name = command_name, .usage = "", .about = "", .subcommands = outer };
	char one[32], two[32] = "", *argv[] = { "tool", one, second ? two : NULL, NULL };
	FILE *saved = stderr;
	size_t size;
	int code;

	snprintf(one, sizeof(one), "%s", first);
	snprintf(two, sizeof(two), "%s", second ? second : "");
	free(text);
	stderr = open_memstream(&text, &size);
	ran = 0;
	code = command_main(&tool, second ? 3 : 2, argv);
	fclose(stderr);
	stderr = saved;
	return code;
}

/* The last, since the names that were entered stay. */
static void subcommands_are_found(void **state)
{
	(void)state;
	assert_int_equal(call("sing", NULL), EXIT_USAGE);
	assert_string_equal(text, "tool: sing: no such subcommand; did you mean sign?\n");
	assert_int_equal(call("nothing", NULL), EXIT_USAGE);
	assert_string_equal(text, "tool: nothing: no such subcommand: see tool --help\n");
	assert_int_equal(call("--versoin", NULL), EXIT_USAGE);
	assert_string_equal(text, "tool: --versoin: no such option; did you mean --version?\n");
	assert_int_equal(call("catalog", "creat"), EXIT_USAGE);
	assert_string_equal(text, "tool catalog: creat: no such subcommand; did you mean create?\n");
	assert_int_equal(call("sign", "x"), 7);
	assert_int_equal(ran, 2);
	assert_int_equal(call("catalog", "create"), 7);
	assert_int_equal(ran, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_reach_their_fields),
		cmocka_unit_test(a_part_of_a_name_is_enough),
		cmocka_unit_test(a_value_may_be_missing),
		cmocka_unit_test(mistakes_are_said),
		cmocka_unit_test(two_names_with_the_same_beginning),
		cmocka_unit_test(arguments_are_counted),
		cmocka_unit_test(a_command_ends_the_options),
		cmocka_unit_test(help_and_version),
		cmocka_unit_test(nearest_names),
		cmocka_unit_test(subcommands_are_found),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	free(text);
	return failed;
}
