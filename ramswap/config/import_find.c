// SPDX-License-Identifier: GPL-2.0-or-later
/* Who else sets up zram. */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "import_parts.h"

#define UNITS "/etc/systemd/system"

/* A unit that is masked, or whose package is gone, is not started. */
static unsigned int judge_unit(int root, const char *folder, const char *unit)
{
	char path[1024];

	if (!strstr(unit, "zram"))
		return 0;
	snprintf(path, sizeof(path), UNITS "/%s", unit);
	if (config_is_masked(root, path))
		return 0;
	snprintf(path, sizeof(path), UNITS "/%s/%s", folder, unit);
	if (!config_is_there(root, path))
		return 0;
	return strcmp(unit, "zramswap.service") ? RAMSWAP_OTHER_CONFIG : RAMSWAP_OTHER_TOOLS;
}

static bool is_folder_of_links(const char *name)
{
	const char *suffix = strrchr(name, '.');

	return suffix && (!strcmp(suffix, ".wants") || !strcmp(suffix, ".requires"));
}

/* NULL: there is none. */
static DIR *open_folder(int root, const char *path)
{
	int fd = config_open(root, path, O_RDONLY | O_DIRECTORY);
	DIR *folder = fd < 0 ? NULL : fdopendir(fd);

	if (!folder && fd >= 0)
		close(fd);
	return folder;
}

static unsigned int find_in_folder(int root, const char *name)
{
	char path[512];
	unsigned int found = 0;
	struct dirent *entry;
	DIR *folder;

	snprintf(path, sizeof(path), UNITS "/%s", name);
	folder = open_folder(root, path);
	while (folder && (entry = readdir(folder)))
		found |= judge_unit(root, name, entry->d_name);
	if (folder)
		closedir(folder);
	return found;
}

/* What is enabled: links such as multi-user.target.wants/zramswap.service. */
static unsigned int find_units(int root)
{
	unsigned int found = 0;
	struct dirent *entry;
	DIR *folder = open_folder(root, UNITS);

	while (folder && (entry = readdir(folder)))
		if (is_folder_of_links(entry->d_name))
			found |= find_in_folder(root, entry->d_name);
	if (folder)
		closedir(folder);
	return found;
}

unsigned int import_find(int root)
{
	unsigned int found = find_units(root);
	bool is_on = false;

	if (generator_exists(root) || (!import_read_switch(root, &is_on) && is_on))
		found |= RAMSWAP_OTHER_GENERATOR;
	if (config_is_there(root, IMPORT_TOOLS_FILE))
		found |= RAMSWAP_OTHER_TOOLS;
	return found;
}

/* The first of the folders that has it counts: a link to /dev/null turns it off. */
static bool is_generator_installed(int root)
{
	static const char *const folders[] = { "/run", "/etc", "/usr/local/lib", "/usr/lib", "/lib" };
	char path[128];

	for (size_t i = 0; i < sizeof(folders) / sizeof(*folders); i++) {
		snprintf(path, sizeof(path), "%s/systemd/system-generators/zram-generator", folders[i]);
		if (config_is_masked(root, path))
			return false;
		if (config_is_there(root, path))
			return true;
	}
	return false;
}

unsigned int import_find_active(int root)
{
	struct imported unused = { 0 };
	struct ramswap_problem problem;
	unsigned int active = find_units(root);
	size_t count;

	ramswap_settings_init(&unused.settings);
	if (is_generator_installed(root) && !import_generator(root, &unused, &count, &problem) && count)
		active |= RAMSWAP_OTHER_GENERATOR;
	import_free(&unused);
	return active;
}
