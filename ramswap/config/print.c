// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "config.h"
#include "keys.h"

/* What is being printed; section: the last one. */
struct printer {
	FILE *out;
	const char *section;
	char value[CONFIG_VALUE_MAX + 1], usual[CONFIG_VALUE_MAX + 1];
};

/* A line, if the value is no default. */
static void print_setting(struct printer *printer, const struct config_key *key, const void *settings,
	const void *defaults)
{
	key->form->print(key, (const char *)settings + key->offset, printer->value);
	key->form->print(key, (const char *)defaults + key->offset, printer->usual);
	if (!strcmp(printer->value, printer->usual))
		return;
	if (!printer->section || strcmp(printer->section, key->section))
		fprintf(printer->out, "%s[%s]\n", printer->section ? "\n" : "", key->section);
	printer->section = key->section;
	fprintf(printer->out, "%s = %s\n", key->name, printer->value);
}

static void print_source(struct printer *printer, const struct config_key *key, const struct ramswap_source *source)
{
	key->form->print(key, (const char *)source + key->offset, printer->value);
	fprintf(printer->out, "%s[source %s]\n%s = %s\n", printer->section ? "\n" : "", source->name, key->name,
		printer->value);
	printer->section = "";
}

static void print_all(struct printer *printer, const struct ramswap_settings *settings)
{
	struct ramswap_settings defaults;

	ramswap_settings_init(&defaults);
	for (const struct config_key *key = config_keys; key->section; key++) {
		if (strcmp(key->section, "source"))
			print_setting(printer, key, settings, &defaults);
		else
			for (size_t i = 0; i < settings->source_count; i++)
				print_source(printer, key, &settings->sources[i]);
	}
}

char *config_print(const struct ramswap_settings *settings)
{
	struct printer *printer = calloc(1, sizeof(*printer));
	char *text = NULL;
	size_t size;

	if (!printer)
		return NULL;
	printer->out = open_memstream(&text, &size);
	if (printer->out) {
		print_all(printer, settings);
		if (fclose(printer->out)) {
			free(text);
			text = NULL;
		}
	}
	free(printer);
	return text;
}
