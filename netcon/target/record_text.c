// SPDX-License-Identifier: GPL-2.0-or-later
/* A record to text and back. */
#include <errno.h>
#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../lib/text/duration.h"
#include "../../lib/text/flags.h"
#include "../../lib/text/number.h"
#include "record.h"

bool record_parse_sysdata(const char *text, unsigned int *sysdata)
{
	unsigned int bits = 0;

	while (*text) {
		size_t length = strcspn(text, ",");
		const struct flag_word *word = target_sysdata_words;

		while (word->word && (strlen(word->word) != length || memcmp(word->word, text, length)))
			word++;
		if (!word->word)
			return false;
		bits |= word->flag;
		text += length;
		if (*text && !*++text)
			return false;
	}
	if (bits)
		*sysdata = bits;
	return bits;
}

int record_add_entry(struct record *record, const char *text)
{
	struct target_entry entry;
	int err = target_parse_entry(text, &entry);
	size_t at = 0;

	if (err)
		return err;
	while (at < record->entries && strcmp(record->userdata[at].name, entry.name))
		at++;
	if (at == RECORD_ENTRIES_MAX)
		return -ENOSPC;
	record->userdata[at] = entry;
	if (at == record->entries)
		record->entries++;
	return 0;
}

static bool parse_yes(const char *text, bool *yes)
{
	*yes = !strcmp(text, "yes");
	return *yes || !strcmp(text, "no");
}

static bool take_number(const char *text, __u64 least, __u64 most, unsigned int *number)
{
	__u64 parsed;

	if (number_parse(text, least, most, &parsed))
		return false;
	*number = (unsigned int)parsed;
	return true;
}

struct parser {
	struct record *record;
	in_port_t usual_port;
	const char *name, *at, *end; /* the text that is left */
	unsigned int line;
	struct target_problem *problem;
	int err;
};

/* Whether value is one for the setting of that name; *is_known: whether there is such a setting. */
static bool take(struct parser *parser, const char *name, const char *value, bool *is_known)
{
	struct record *record = parser->record;
	unsigned int port = record->source_port;
	bool yes = true, is_good;

	*is_known = true;
	if (!strcmp(name, "target"))
		return !address_parse_with_port(value, parser->usual_port, &record->remote);
	if (!strcmp(name, "interface")) {
		snprintf(record->interface, sizeof(record->interface), "%s", value);
		return *value && strlen(value) < sizeof(record->interface);
	}
	if (!strcmp(name, "source"))
		return !address_parse(value, &record->source);
	if (!strcmp(name, "source_port")) {
		is_good = take_number(value, 1, 65535, &port);
		record->source_port = (in_port_t)port;
		return is_good;
	}
	if (!strcmp(name, "mac"))
		return record->knows_mac = target_parse_mac(value, record->mac);
	if (!strcmp(name, "basic"))
		return parse_yes(value, &record->is_basic);
	if (!strcmp(name, "userdata"))
		return !record_add_entry(record, value);
	if (!strcmp(name, "sysdata"))
		return record_parse_sysdata(value, &record->sysdata);
	if (!strcmp(name, "level"))
		return take_number(value, 1, RECORD_LEVEL_MAX, &record->level);
	if (!strcmp(name, "replay")) {
		is_good = parse_yes(value, &yes);
		record->without_replay = !yes;
		return is_good;
	}
	if (!strcmp(name, "timeout"))
		return !duration_parse(value, &record->timeout) && record->timeout <= RECORD_TIMEOUT_MAX;
	return *is_known = false;
}

/* libinih's handler: 0 is an error. */
static int take_setting(void *context, const char *section, const char *name, const char *value)
{
	struct parser *parser = context;
	bool is_known;

	if (parser->err)
		return 0;
	if (*section)
		parser->err = target_fail(parser->problem, -EINVAL, "%s:%u: there are no sections", parser->name,
			parser->line);
	else if (!take(parser, name, value, &is_known))
		parser->err = target_fail(parser->problem, -EINVAL, "%s:%u: %s: %s", parser->name, parser->line, name,
			is_known ? "that is no value for it" : "there is no such setting");
	return !parser->err;
}

/* As fgets gives it, but that a line does not go on in the next one, and must fit. */
static char *read_line(char *line, int size, void *context)
{
	struct parser *parser = context;
	const char *newline;
	size_t length, spaces;

	if (parser->err || parser->at == parser->end)
		return NULL;
	parser->line++;
	newline = memchr(parser->at, '\n', (size_t)(parser->end - parser->at));
	length = newline ? (size_t)(newline + 1 - parser->at) : (size_t)(parser->end - parser->at);
	if (length + 2 > (size_t)size || memchr(parser->at, 0, length)) {
		parser->err = target_fail(parser->problem, -EINVAL, "%s:%u: too long, or no text", parser->name,
			parser->line);
		return NULL;
	}
	memcpy(line, parser->at, length);
	line[length] = 0;
	parser->at += length;
	spaces = strspn(line, " \t\r\v\f");
	memmove(line, line + spaces, length - spaces + 1);
	return line;
}

int target_record_parse(const char *name, const char *text, size_t size, in_port_t usual_port, struct record *record,
	struct target_problem *problem)
{
	struct parser parser = { record, usual_port, name, text, text + size, 0, problem, 0 };
	int line;

	*record = (struct record)RECORD_USUAL;
	line = ini_parse_stream(read_line, &parser, take_setting, &parser);
	if (parser.err)
		return parser.err;
	if (line < 0)
		return target_fail(problem, -ENOMEM, "%s: %s", name, strerror(ENOMEM));
	if (line > 0)
		return target_fail(problem, -EINVAL, "%s:%d: neither NAME = VALUE nor a comment", name, line);
	if (!record->remote.any.sa_family)
		return target_fail(problem, -EINVAL, "%s: \"target\" is missing", name);
	return 0;
}

static void print_sysdata(FILE *out, unsigned int sysdata)
{
	char words[128];

	flags_print(words, sizeof(words), sysdata, target_sysdata_words);
	fprintf(out, "sysdata = %s\n", words);
}

char *record_print(const struct record *record)
{
	char *text = NULL, word[ADDRESS_TEXT_MAX];
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	fprintf(out, "# Written by netcon setup --persist: see netcon(1).\n");
	fprintf(out, "target = %s\n", address_print_with_port(word, &record->remote));
	if (*record->interface)
		fprintf(out, "interface = %s\n", record->interface);
	if (record->source.any.sa_family)
		fprintf(out, "source = %s\n", address_print(word, &record->source));
	fprintf(out, "source_port = %u\n", (unsigned int)record->source_port);
	if (record->knows_mac)
		fprintf(out, "mac = %s\n", target_print_mac(word, record->mac));
	if (record->is_basic)
		fprintf(out, "basic = yes\n");
	for (size_t i = 0; i < record->entries; i++)
		fprintf(out, "userdata = %s=%s\n", record->userdata[i].name, record->userdata[i].value);
	if (record->sysdata)
		print_sysdata(out, record->sysdata);
	if (record->level)
		fprintf(out, "level = %u\n", record->level);
	if (record->without_replay)
		fprintf(out, "replay = no\n");
	fprintf(out, "timeout = %.3f\n", record->timeout);
	if (fclose(out)) {
		free(text);
		return NULL;
	}
	return text;
}
