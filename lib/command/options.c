// SPDX-License-Identifier: GPL-2.0-or-later
/* Parsing, by getopt_long, which knows neither what was meant nor how this project says it. */
#include "options.h"
#include <assert.h>
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include "../text/duration.h"
#include "../text/nearest.h"
#include "../text/number.h"
#include "../text/size.h"
#include "command.h"
#include "complain.h"

/* What getopt_long returns for the row of that number: no letter. */
enum { ROW_FIRST = 256 };

static const struct command_option common[] = {
	{ OPTION_HELP, 'h', "help", NULL, "show this help", .offset = 0 },
	{ OPTION_VERSION, 'V', "version", NULL, "show the version", .offset = 0 },
	{ 0 },
};

static void flatten(const struct command_option *table, size_t base, struct option_rows *rows)
{
	for (; table && table->kind; table++) {
		if (table->kind == OPTION_GROUP) {
			flatten(table->group, base + table->offset, rows);
			continue;
		}
		assert(rows->count < OPTIONS_MAX);
		rows->rows[rows->count++] = (struct option_row){ table, base };
	}
}

void options_flatten(const struct command_option *table, struct option_rows *rows)
{
	rows->count = 0;
	flatten(table, 0, rows);
	flatten(common, 0, rows);
}

void option_list_free(struct option_list *list)
{
	free(list->values);
	*list = (struct option_list){ 0 };
}

static int add_to_list(struct option_list *list, char *value)
{
	char **grown = reallocarray(list->values, list->count + 1, sizeof(*grown));

	if (!grown) {
		complain("out of memory");
		return EXIT_USAGE;
	}
	list->values = grown;
	grown[list->count++] = value;
	return 0;
}

bool option_word_take(
	const struct option_word *words, const char *what, const char *word, unsigned int *value)
{
	char list[256] = "";

	for (const struct option_word *known = words; known->name; known++) {
		if (strcmp(word, known->name))
			continue;
		*value = known->value;
		return true;
	}
	for (; words->name; words++)
		snprintf(list + strlen(list), sizeof(list) - strlen(list), "%s%s", words->name,
			!words[1].name		? "" :
				words[2].name ? ", " :
						" or ");
	usage_error("%s%s%s: it is %s", what, *what ? " " : "", word, list);
	return false;
}

static int take_number(const struct command_option *option, void *field, const char *text)
{
	const __u64 largest = option->size == sizeof(__u64) ? ~0ULL : ~0U;
	const __u64 most = option->most ? option->most : largest;
	__u64 number;

	if (number_parse(text, option->least, most, &number)) {
		if (most == largest)
			return usage_error("--%s %s: not a number", option->name, text);
		return usage_error("--%s %s: a number from %llu to %llu", option->name, text,
			(unsigned long long)option->least, (unsigned long long)most);
	}
	if (option->size == sizeof(__u64)) {
		*(__u64 *)field = number;
	} else {
		assert(option->size == sizeof(unsigned int));
		*(unsigned int *)field = (unsigned int)number;
	}
	return 0;
}

static int take_duration(const struct command_option *option, double *seconds, const char *text)
{
	switch (duration_parse(text, seconds)) {
	case 0:
		return 0;
	case -ERANGE:
		return usage_error("--%s %s: more than 0, and at most 366 days", option->name, text);
	}
	return usage_error("--%s %s: not a duration: " DURATION_RULE, option->name, text);
}

static int take_size(const struct command_option *option, __u64 *bytes, const char *text)
{
	if (size_parse(text, 0, ~0ULL, bytes))
		return usage_error("--%s %s: not a size: " SIZE_RULE, option->name, text);
	return 0;
}

static int take_word(const struct command_option *option, unsigned int *field, const char *word)
{
	char name[40];

	snprintf(name, sizeof(name), "--%s", option->name);
	return option_word_take(option->words, name, word, field) ? 0 : EXIT_USAGE;
}

/* Puts one option where it belongs; an exit code. */
static int take(const struct option_row *row, void *settings, char *value)
{
	const struct command_option *option = row->option;
	void *field = (char *)settings + row->base + option->offset;

	switch (option->kind) {
	case OPTION_FLAG:
	case OPTION_UNSET:
		assert(option->size == sizeof(bool));
		*(bool *)field = option->kind == OPTION_FLAG;
		break;
	case OPTION_VALUE:
		assert(option->size == sizeof(const char *));
		*(const char **)field = value;
		break;
	case OPTION_LIST:
		assert(option->size == sizeof(struct option_list));
		return add_to_list(field, value);
	case OPTION_NUMBER:
		return take_number(option, field, value);
	case OPTION_DURATION:
		assert(option->size == sizeof(double));
		return take_duration(option, field, value);
	case OPTION_SIZE:
		assert(option->size == sizeof(__u64));
		return take_size(option, field, value);
	case OPTION_WORD:
		assert(option->size == sizeof(unsigned int));
		return take_word(option, field, value);
	case OPTION_CALL:
		return option->take(field, value);
	case OPTION_END:
	case OPTION_GROUP:
	case OPTION_HELP:
	case OPTION_VERSION:
		break;
	}
	return 0;
}

