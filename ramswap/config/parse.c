// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h"
#include "lines.h"
#include "keys.h"

static int take_line(void *context, const struct ini_line *line, struct ramswap_problem *problem)
{
	if (!line->name)
		return config_check_section(line->section, problem);
	return config_take(context, line->section, line->name, line->value, problem);
}

int config_parse(const char *name, const char *text, size_t size, struct ramswap_settings *settings,
	struct ramswap_problem *problem)
{
	struct ramswap_settings changed = *settings;
	int err = config_read_lines(name, text, size, take_line, &changed, problem);

	if (!err)
		*settings = changed;
	return err;
}
