// SPDX-License-Identifier: GPL-2.0-or-later
#include "import.h"
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../lib/file/below.h"
#include "command_line.h"
#include "import_parts.h"
#include "lines.h"
#include "keys.h"

#define COMMAND_LINE "the kernel's command line"
#define GENERATOR_SWITCH "systemd.zram"

int import_note(struct imported *imported, const char *where, const char *format, ...)
{
	struct import_note *notes;
	char text[384];
	va_list arguments;

	if (imported->note_count == IMPORT_NOTES_MAX)
		return 0;
	notes = realloc(imported->notes, (imported->note_count + 1) * sizeof(*notes));
	if (!notes)
		return -ENOMEM;
	imported->notes = notes;
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	snprintf(notes[imported->note_count++].text, sizeof(notes->text), "%.120s: %s", where, text);
	return 0;
}

/* Of a line of ramswap.conf, which could not be read back otherwise. */
static bool fits_line(const char *name, const char *text)
{
	return strlen(name) + strlen(" = ") + strlen(text) <= CONFIG_LINE_MAX;
}

int import_set(struct imported *imported, const char *section, const char *name, const char *text,
	const struct import_value *value, const char *what)
{
	struct ramswap_settings settings = imported->settings;
	struct ramswap_problem problem = { "it is too long for a line of ramswap.conf" };

	if (!fits_line(name, text) || config_take(&settings, section, name, text, &problem))
		return import_note(imported, value->where, "%s = %.100s: left out, the plan decides: %s", what,
			value->text, problem.text);
	imported->settings = settings;
	return 0;
}

static int add_first_device(struct generator_config *config, struct imported *imported)
{
	if (config->count && !config->devices[0].number)
		return 0;
	if (config->count == IMPORT_DEVICES_MAX)
		config->count--;
	memmove(config->devices + 1, config->devices, config->count * sizeof(*config->devices));
	config->devices[0] = (struct generator_device){ .where = COMMAND_LINE };
	config->count++;
	return import_note(imported, COMMAND_LINE,
		"systemd.zram: it makes zram-generator set up zram0; ramswap=1 is what ramswap goes by");
}

static int settle_generator(const struct ramswap_facts *facts, struct generator_config *config,
	struct imported *imported, struct ramswap_problem *problem)
{
	bool is_on = false;
	int switched = command_line_switch(facts->command_line, GENERATOR_SWITCH, &is_on), err = 0;
	size_t count;

	if (!switched && !is_on) {
		imported->settings.zram = RAMSWAP_USE_NO;
		return import_note(imported, COMMAND_LINE,
			"systemd.zram: it turns zram-generator off, so zram stays off; ramswap=0 turns ramswap off");
	}
	if (!switched)
		err = add_first_device(config, imported);
	/* zram-generator counts whole MiB, too. */
	return err ? err : generator_settle(config, facts->memory.total >> 20, imported, &count, problem);
}

static int import_generator(int root, const struct ramswap_facts *facts, struct imported *imported,
	struct ramswap_problem *problem)
{
	struct generator_config *config = calloc(1, sizeof(*config));
	int err = config ? generator_load(root, config, imported, problem) : -ENOMEM;

	if (!err)
		err = settle_generator(facts, config, imported, problem);
	free(config);
	return err == -ENOMEM ? config_fail(problem, err, "%s", strerror(-err)) : err;
}

static int import_tools(int root, struct imported *imported, struct ramswap_problem *problem)
{
	int fd = file_open_below(root, IMPORT_TOOLS_FILE, O_RDONLY), err = 0;
	struct config_text text = { 0 };

	if (fd >= 0)
		err = config_read_text(fd, IMPORT_TOOLS_FILE, IMPORT_SIZE_MAX, &text, problem);
	else if (fd != -ENOENT)
		return config_fail(problem, fd, "%s: %s", IMPORT_TOOLS_FILE, strerror(-fd));
	if (!err && tools_parse(IMPORT_TOOLS_FILE, text.bytes ? text.bytes : "", text.size, imported))
		err = config_fail(problem, -ENOMEM, "%s", strerror(ENOMEM));
	free(text.bytes);
	return err;
}

unsigned int import_find(int root)
{
	return (generator_exists(root) ? RAMSWAP_OTHER_GENERATOR : 0) |
		(config_is_there(root, IMPORT_TOOLS_FILE) ? RAMSWAP_OTHER_TOOLS : 0);
}

/* Without files, too: zram0 of systemd.zram, and zram-tools' defaults. */
static unsigned int find_others(int root, const struct ramswap_facts *facts)
{
	unsigned int found = import_find(root) | (facts->others & RAMSWAP_OTHER_TOOLS);
	bool is_on = false;

	if (!command_line_switch(facts->command_line, GENERATOR_SWITCH, &is_on) && is_on)
		found |= RAMSWAP_OTHER_GENERATOR;
	return found;
}

int import_read(int root, const struct ramswap_facts *facts, struct imported *imported, struct ramswap_problem *problem)
{
	const unsigned int others = find_others(root, facts);
	int err;

	*imported = (struct imported){ .others = others };
	ramswap_settings_init(&imported->settings);
	if (!others)
		return config_fail(problem, -ENOENT, "neither zram-generator nor zram-tools has a configuration here");
	if (others & RAMSWAP_OTHER_GENERATOR)
		err = import_generator(root, facts, imported, problem);
	else
		err = import_tools(root, imported, problem);
	if (!err && others == (RAMSWAP_OTHER_GENERATOR | RAMSWAP_OTHER_TOOLS) &&
		import_note(imported, IMPORT_TOOLS_FILE, "left out: zram-generator has a configuration, too"))
		err = config_fail(problem, -ENOMEM, "%s", strerror(ENOMEM));
	if (err)
		import_free(imported);
	/* A file that went meanwhile. */
	return err == -ENOENT ? -EIO : err;
}

void import_free(struct imported *imported)
{
	free(imported->notes);
	*imported = (struct imported){ 0 };
}
