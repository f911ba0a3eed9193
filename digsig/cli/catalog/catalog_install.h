/* SPDX-License-Identifier: GPL-2.0-or-later */
/* digsig catalog create --install: a catalog to where digsig.conf has them, and into the engine. */
#ifndef DIGSIG_CLI_CATALOG_INSTALL_H
#define DIGSIG_CLI_CATALOG_INSTALL_H

#include <stdbool.h>

struct catalog_installation {
	char *key, *path; /* owned */
};

/*
 * config NULL: the usual one; name: without folder and suffix. Complains itself; returns an exit
 * code, EXIT_USAGE if digsig.conf names no key or no place.
 */
int catalog_installation_find(
	const char *config, const char *name, struct catalog_installation *place);
/* To be called only after catalog_installation_find returned EXIT_OK. */
void catalog_installation_free(struct catalog_installation *place);

/* Hands it to the engine, if that runs. Complains itself; returns an exit code. */
int catalog_installation_load(const struct catalog_installation *place, bool quiet);

#endif
