// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ramswap.conf, an expression, the kernel's command line, and what zram-generator and zram-tools were told: the first byte says which.
 * Any text gives settings that are printed and read back as they are, or one line of error.
 */
#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "ramswap/config/command_line.h"
#include "ramswap/config/config.h"
#include "ramswap/config/expression.h"
#include "ramswap/config/import_parts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
	if (!holds)
		abort();
}

static void check_line(const char *text)
{
	check(*text && !strchr(text, '\n'));
}

static void check_settings(const struct ramswap_settings *settings)
{
	struct ramswap_settings again;
	struct ramswap_problem problem;
	char *text = config_print(settings), *other;

	check(settings->source_count <= RAMSWAP_SOURCES_MAX && settings->priority <= RAMSWAP_PRIORITY_MOST);
	ramswap_settings_init(&again);
	check(!config_parse("again", text, strlen(text), &again, &problem));
	other = config_print(&again);
	check(!strcmp(text, other));
	free(text);
	free(other);
}

static void fuzz_config(const char *text, size_t size)
{
	struct ramswap_settings settings;
	struct ramswap_problem problem = { "" };

	ramswap_settings_init(&settings);
	if (config_parse("ramswap.conf", text, size, &settings, &problem))
		check_line(problem.text);
	else
		check_settings(&settings);
}

static void fuzz_expression(const char *text)
{
	static const struct expression_variable variables[] = EXPRESSION_VARIABLES(7825, 1024, 0);
	char words[256] = "";
	double value = -1;
	int err = expression_evaluate(text, variables, 3, &value, words, sizeof(words));

	check(err == -EINVAL ? *words && value == -1 : !err && isfinite(value) && value >= 0);
	/* What has a value has a right form. */
	check(err || !expression_check(text, variables, 3, words, sizeof(words)));
}

static void fuzz_command_line(const char *text)
{
	char word[COMMAND_LINE_WORD_MAX + 1];
	bool is_on = false;
	int err = command_line_switch(text, "ramswap", &is_on);

	check(!err || err == -ENOENT || err == -EINVAL);
	while (command_line_word(&text, word))
		check(strlen(word) <= COMMAND_LINE_WORD_MAX);
}

static void check_imported(struct imported *imported)
{
	check(imported->note_count <= IMPORT_NOTES_MAX);
	for (size_t i = 0; i < imported->note_count; i++)
		check(*imported->notes[i].text);
	check_settings(&imported->settings);
}

static void fuzz_generator(const char *text, size_t size)
{
	struct generator_config *config = calloc(1, sizeof(*config));
	struct imported imported = { 0 };
	struct ramswap_problem problem = { "" };
	size_t count = 0;
	int err;

	ramswap_settings_init(&imported.settings);
	err = generator_parse("zram-generator.conf", text, size, config, &imported, &problem);
	if (!err)
		err = generator_settle(config, 7825, &imported, &count, &problem);
	if (err)
		check_line(problem.text);
	else
		check_imported(&imported);
	import_free(&imported);
	free(config);
}

static void fuzz_tools(const char *text, size_t size)
{
	struct imported imported = { 0 };

	ramswap_settings_init(&imported.settings);
	check(!tools_parse("zramswap", text, size, &imported));
	check_imported(&imported);
	import_free(&imported);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* A copy of its own size: reading past it is found. Texts have a 0 behind them. */
	char *text = malloc(size + 1);

	if (!text)
		return 0;
	memcpy(text, data, size);
	text[size] = 0;
	switch (size ? *text : 0) {
	case 'c':
		fuzz_config(text + 1, size - 1);
		break;
	case 'e':
		fuzz_expression(text + 1);
		break;
	case 'k':
		fuzz_command_line(text + 1);
		break;
	case 'g':
		fuzz_generator(text + 1, size - 1);
		break;
	case 't':
		fuzz_tools(text + 1, size - 1);
		break;
	default:
		break;
	}
	free(text);
	return 0;
}
