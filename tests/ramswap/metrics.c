// SPDX-License-Identifier: GPL-2.0-or-later
#include "metrics.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { METRICS_MAX = 128, SAMPLES_MAX = 4096, METRIC_NAME_MAX = 127 };

struct lint {
	char name[METRIC_NAME_MAX + 1], type[16]; /* of the metric that was announced last */
	char names[METRICS_MAX][METRIC_NAME_MAX + 1];
	size_t count;
	const char *samples[SAMPLES_MAX]; /* where they begin */
	size_t lengths[SAMPLES_MAX]; /* of name and labels */
	size_t sample_count;
	char *problem;
};

static bool fail(struct lint *lint, const char *what, const char *line)
{
	snprintf(lint->problem, 512, "%s: %.*s", what, (int)strcspn(line, "\n"), line);
	return false;
}

static bool has_suffix(const char *text, const char *suffix)
{
	size_t length = strlen(text), end = strlen(suffix);

	return length >= end && !strcmp(text + length - end, suffix);
}

static size_t name_length(const char *at)
{
	size_t length = strspn(at, "abcdefghijklmnopqrstuvwxyz0123456789_");

	return *at >= '0' && *at <= '9' ? 0 : length;
}

/* No word of a name is a unit that another one is the base of, or a type. */
static bool has_base_units(const char *name)
{
	static const char *const others[] = { "milliseconds", "microseconds", "nanoseconds", "kilobytes", "megabytes",
		"kibibytes", "pages", "percent", "ms", "us", "ns", "kb", "mb", "kib", "mib", "gauge", "counter", "summary" };

	while (*name) {
		size_t length = strcspn(name, "_");

		for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
			if (strlen(others[i]) == length && !memcmp(name, others[i], length))
				return false;
		name += length + (name[length] == '_');
	}
	return true;
}

static bool take_help(struct lint *lint, const char *line)
{
	size_t length = name_length(line += strlen("# HELP "));

	if (!length || length > METRIC_NAME_MAX || line[length] != ' ' || strchr(" \n", line[length + 1]))
		return fail(lint, "no help", line);
	snprintf(lint->name, sizeof(lint->name), "%.*s", (int)length, line);
	*lint->type = '\0';
	for (size_t i = 0; i < lint->count; i++)
		if (!strcmp(lint->names[i], lint->name))
			return fail(lint, "announced twice", line);
	if (lint->count == METRICS_MAX)
		return fail(lint, "too many", line);
	strcpy(lint->names[lint->count++], lint->name);
	return true;
}

static bool take_type(struct lint *lint, const char *line)
{
	char name[METRIC_NAME_MAX + 1] = "";

	if (sscanf(line, "# TYPE %127s %15s", name, lint->type) != 2 || strcmp(name, lint->name))
		return fail(lint, "not behind its help", line);
	if (strcmp(lint->type, "counter") && strcmp(lint->type, "gauge") && strcmp(lint->type, "summary"))
		return fail(lint, "no such type", line);
	if (!strcmp(lint->type, "counter") != has_suffix(name, "_total"))
		return fail(lint, "_total is for counters", line);
	return has_base_units(name) || fail(lint, "no base unit", line);
}

/* The end of {name="value",...}; NULL: it is wrong. */
static const char *skip_labels(const char *at)
{
	if (*at != '{')
		return at;
	do {
		size_t length = name_length(++at);

		if (!length || strncmp(at + length, "=\"", 2))
			return NULL;
		for (at += length + 2; *at && *at != '"' && *at != '\n'; at++)
			if ((unsigned char)*at < ' ' || (*at == '\\' && (!*++at || !strchr("\\\"n", *at))))
				return NULL;
		if (*at++ != '"')
			return NULL;
	} while (*at == ',');
	return *at == '}' ? at + 1 : NULL;
}

/* Of a summary there are _sum and _count, too. */
static bool is_of_metric(const struct lint *lint, const char *name, size_t length)
{
	size_t own = strlen(lint->name);
	bool is_summary = !strcmp(lint->type, "summary");

	if (length < own || strncmp(name, lint->name, own))
		return false;
	return length == own || (is_summary && length == own + 4 && !strncmp(name + own, "_sum", 4)) ||
		(is_summary && length == own + 6 && !strncmp(name + own, "_count", 6));
}

static bool take_sample(struct lint *lint, const char *line)
{
	size_t length = name_length(line);
	const char *labels = line + length, *value = skip_labels(labels);
	char *end;

	if (!*lint->type || !is_of_metric(lint, line, length))
		return fail(lint, "not of the metric above", line);
	if (!value || *value != ' ')
		return fail(lint, "labels", line);
	if (!strcmp(lint->type, "gauge") && memmem(labels, (size_t)(value - labels), "quantile=", 9))
		return fail(lint, "quantile of a gauge", line);
	strtod(value + 1, &end);
	if (end == value + 1 || *end != '\n')
		return fail(lint, "no number", line);
	if (!strcmp(lint->type, "counter") && value[1] == '-')
		return fail(lint, "a counter below 0", line);
	length = (size_t)(value - line);
	for (size_t i = 0; i < lint->sample_count; i++)
		if (lint->lengths[i] == length && !memcmp(lint->samples[i], line, length))
			return fail(lint, "the same labels twice", line);
	if (lint->sample_count == SAMPLES_MAX)
		return fail(lint, "too many", line);
	lint->samples[lint->sample_count] = line;
	lint->lengths[lint->sample_count++] = length;
	return true;
}

bool metrics_are_good(const char *text, size_t *samples, char problem[512])
{
	struct lint *lint = calloc(1, sizeof(*lint));
	bool is_good = lint;

	if (!lint)
		return false;
	lint->problem = problem;
	while (is_good && *text) {
		const char *end = strchr(text, '\n');

		if (!end)
			is_good = fail(lint, "the last line does not end", text);
		else if (!strncmp(text, "# HELP ", 7))
			is_good = take_help(lint, text);
		else if (!strncmp(text, "# TYPE ", 7))
			is_good = take_type(lint, text);
		else
			is_good = take_sample(lint, text);
		text = end ? end + 1 : "";
	}
	*samples = lint->sample_count;
	free(lint);
	return is_good;
}
