// SPDX-License-Identifier: GPL-2.0-or-later
#include "others.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "parse.h"
#include "reader.h"
#include "text.h"

#define UNITS "etc/systemd/system"

enum { FILE_MOST = 64 << 10 };

/* The first of them hides the file of that name in the others, also where it is empty. */
static const char *const folders[] = { "etc/systemd", "run/systemd", "usr/local/lib/systemd", "usr/lib/systemd", NULL };

enum generator_switch { SWITCH_NONE, SWITCH_ON, SWITCH_OFF };

/* A link to /dev/null. */
static bool is_masked(int root, const char *path)
{
	char name[RAMSWAP_NAME_MAX + 1];

	return facts_read_link(root, path, name) && !strcmp(name, "null");
}

/* "[zram0]" */
bool facts_parse_generator(const char *text, size_t size)
{
	struct facts_lines lines;

	facts_lines_begin(&lines, text, size);
	while (facts_line_next(&lines)) {
		const char *section = lines.line + strspn(lines.line, " \t");

		if (!strncmp(section, "[zram", 5))
			return true;
	}
	return false;
}

/* *is_there: the file is, so that it hides others. */
static bool has_device(int root, const char *path, bool *is_there)
{
	struct facts_buffer buffer = { 0 };
	bool has = false;

	*is_there = facts_exists(root, path);
	if (*is_there && !facts_read_text(&buffer, root, path, FILE_MOST))
		has = facts_parse_generator(buffer.text, buffer.size);
	free(buffer.text);
	return has;
}

static bool has_generator_file(int root)
{
	char path[128];
	bool is_there = false, has = false;

	for (const char *const *folder = folders; *folder && !is_there; folder++) {
		snprintf(path, sizeof(path), "%s/zram-generator.conf", *folder);
		has = has_device(root, path, &is_there);
	}
	return has;
}

/* Drop-ins alone make devices, too. */
static bool has_generator_drop_in(int root)
{
	char path[256];
	struct facts_names names;
	bool has = false, is_there;

	for (const char *const *folder = folders; *folder && !has; folder++) {
		snprintf(path, sizeof(path), "%s/zram-generator.conf.d", *folder);
		if (facts_read_names(root, path, "", &names))
			continue;
		for (size_t i = 0; i < names.count && !has; i++) {
			snprintf(path, sizeof(path), "%s/zram-generator.conf.d/%s", *folder, names.names[i]);
			has = has_device(root, path, &is_there);
		}
		facts_names_free(&names);
	}
	return has;
}

/* The first that is there hides the others; a package that was removed leaves its configuration. */
static bool is_generator_installed(int root)
{
	static const char *const places[] = { "run", "etc", "usr/local/lib", "usr/lib", "lib", NULL };
	char path[128];

	for (const char *const *place = places; *place; place++) {
		snprintf(path, sizeof(path), "%s/systemd/system-generators/zram-generator", *place);
		if (facts_exists(root, path))
			return !is_masked(root, path);
	}
	return false;
}

/* systemd.zram=0 and the like of the command line. */
static enum generator_switch read_switch(int root)
{
	static const char *const offs[] = { "0", "no", "n", "false", "f", "off", NULL };
	char value[16];
	struct facts_buffer buffer = { 0 };
	bool is_there = !facts_read_text(&buffer, root, "proc/cmdline", FILE_MOST) &&
			facts_has_parameter(buffer.text, "systemd.zram", value, sizeof(value));

	free(buffer.text);
	if (!is_there)
		return SWITCH_NONE;
	for (const char *const *off = offs; *off; off++)
		if (!strcmp(value, *off))
			return SWITCH_OFF;
	return SWITCH_ON;
}

/* With the switch on it needs no configuration. */
static bool is_generator_active(int root)
{
	enum generator_switch set;

	if (!is_generator_installed(root))
		return false;
	set = read_switch(root);
	return set == SWITCH_ON || (set == SWITCH_NONE && (has_generator_file(root) || has_generator_drop_in(root)));
}

/* What the links in a folder such as multi-user.target.wants start. */
static unsigned int find_units(int root, const char *wants)
{
	char path[256];
	struct facts_names names;
	unsigned int found = 0;

	snprintf(path, sizeof(path), UNITS "/%s", wants);
	if (facts_read_names(root, path, "", &names))
		return 0;
	for (size_t i = 0; i < names.count; i++) {
		const char *unit = names.names[i];

		/* A package that was removed may leave the link that enabled it, and a mask. */
		snprintf(path, sizeof(path), UNITS "/%s", unit);
		if (!strstr(unit, "zram") || is_masked(root, path))
			continue;
		found |= !strcmp(unit, "zramswap.service") ? RAMSWAP_OTHER_TOOLS : RAMSWAP_OTHER_CONFIG;
	}
	facts_names_free(&names);
	return found;
}

unsigned int facts_find_others(int root)
{
	struct facts_names names;
	unsigned int found = 0;

	if (is_generator_active(root))
		found |= RAMSWAP_OTHER_GENERATOR;
	if (facts_read_names(root, UNITS, "", &names))
		return found;
	for (size_t i = 0; i < names.count; i++) {
		const char *suffix = strrchr(names.names[i], '.');

		if (suffix && (!strcmp(suffix, ".wants") || !strcmp(suffix, ".requires")))
			found |= find_units(root, names.names[i]);
	}
	facts_names_free(&names);
	return found;
}

int facts_read_others(struct facts_reader *reader)
{
	reader->facts->others = facts_find_others(reader->root);
	return 0;
}
