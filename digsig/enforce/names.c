// SPDX-License-Identifier: GPL-2.0-or-later
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