/* What getopt_long wants to know. */
struct getopt_tables {
	struct option options[OPTIONS_MAX + 1];
	char letters[3 * OPTIONS_MAX + 3];
};

static void make_tables(
	const struct option_rows *rows, bool stops_at_argument, struct getopt_tables *tables)
{
	char *end = tables->letters;

	if (stops_at_argument)
		*end++ = '+';
	*end++ = ':'; /* a missing value is ':', and nothing is printed */
	for (size_t i = 0; i < rows->count; i++) {
		const struct command_option *option = rows->rows[i].option;
		int has_value = !option->argument  ? no_argument :
			option->is_optional ? optional_argument :
					      required_argument;

		tables->options[i] =
			(struct option){ option->name, has_value, NULL, ROW_FIRST + (int)i };
		if (!option->letter)
			continue;
		*end++ = option->letter;
		for (int colons = 0; colons < has_value; colons++)
			*end++ = ':';
	}
	tables->options[rows->count] = (struct option){ 0 };
	*end = 0;
}

static const struct option_row *find_row(const struct option_rows *rows, int found)
{
	for (size_t i = 0; i < rows->count; i++)
		if (found == ROW_FIRST + (int)i || found == rows->rows[i].option->letter)
			return &rows->rows[i];
	return NULL;
}

/* A long option that getopt_long does not know, or of which it knows several. */
static int complain_of_name(const struct option_rows *rows, char *word)
{
	struct nearest nearest = { .word = word };
	const char *first = NULL;
	size_t length = strcspn(word, "=");

	word[length] = 0;
	for (size_t i = 0; i < rows->count; i++) {
		const char *name = rows->rows[i].option->name;

		nearest_try(&nearest, name);
		if (strncmp(name, word, length))
			continue;
		if (first)
			return usage_error("--%s: ambiguous: --%s or --%s", word, first, name);
		first = name;
	}
	return usage_unknown(word, "no such option", "--", nearest.name);
}

/* problem: '?' or ':'. optopt is then a letter, or the number of a row, or 0: a name that is not known. */
static int complain_of_option(const struct option_rows *rows, int problem, char **argv)
{
	if (!optopt)
		return complain_of_name(rows, argv[optind - 1] + strlen("--"));
	if (optopt >= ROW_FIRST)
		return usage_error(problem == ':' ? "option '--%s' requires an argument" :
						    "option '--%s' takes no argument",
			find_row(rows, optopt)->option->name);
	return usage_error(problem == ':' ? "option requires an argument -- '%c'" :
					    "invalid option -- '%c'",
		optopt);
}

/* Goes on where getopt_long stopped. -1: that was all; else an exit code, *row being what was taken. */
static int take_next(const struct option_rows *rows, const struct getopt_tables *tables, int argc,
	char **argv, void *settings, const struct option_row **row)
{
	int found = getopt_long(argc, argv, tables->letters, tables->options, NULL);
	const struct command_option *option;

	if (found == -1)
		return -1;
	*row = found == '?' || found == ':' ? NULL : find_row(rows, found);
	if (!*row)
		return complain_of_option(rows, found, argv);
	option = (*row)->option;
	if (option->is_value && !optarg && optind < argc && option->is_value(argv[optind]))
		optarg = argv[optind++];
	return take(*row, settings, optarg);
}

/* The name of the one behind the last that is there, among names with spaces between them. */
static int complain_of_missing(const char *names, int count)
{
	while (count--)
		names += strcspn(names, " ") + 1;
	return usage_error("%.*s is missing", (int)strcspn(names, " "), names);
}

static int check_arguments(const struct command *command, int count, char **arguments)
{
	int least = command->arguments ? 1 : 0;

	for (const char *at = command->arguments; at && *at; at++)
		least += *at == ' ';
	if (count < least)
		return complain_of_missing(command->arguments, count);
	if (count > command->most && command->subcommands)
		return subcommand_unknown(command, arguments[command->most]);
	if (count > command->most)
		return usage_error("%s: unexpected argument", arguments[command->most]);
	return 0;
}

bool options_take(const struct command *command, int *argc, char ***argv, void *settings, int *code)
{
	const struct option_row *row;
	struct getopt_tables tables;
	struct option_rows rows;

	options_flatten(command->options, &rows);
	make_tables(&rows, command->runs_command, &tables);
	opterr = 0;
	optind = 0; /* glibc: forget what was parsed before */
	while (!(*code = take_next(&rows, &tables, *argc, *argv, settings, &row))) {
		if (row->option->kind == OPTION_HELP)
			command_print_help(stdout, command);
		else if (row->option->kind == OPTION_VERSION)
			command_print_version(stdout);
		else
			continue;
		return false;
	}
	if (*code > 0)
		return false;
	*argc -= optind;
	*argv += optind;
	*code = check_arguments(command, *argc, *argv);
	return !*code;
}
