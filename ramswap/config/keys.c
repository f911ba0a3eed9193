// SPDX-License-Identifier: GPL-2.0-or-later
#include "keys.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "../../lib/text/nearest.h"
#include "lines.h"

static const struct config_word zram_uses[] = {
	{ "auto", RAMSWAP_USE_AUTO },
	{ "yes", RAMSWAP_USE_YES },
	{ "no", RAMSWAP_USE_NO },
	{ NULL, 0 },
};

static const struct config_word source_uses[] = {
	{ "auto", RAMSWAP_USE_AUTO },
	{ "yes", RAMSWAP_USE_YES },
	{ "no", RAMSWAP_USE_NO },
	{ "system-ram", RAMSWAP_USE_SYSTEM_RAM },
	{ NULL, 0 },
};

static const struct config_word automatic[] = { { "auto", -1 }, { NULL, 0 } };
static const struct config_word kept[] = { { "keep", -1 }, { NULL, 0 } };
static const struct config_word none[] = { { "none", 0 }, { NULL, 0 } };

#define FIELD(structure, field) offsetof(struct structure, field), sizeof(((struct structure *)NULL)->field)
#define SETTING(field) FIELD(ramswap_settings, field)

const struct config_key config_keys[] = {
	{ "zram", "use", &config_choice, SETTING(zram), zram_uses, 0, 0 },
	{ "zram", "size", &config_expression, SETTING(zram_size), NULL, 0, 0 },
	{ "zram", "limit", &config_expression, SETTING(zram_limit), NULL, 0, 0 },
	{ "zram", "algorithm", &config_algorithm, SETTING(algorithm), NULL, 0, 0 },
	{ "zram", "recompression", &config_algorithm, SETTING(recompression), none, 0, 0 },
	{ "zram", "writeback", &config_path, SETTING(writeback), NULL, 0, 0 },
	{ "zram", "idle-after", &config_duration, SETTING(idle_after), NULL, 0, 0 },
	{ "zram", "recompress-after", &config_duration, SETTING(recompress_after), NULL, 0, 0 },
	{ "zram", "writeback-daily", &config_size, SETTING(writeback_daily), NULL, 0, 0 },
	{ "source", "use", &config_choice, FIELD(ramswap_source, use), source_uses, 0, 0 },
	{ "policy", "above-all", &config_flag, SETTING(above_all), NULL, 0, 0 },
	{ "policy", "priority", &config_number, SETTING(priority), automatic, 0, RAMSWAP_PRIORITY_MOST },
	{ "policy", "demotion", &config_flag, SETTING(demotion), NULL, 0, 0 },
	{ "policy", "zswap-off", &config_flag, SETTING(zswap_off), NULL, 0, 0 },
	{ "policy", "swappiness", &config_number, SETTING(swappiness), automatic, 0, 200 },
	{ "policy", "page-cluster", &config_number, SETTING(page_cluster), automatic, 0, 31 },
	{ "policy", "watermark-scale-factor", &config_number, SETTING(watermark_scale_factor), kept, 1, 3000 },
	{ "policy", "beside-others", &config_flag, SETTING(beside_others), NULL, 0, 0 },
	{ NULL, NULL, NULL, 0, 0, NULL, 0, 0 },
};

void ramswap_settings_init(struct ramswap_settings *settings)
{
	*settings = (struct ramswap_settings){
		.above_all = true,
		.priority = -1,
		.zswap_off = true,
		.swappiness = -1,
		.page_cluster = -1,
		.watermark_scale_factor = -1,
	};
}

/* The name in "source NAME"; NULL: the section is not like this. */
static const char *source_name(const char *section)
{
	return strncmp(section, "source ", 7) ? NULL : section + 7;
}

static int check_source(const char *name, struct ramswap_problem *problem)
{
	if (!strncmp(name, "/dev/", 5))
		return config_fail(problem, -EINVAL, "[source %.40s]: it is [source %.40s], without /dev/", name,
			name + 5);
	if (strlen(name) > RAMSWAP_NAME_MAX)
		return config_fail(problem, -EINVAL, "[source %.40s...]: a name has at most %d bytes", name,
			RAMSWAP_NAME_MAX);
	for (const char *at = name; *at; at++)
		if (*at == '/' || *at == ' ' || (unsigned char)*at < ' ' || *at == 127)
			return config_fail(problem, -EINVAL, "[source %.40s]: it is the name of one device, as ramswap sources "
							     "lists it: [source pmem0]",
				name);
	return 0;
}

