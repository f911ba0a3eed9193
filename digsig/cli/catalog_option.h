/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The option --catalog FILE|DIR, and what the commands about catalogs say alike. */
#ifndef DIGSIG_CLI_CATALOG_OPTION_H
#define DIGSIG_CLI_CATALOG_OPTION_H

#include "../catalog/list.h"
#include "../catalog/set.h"
#include "../enforce/load_catalog.h"

/* As catalog_list_add, but complains itself; returns an exit code. */
int catalog_list_add_or_complain(struct catalog_list *list, const char *path);

/* The same for an option's table: the field is the list. */
int catalog_option_take(void *list, char *path);

/* The same for each, up to the first that is wrong. */
int catalog_list_add_all(struct catalog_list *list, char **paths, int count);

/* Reads one catalog, complaining if that fails; returns an exit code. */
int catalog_read_or_complain(const char *path, struct catalog *catalog);

/* Says why a signature is not good; returns the exit code. */
int complain_catalog_verdict(const char *path, enum digsig_verdict verdict);

/* Adds each to the set, checked against the store; returns the first exit code that is not 0. */
int catalog_list_verify(const struct catalog_list *list, struct catalog_set *set,
	const struct trust_store *store);

/* Hands them all to the engine, *total being the sums; returns the first exit code that is not 0. */
int catalog_list_load(const struct catalog_list *list, struct engine *engine,
	struct catalog_load *total);

/* Takes out of the engine what they brought, likewise. */
int catalog_list_unload(const struct catalog_list *list, struct engine *engine,
	struct catalog_load *total);

/*
 * Prints a digest and a name as sha256sum(1) does; on a terminal, with what could speak to it escaped.
 * name is NULL where the catalog has none.
 */
void print_sum(const __u8 *digest, const char *name);

#endif
