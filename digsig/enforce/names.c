// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>
#include "engine.h"

static const char *const mode_names[] = {
	[DIGSIG_MODE_MONITOR] = "monitor",
	[DIGSIG_MODE_PERMISSIVE] = "permissive",
	[DIGSIG_MODE_ENFORCING] = "enforcing",
};

const char *engine_mode_name(unsigned int mode)
{
	return mode < sizeof(mode_names) / sizeof(mode_names[0]) ? mode_names[mode] : NULL;
}

unsigned int engine_mode_by_name(const char *name)
{
	for (unsigned int mode = DIGSIG_MODE_MONITOR; mode <= DIGSIG_MODE_ENFORCING; mode++)
		if (!strcmp(name, mode_names[mode]))
			return mode;
	return 0;
}