int config_check_section(const char *section, struct ramswap_problem *problem)
{
	const char *source = source_name(section);
	struct nearest nearest = { .word = section };

	if (source)
		return check_source(source, problem);
	if (!strcmp(section, "zram") || !strcmp(section, "policy"))
		return 0;
	if (!strcmp(section, "source"))
		return config_fail(problem, -EINVAL, "[source]: which one? [source pmem0]");
	nearest_try(&nearest, "zram");
	nearest_try(&nearest, "policy");
	if (nearest.name)
		return config_fail(problem, -EINVAL, "[%.40s]: no such section; did you mean [%s]?", section,
			nearest.name);
	return config_fail(problem, -EINVAL,
		"[%.40s]: no such section: there are [zram], [source NAME] and [policy]", section);
}

static int unknown(const char *section, const char *name, struct ramswap_problem *problem)
{
	struct nearest nearest = { .word = name };
	const struct config_key *key, *elsewhere = NULL;

	for (key = config_keys; key->section; key++) {
		if (!strcmp(key->section, section))
			nearest_try(&nearest, key->name);
		else if (!strcmp(key->name, name))
			elsewhere = key;
	}
	if (elsewhere)
		return config_fail(problem, -EINVAL, "%s: not a setting of [%s], but of [%s]", name, section,
			strcmp(elsewhere->section, "source") ? elsewhere->section : "source NAME");
	if (nearest.name)
		return config_fail(problem, -EINVAL, "%s: no such setting in [%s]; did you mean %s?", name, section,
			nearest.name);
	return config_fail(problem, -EINVAL, "%s: no such setting in [%s]: see ramswap.conf(5)", name, section);
}

/* The source of that name, a new one if there is none yet. NULL: there are too many. */
static struct ramswap_source *find_source(struct ramswap_settings *settings, const char *name)
{
	struct ramswap_source *source;

	for (size_t i = 0; i < settings->source_count; i++)
		if (!strcmp(settings->sources[i].name, name))
			return &settings->sources[i];
	if (settings->source_count == RAMSWAP_SOURCES_MAX)
		return NULL;
	source = &settings->sources[settings->source_count++];
	*source = (struct ramswap_source){ 0 };
	snprintf(source->name, sizeof(source->name), "%s", name);
	return source;
}

/* base: the structure that the key's field is in. */
static int take_value(const struct config_key *key, void *base, const char *value, struct ramswap_problem *problem)
{
	struct ramswap_settings usual;
	struct ramswap_problem reason = { "" };
	int err;

	if (!*value) {
		ramswap_settings_init(&usual);
		if (strcmp(key->section, "source"))
			memcpy((char *)base + key->offset, (char *)&usual + key->offset, key->size);
		else
			memset((char *)base + key->offset, 0, key->size);
		return 0;
	}
	err = key->form->take(key, (char *)base + key->offset, value, &reason);
	if (!err)
		return 0;
	return config_fail(problem, err, "%s = %.100s: %.300s%s", key->name, value, reason.text,
		strstr(value, " #") ? " (a comment behind a value begins with ;)" : "");
}

int config_take(struct ramswap_settings *settings, const char *section, const char *name, const char *value,
	struct ramswap_problem *problem)
{
	const char *name_of_source = source_name(section), *kind = name_of_source ? "source" : section;
	const struct config_key *key = config_keys;
	void *base = settings;

	if (!*section)
		return config_fail(problem, -EINVAL,
			"%s: a setting stands in a section: [zram], [source NAME] or [policy]", name);
	while (key->section && (strcmp(key->section, kind) || strcmp(key->name, name)))
		key++;
	if (!key->section)
		return unknown(kind, name, problem);
	if (name_of_source)
		base = find_source(settings, name_of_source);
	if (!base)
		return config_fail(problem, -EINVAL, "more than %d sections [source NAME]", RAMSWAP_SOURCES_MAX);
	return take_value(key, base, value, problem);
}
