// SPDX-License-Identifier: GPL-2.0-or-later
/* The files of zram-generator, line by line. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../lib/text/number.h"
#include "import_parts.h"
#include "lines.h"

static const char *const main_files[] = {
	"/run/systemd/zram-generator.conf",
	"/etc/systemd/zram-generator.conf",
	"/usr/local/lib/systemd/zram-generator.conf",
	"/usr/lib/systemd/zram-generator.conf",
};

static const char *const folders[] = {
	"/run/systemd/zram-generator.conf.d",
	"/etc/systemd/zram-generator.conf.d",
	"/usr/local/lib/systemd/zram-generator.conf.d",
	"/usr/lib/systemd/zram-generator.conf.d",
};

enum { FOLDERS = sizeof(folders) / sizeof(*folders) };

static const struct {
	const char *name;
	enum generator_key key;
} keys[] = {
	{ "host-memory-limit", GENERATOR_MEMORY_LIMIT },
	{ "memory-limit", GENERATOR_MEMORY_LIMIT },
	{ "zram-size", GENERATOR_SIZE },
	{ "zram-resident-limit", GENERATOR_RESIDENT_LIMIT },
	{ "compression-algorithm", GENERATOR_ALGORITHM },
	{ "writeback-device", GENERATOR_WRITEBACK },
	{ "swap-priority", GENERATOR_PRIORITY },
	{ "mount-point", GENERATOR_MOUNT_POINT },
	{ "fs-type", GENERATOR_FS_TYPE },
	{ "options", GENERATOR_OPTIONS },
	{ "zram-fraction", GENERATOR_FRACTION },
	{ "max-zram-size", GENERATOR_MAX_SIZE },
};

struct parser {
	struct generator_config *config;
	struct imported *imported;
};

/* "zram7" */
static bool parse_section(const char *section, __u64 *number)
{
	return !strncmp(section, "zram", 4) && !number_parse(section + 4, 0, ~0ULL, number);
}

/* The device of that number, a new one if there is none yet. NULL: there are too many. */
static struct generator_device *find_device(struct generator_config *config, __u64 number, const char *where)
{
	size_t at = 0;

	while (at < config->count && config->devices[at].number < number)
		at++;
	if (at < config->count && config->devices[at].number == number)
		return &config->devices[at];
	if (config->count == IMPORT_DEVICES_MAX)
		return NULL;
	memmove(config->devices + at + 1, config->devices + at, (config->count - at) * sizeof(*config->devices));
	config->devices[at] = (struct generator_device){ .number = number };
	strcpy(config->devices[at].where, where);
	config->count++;
	return &config->devices[at];
}

/* Quotes around all of it go, and the spaces in them. */
static void copy_value(char *text, const char *value)
{
	size_t length = strlen(value);

	if (length >= 2 && (*value == '"' || *value == '\'') && value[length - 1] == *value) {
		value++;
		length -= 2;
	}
	for (; length && strchr(" \t", *value); value++)
		length--;
	while (length && strchr(" \t", value[length - 1]))
		length--;
	if (length >= IMPORT_VALUE_MAX)
		length = IMPORT_VALUE_MAX - 1;
	memcpy(text, value, length);
	text[length] = 0;
}

static int take_setting(struct parser *parser, struct generator_device *device, const char *where,
	const struct ini_line *line)
{
	size_t i = 0;
	struct import_value *value;

	while (i < sizeof(keys) / sizeof(*keys) && strcmp(keys[i].name, line->name))
		i++;
	if (i == sizeof(keys) / sizeof(*keys))
		return import_note(parser->imported, where, "%.60s: not a key of zram-generator: left out", line->name);
	value = &device->values[keys[i].key];
	snprintf(value->where, sizeof(value->where), "%s", where);
	copy_value(value->text, line->value);
	return 0;
}

static int take_without_device(struct parser *parser, const char *where, const struct ini_line *line)
{
	if (!line->name)
		return import_note(parser->imported, where, "[%.60s]: not a device of zram-generator: left out",
			line->section);
	if (*line->section)
		return 0; /* That was said of the section. */
	if (!strncmp(line->name, "set!", 4))
		return import_note(parser->imported, where,
			"%.60s = %.60s: a program, which is not run: a size with %.60s cannot be taken over", line->name,
			line->value, line->name + 4);
	return import_note(parser->imported, where, "%.60s: outside of a section: left out", line->name);
}

static int take_line(void *context, const struct ini_line *line, struct ramswap_problem *problem)
{
	struct parser *parser = context;
	struct generator_device *device;
	char where[IMPORT_WHERE_MAX];
	__u64 number;

	snprintf(where, sizeof(where), "%.300s:%u", line->file, line->number);
	if (!parse_section(line->section, &number))
		return take_without_device(parser, where, line);
	device = find_device(parser->config, number, where);
	if (!device)
		return config_fail(problem, -EINVAL, "more than %d devices", IMPORT_DEVICES_MAX);
	return line->name ? take_setting(parser, device, where, line) : 0;
}

int generator_parse(const char *name, const char *text, size_t size, struct generator_config *config,
	struct imported *imported, struct ramswap_problem *problem)
{
	struct parser parser = { config, imported };

	return config_read_lines(name, text, size, take_line, &parser, problem);
}

static int load_file(int root, const char *path, struct generator_config *config, struct imported *imported,
	struct ramswap_problem *problem)
{
	int fd = config_open(root, path, O_RDONLY | O_NONBLOCK | O_NOCTTY), err;
	struct config_text text;

	if (fd < 0)
		return config_fail(problem, fd, "%.300s: %s", path, strerror(-fd));
	err = config_read_text(fd, path, IMPORT_SIZE_MAX, &text, problem);
	if (!err)
		err = generator_parse(path, text.bytes, text.size, config, imported, problem);
	free(text.bytes);
	return err;
}

/* NULL: there is none, or the first one is a link to /dev/null. */
static const char *find_main_file(int root)
{
	for (size_t i = 0; i < sizeof(main_files) / sizeof(*main_files); i++) {
		if (config_is_masked(root, main_files[i]))
			return NULL;
		if (config_is_there(root, main_files[i]))
			return main_files[i];
	}
	return NULL;
}

int generator_load(int root, struct generator_config *config, struct imported *imported,
	struct ramswap_problem *problem)
{
	struct config_fragments fragments;
	const char *main_file = find_main_file(root);
	int err = config_find_fragments(root, folders, FOLDERS, &fragments);

	if (err)
		return config_fail(problem, err, "zram-generator.conf.d: %s", strerror(-err));
	if (main_file)
		err = load_file(root, main_file, config, imported, problem);
	for (size_t i = 0; i < fragments.count && !err; i++)
		err = load_file(root, fragments.paths[i], config, imported, problem);
	config_free_fragments(&fragments);
	return err;
}

bool generator_exists(int root)
{
	struct config_fragments fragments;
	bool exists;

	if (find_main_file(root))
		return true;
	if (config_find_fragments(root, folders, FOLDERS, &fragments))
		return false;
	exists = fragments.count > 0;
	config_free_fragments(&fragments);
	return exists;
}
