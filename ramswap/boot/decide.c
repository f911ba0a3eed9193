// SPDX-License-Identifier: GPL-2.0-or-later
#include "decide.h"
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "../config/command_line.h"
#include "../config/config.h"
#include "../config/files.h"
#include "../config/import.h"

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

/* As systemd-detect-virt(1) finds one, below any root. */
static bool is_container(int root)
{
	static const char *const signs[] = { "/run/systemd/container", "/run/.containerenv", "/.dockerenv" };
	char variables[32768];
	const char *at = variables, *end;

	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++)
		if (config_is_there(root, signs[i]))
			return true;
	if (config_is_there(root, "/proc/vz") && !config_is_there(root, "/proc/bc"))
		return true;
	/* They are separated by bytes of 0, and the last one has another behind it. */
	memset(variables, 0, sizeof(variables));
	if (config_read_short(root, "/proc/1/environ", variables, sizeof(variables)))
		return false;
	for (end = variables + sizeof(variables) - 1; at < end && *at; at += strlen(at) + 1)
		if (!strncmp(at, "container=", 10) && at[10])
			return true;
	return false;
}

/* An initramfs, a container, and the kernel that saves another's memory are none of ours. */
static bool is_elsewhere(int root)
{
	return config_is_there(root, "/etc/initrd-release") || config_is_there(root, "/proc/vmcore") || is_container(root);
}

/* What the command line asks for: 1, 0; -1: nothing. */
static int asked_for(int root, struct boot_decision *decision)
{
	char line[16384];
	bool is_on = false;
	int err = config_read_short(root, "/proc/cmdline", line, sizeof(line));

	if (!err)
		err = command_line_switch(line, "ramswap", &is_on);
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
	if (begins(source->name, "ram"))
		add_module(decision, "brd");
	if (!begins(source->name, "namespace"))
		add_device(decision, "/dev/", source->name);
}

static bool is_off(const struct ramswap_settings *settings, const char *name)
{
	for (size_t i = 0; i < settings->source_count; i++)
		if (!strcmp(settings->sources[i].name, name))
			return settings->sources[i].use == RAMSWAP_USE_NO;
	return false;
}

/* Reserved memory is a device only when its drivers are loaded, and they may be so later than this. */
static void add_reserved(int root, const struct ramswap_settings *settings, struct boot_decision *decision)
{
	int fd = config_open(root, "/proc/iomem", O_RDONLY);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "r");
	char line[512];

	if (!file && fd >= 0)
		close(fd);
	while (file && fgets(line, sizeof(line), file)) {
		if (!strstr(line, " : Persistent Memory"))
			continue;
		add_module(decision, "nd_pmem");
		if (!strstr(line, " : Persistent Memory (legacy)"))
			continue;
		add_module(decision, "nd_e820");
		if (!is_off(settings, "pmem0"))
			add_device(decision, "/dev/", "pmem0");
	}
	if (file)
		fclose(file);
}

static void add_all(int root, const struct ramswap_settings *settings, struct boot_decision *decision)
{
	bool has_zram = settings->zram != RAMSWAP_USE_NO;

	if (has_zram)
		add_module(decision, "zram");
	for (size_t i = 0; i < settings->source_count; i++)
		if (settings->sources[i].use == RAMSWAP_USE_YES || settings->sources[i].use == RAMSWAP_USE_SYSTEM_RAM)
			add_source(decision, &settings->sources[i]);
	add_reserved(root, settings, decision);
	if (has_zram && *settings->writeback)
		add_device(decision, "", settings->writeback);
	decision->wants_upkeep = has_zram && (*settings->writeback ||
		(*settings->recompression && strcmp(settings->recompression, "none")));
}

/* Whether another is here first. */
static bool is_refused(int root, const struct ramswap_settings *settings, struct boot_decision *decision)
{
	unsigned int others = settings->beside_others ? 0 : import_find_active(root);

	if (others)
		remark(decision, "%s sets up zram here, so ramswap is not started: see ramswap import",
			others & RAMSWAP_OTHER_GENERATOR ? "zram-generator" :
			others & RAMSWAP_OTHER_TOOLS	 ? "zram-tools" :
							   "another service");
	return others;
}

void boot_decide(int root, struct boot_decision *decision)
{
	struct ramswap_settings settings;
	struct ramswap_problem problem;
	int asked;

	*decision = (struct boot_decision){ .is_wanted = false };
	if (is_elsewhere(root))
		return;
	asked = asked_for(root, decision);
	if (!asked || (asked < 0 && !config_exists(root)))
		return;
	/* The service says what is wrong. */
	if (config_load(root, NULL, &settings, &problem)) {
		decision->is_wanted = true;
		return;
	}
	if (is_refused(root, &settings, decision))
		return;
	decision->is_wanted = true;
	add_all(root, &settings, decision);
}
