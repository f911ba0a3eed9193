// SPDX-License-Identifier: GPL-2.0-or-later
#include "set.h"
#include <errno.h>
#include <stdlib.h>

struct catalog_set {
	struct catalog *catalogs;
	size_t count;
};

int catalog_set_new(struct catalog_set **set)
{
	*set = calloc(1, sizeof(**set));
	return *set ? 0 : -ENOMEM;
}

void catalog_set_free(struct catalog_set *set)
{
	if (!set)
		return;
	for (size_t i = 0; i < set->count; i++)
		catalog_free(&set->catalogs[i]);
	free(set->catalogs);
	free(set);
}

int catalog_set_add(struct catalog_set *set, const char *path, const struct trust_store *store,
	struct catalog_problem *problem)
{
	struct catalog *more =
		realloc(set->catalogs, (set->count + 1) * sizeof(*set->catalogs));
	struct catalog *catalog;
	int err;

	problem->defect = DIGSIG_CATALOG_GOOD;
	problem->verdict = DIGSIG_VERDICT_NONE;
	if (!more)
		return -ENOMEM;
	set->catalogs = more;
	catalog = &set->catalogs[set->count];
	err = catalog_read(path, catalog, &problem->defect);
	if (err)
		return err;
	problem->verdict = catalog_verify(catalog, store, NULL);
	if (problem->verdict != DIGSIG_VERDICT_OK) {
		catalog_free(catalog);
		return -EKEYREJECTED;
	}
	set->count++;
	return 0;
}

bool catalog_set_find(const struct catalog_set *set, const __u8 digest[DIGSIG_DIGEST_SIZE],
	struct signed_as *signed_as)
{
	for (size_t i = set->count; i--;)
		if (catalog_find(&set->catalogs[i], digest, signed_as))
			return true;
	return false;
}
