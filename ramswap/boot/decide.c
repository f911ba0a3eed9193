// SPDX-License-Identifier: GPL-2.0-or-later
#include "decide.h"
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "../config/command_line.h"
#include "../config/config.h"
#include "../config/files.h"

static void remark(struct boot_decision *decision, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The first one stays. */
static void remark(struct boot_decision *decision, const char *format, ...)
{
	va_list arguments;

	if (*decision->remark)
		return;
	va_start(arguments, format);
	vsnprintf(decision->remark, sizeof(decision->remark), format, arguments);
	va_end(arguments);
}

/* What the command line asks for: 1, 0; -1: nothing. */
static int asked_for(const struct ramswap_facts *facts, struct boot_decision *decision)
{
	bool is_on = false;
	int err = command_line_switch(facts->command_line, "ramswap", &is_on);

	if (err == -EINVAL)
		remark(decision, "ramswap= on the kernel's command line is neither 0 nor 1, and does not count");
	return err ? -1 : is_on;
}

static void add_module(struct boot_decision *decision, const char *name)
{
	for (size_t i = 0; i < decision->module_count; i++)
		if (!strcmp(decision->modules[i], name))
			return;
	if (decision->module_count < BOOT_MODULES_MAX)
		decision->modules[decision->module_count++] = name;
}

static void add_device(struct boot_decision *decision, const char *folder, const char *name)
{
	char path[RAMSWAP_PATH_MAX + 1];

	snprintf(path, sizeof(path), "%s%s", folder, name);
	/* Nothing else can be waited for. */
	if (strncmp(path, "/dev/", 5) || strstr(path, "/../"))
		return;
	for (size_t i = 0; i < decision->device_count; i++)
		if (!strcmp(decision->devices[i], path))
			return;
	if (decision->device_count < BOOT_DEVICES_MAX)
		strcpy(decision->devices[decision->device_count++], path);
}

static bool begins(const char *name, const char *prefix)
{
	return !strncmp(name, prefix, strlen(prefix));
}

/* What was named, and has to be there for it. */
static void add_source(struct boot_decision *decision, const struct ramswap_source *source)
{
	if (begins(source->name, "dax")) {
		add_module(decision, "device_dax");
		if (source->use == RAMSWAP_USE_SYSTEM_RAM)
			add_module(decision, "kmem");
		return;
	}
	if (begins(source->name, "pmem") || begins(source->name, "namespace"))
		add_module(decision, "nd_pmem");
	/* Its devices are there when the module is. */
	if (begins(source->name, "ram"))
		add_module(decision, "brd");
	else if (!begins(source->name, "namespace"))
		add_device(decision, "/dev/", source->name);
}

/* Such memory is a device when its drivers are loaded, which udev may do later than this. */
static void add_ranges(const struct ramswap_facts *facts, struct boot_decision *decision)
{
	for (size_t i = 0; i < facts->range_count; i++) {
		enum ramswap_range_kind kind = facts->ranges[i].kind;

		if (kind == RAMSWAP_RANGE_PMEM || kind == RAMSWAP_RANGE_PMEM_LEGACY)
			add_module(decision, "nd_pmem");
		if (kind == RAMSWAP_RANGE_PMEM_LEGACY)
			add_module(decision, "nd_e820");
	}
}

static void add_all(
	const struct ramswap_facts *facts, const struct ramswap_settings *settings, struct boot_decision *decision)
{
	bool has_zram = settings->zram != RAMSWAP_USE_NO;

	if (has_zram)
		add_module(decision, "zram");
	for (size_t i = 0; i < settings->source_count; i++)
		if (settings->sources[i].use == RAMSWAP_USE_YES || settings->sources[i].use == RAMSWAP_USE_SYSTEM_RAM)
			add_source(decision, &settings->sources[i]);
	add_ranges(facts, decision);
	if (has_zram && *settings->writeback)
		add_device(decision, "", settings->writeback);
	/* An age is what ramswap maintain goes by. */
	decision->wants_upkeep = has_zram && ((*settings->writeback && settings->idle_after > 0) ||
		(strcmp(settings->recompression, "none") && settings->recompress_after > 0));
}

/* Whether another is here first. */
static bool is_refused(
	const struct ramswap_facts *facts, const struct ramswap_settings *settings, struct boot_decision *decision)
{
	unsigned int others = settings->beside_others ? 0 : facts->others;

	if (others)
		remark(decision, "%s sets up zram here, so ramswap is not started: see ramswap import",
			others & RAMSWAP_OTHER_GENERATOR ? "zram-generator" :
			others & RAMSWAP_OTHER_TOOLS	 ? "zram-tools" :
							   "another service");
	return others;
}

static void decide(int root, const struct ramswap_facts *facts, struct boot_decision *decision)
{
	struct ramswap_settings settings;
	struct ramswap_problem problem;
	int asked;

	if (facts->is_container || facts->is_crash_kernel)
		return;
	asked = asked_for(facts, decision);
	if (!asked || (asked < 0 && !config_exists(root)))
		return;
	/* The service says what is wrong. */
	if (config_load(root, NULL, &settings, &problem)) {
		decision->is_wanted = true;
		return;
	}
	if (is_refused(facts, &settings, decision))
		return;
	decision->is_wanted = true;
	add_all(facts, &settings, decision);
}

void boot_decide(int root, struct boot_decision *decision)
{
	struct ramswap_facts *facts;
	struct ramswap_problem problem;

	*decision = (struct boot_decision){ .is_wanted = false };
	/* An initramfs: the system that follows has a generator of its own. */
	if (config_is_there(root, "/etc/initrd-release"))
		return;
	if (ramswap_facts_read_some(root, RAMSWAP_READ_RANGES | RAMSWAP_READ_OTHERS, &facts, &problem)) {
		remark(decision, "%.480s", problem.text);
		return;
	}
	decide(root, facts, decision);
	ramswap_facts_free(facts);
}
