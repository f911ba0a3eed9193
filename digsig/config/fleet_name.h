/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What groups and hosts of a fleet may be called. Pure. */
#ifndef DIGSIG_CONFIG_FLEET_NAME_H
#define DIGSIG_CONFIG_FLEET_NAME_H

#include <stdbool.h>

enum {
	FLEET_GROUP_MAX = 64, /* bytes of a name, without the NUL */
	FLEET_HOST_MAX = 200,
};

/* a-z, 0-9, "_" and "-": one word of a subject. */
bool fleet_is_group(const char *name);

/* The same and dots, of which none begins or ends the name or follows another one. */
bool fleet_is_host(const char *name);

#endif
