// SPDX-License-Identifier: GPL-2.0-or-later
/* /etc/default/zramswap, which zram-tools reads with a shell: assignments are taken, and nothing is run. */
#include <stdio.h>
#include <string.h>
#include "../../lib/text/number.h"
#include "import_parts.h"

enum { ALGO, PERCENT, SIZE, PRIORITY, KEYS };

static const char *const tools_keys[KEYS] = { "ALGO", "PERCENT", "SIZE", "PRIORITY" };

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_"

struct tools {
	struct import_value values[KEYS];
	struct imported *imported;
};

/*
 * A word of the shell that has nothing to expand: plain, or in one kind of quotes, and nothing behind it but a comment.
 * False: it is not that.
 */
static bool parse_word(const char *text, char *word)
{
	char quote = *text == '"' || *text == '\'' ? *text : 0;
	size_t length;

	text += quote != 0;
	length = quote ? strcspn(text, quote == '"' ? "\"" : "'") : strcspn(text, " \t");
	if (length >= IMPORT_VALUE_MAX || (quote && text[length] != quote))
		return false;
	memcpy(word, text, length);
	word[length] = 0;
	text += length + (quote != 0);
	if (*text && !strchr(" \t", *text))
		return false;
	text += strspn(text, " \t");
	return (!*text || *text == '#') &&
		!strpbrk(word, quote == '\'' ? "" : quote ? "$`\\" : "$`\\\"'*?[]{}()<>|&;~!#");
}

static int take_assignment(struct tools *tools, const char *where, const char *line, size_t length)
{
	struct import_value value = { "", "" };
	size_t key = 0;

	if (!parse_word(line + length + 1, value.text))
		return import_note(tools->imported, where, "%.*s: a shell has to expand it, and none is run: left out",
			(int)(length < 60 ? length : 60), line);
	while (key < KEYS && (strlen(tools_keys[key]) != length || memcmp(tools_keys[key], line, length)))
		key++;
	if (key == KEYS)
		return import_note(tools->imported, where, "%.*s: not a setting of zram-tools: left out",
			(int)(length < 60 ? length : 60), line);
	snprintf(value.where, sizeof(value.where), "%s", where);
	tools->values[key] = value;
	return 0;
}

static int take_line(struct tools *tools, const char *where, const char *line)
{
	size_t length;

	line += strspn(line, " \t");
	if (!*line || *line == '#')
		return 0;
	if (!strncmp(line, "export ", 7))
		line += 7 + strspn(line + 7, " \t");
	length = strspn(line, LETTERS "0123456789");
	if (length && line[length] == '=')
		return take_assignment(tools, where, line, length);
	return import_note(tools->imported, where, "%.60s: a command of the shell, which is not run: left out", line);
}

/* Each line, without its newline; a longer one is no assignment that is taken. */
static int read_lines(struct tools *tools, const char *name, const char *text, size_t size)
{
	const char *end = text + size;
	unsigned int number = 0;
	int err = 0;

	while (text < end && !err) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		size_t length = (size_t)((newline ? newline : end) - text);
		char where[IMPORT_WHERE_MAX], line[512];

		snprintf(where, sizeof(where), "%.300s:%u", name, ++number);
		if (length < sizeof(line) && !memchr(text, 0, length)) {
			memcpy(line, text, length);
			line[length - (length && text[length - 1] == '\r')] = 0;
			err = take_line(tools, where, line);
		} else if (*text != '#') {
			err = import_note(tools->imported, where, "too long, or no text: left out");
		}
		text += length + 1;
	}
	return err;
}

/* PERCENT comes before SIZE; without both it is 256 MiB. */
static int set_size(struct tools *tools)
{
	const struct import_value *percent = &tools->values[PERCENT], *size = &tools->values[SIZE];
	char text[64] = "256";
	__u64 number;
	int err = 0;

	if (*percent->text) {
		if (number_parse(percent->text, 1, 1000, &number))
			return import_note(tools->imported, percent->where,
				"PERCENT = %.60s: no number of percent: left out, the plan decides", percent->text);
		snprintf(text, sizeof(text), "ram * %llu / 100", (unsigned long long)number);
		if (*size->where)
			err = import_note(tools->imported, size->where, "SIZE = %.60s: PERCENT comes before it",
				size->text);
		size = percent;
	} else if (*size->text) {
		if (number_parse(size->text, 1, 1ULL << 40, &number))
			return import_note(tools->imported, size->where,
				"SIZE = %.60s: no number of MiB: left out, the plan decides", size->text);
		snprintf(text, sizeof(text), "%llu", (unsigned long long)number);
	}
	return err ? err : import_set(tools->imported, "zram", "size", text, size, tools_keys[SIZE]);
}

static int set_all(struct tools *tools)
{
	const struct import_value *algorithm = &tools->values[ALGO], *priority = &tools->values[PRIORITY];
	int err = set_size(tools);

	tools->imported->settings.zram = RAMSWAP_USE_YES;
	if (!err)
		err = import_set(tools->imported, "zram", "algorithm", *algorithm->text ? algorithm->text : "lz4",
			algorithm, tools_keys[ALGO]);
	if (!err && *priority->text)
		err = import_set(
			tools->imported, "policy", "priority", priority->text, priority, tools_keys[PRIORITY]);
	return err;
}

int tools_parse(const char *name, const char *text, size_t size, struct imported *imported)
{
	struct tools tools = { .imported = imported };
	int err = read_lines(&tools, name, text, size);

	return err ? err : set_all(&tools);
}
