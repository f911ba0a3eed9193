// SPDX-License-Identifier: GPL-2.0-or-later
/* Who else sets up zram. */
#include <stdio.h>
#include "import_parts.h"

/* Names in the folders from which units are started. */
static unsigned int find_units(int root)
{
	static const char *const targets[] = { "multi-user", "sysinit", "basic", "swap", "local-fs", "default" };
	static const struct {
		const char *name;
		unsigned int bit;
	} units[] = {
		{ "zramswap", RAMSWAP_OTHER_TOOLS },
		{ "zram-config", RAMSWAP_OTHER_CONFIG },
		{ "zram-swap", RAMSWAP_OTHER_CONFIG },
		{ "zram", RAMSWAP_OTHER_CONFIG },
	};
	unsigned int found = 0;
	char path[128];

	for (size_t unit = 0; unit < sizeof(units) / sizeof(*units); unit++) {
		snprintf(path, sizeof(path), "/etc/systemd/system/%s.service", units[unit].name);
		if (config_is_masked(root, path))
			continue;
		for (size_t target = 0; target < sizeof(targets) / sizeof(*targets); target++) {
			snprintf(path, sizeof(path), "/etc/systemd/system/%s.target.wants/%s.service", targets[target],
				units[unit].name);
			if (config_is_there(root, path))
				found |= units[unit].bit;
		}
	}
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
