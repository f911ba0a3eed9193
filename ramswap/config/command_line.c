// SPDX-License-Identifier: GPL-2.0-or-later
#include "command_line.h"
#include <errno.h>
#include <string.h>
#include <strings.h>

#define SPACES " \t\n\r"

/* One word, quotes taken off. False: it is too long. */
static bool read_word(const char **at, char *word)
{
	size_t length = 0;
	char quote = 0;

	for (; **at && (quote || !strchr(SPACES, **at)); (*at)++) {
		if (quote ? **at == quote : **at == '"' || **at == '\'')
			quote = quote ? 0 : **at;
		else if (length++ < COMMAND_LINE_WORD_MAX)
			word[length - 1] = **at;
	}
	if (length > COMMAND_LINE_WORD_MAX)
		return false;
	word[length] = 0;
	return true;
}

bool command_line_word(const char **at, char word[COMMAND_LINE_WORD_MAX + 1])
{
	do {
		*at += strspn(*at, SPACES);
		if (!**at)
			return false;
	} while (!read_word(at, word));
	return true;
}

/* What stands behind the name: "=0", ""; NULL: it is another one. */
static const char *behind_name(const char *word, const char *name)
{
	for (; *name; name++, word++)
		if (*word != *name && !((*word == '-' || *word == '_') && (*name == '-' || *name == '_')))
			return NULL;
	return !*word || *word == '=' ? word : NULL;
}

/* As systemd has it. */
static int parse_switch(const char *value, bool *is_on)
{
	static const char *const words[][2] = {
		{ "1", "0" }, { "yes", "no" }, { "y", "n" }, { "true", "false" }, { "t", "f" }, { "on", "off" }
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		for (int off = 0; off <= 1; off++)
			if (!strcasecmp(value, words[i][off])) {
				*is_on = !off;
				return 0;
			}
	return -EINVAL;
}

int command_line_switch(const char *line, const char *name, bool *is_on)
{
	char word[COMMAND_LINE_WORD_MAX + 1];
	int err = -ENOENT;

	while (command_line_word(&line, word)) {
		const char *behind = behind_name(word, name);

		if (behind && !*behind) {
			*is_on = true;
			err = 0;
		} else if (behind) {
			err = parse_switch(behind + 1, is_on);
		}
	}
	return err;
}
