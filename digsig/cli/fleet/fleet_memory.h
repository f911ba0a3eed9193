/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The last state of each group and host that this administrator published or saw: as it is signed, in a file below
 * $XDG_STATE_HOME/digsig/fleet, or ~/.local/state. A server that was restored from an old backup, or lies, is noticed by it.
 */
#ifndef DIGSIG_CLI_FLEET_MEMORY_H
#define DIGSIG_CLI_FLEET_MEMORY_H

#include "../../fleet/manifest.h"

struct fleet_memory {
	char *bytes; /* owned; NULL: nothing is remembered */
	size_t size;
	struct fleet_manifest manifest; /* owned */
};

/* Complains itself of what cannot be read; returns an exit code. */
int fleet_memory_read(enum fleet_scope scope, const char *name, struct fleet_memory *memory);
void fleet_memory_free(struct fleet_memory *memory);

/* Keeps a signed manifest, which was checked. Warns if that cannot be done. */
void fleet_memory_write(enum fleet_scope scope, const char *name, const char *bytes, size_t size);

#endif
