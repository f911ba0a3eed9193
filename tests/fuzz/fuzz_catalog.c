// SPDX-License-Identifier: GPL-2.0-or-later
/* A catalog as it comes from anywhere: parts, digests, names, and the CMS of each part. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "digsig/catalog/catalog.h"
#include "fuzz_certificate.h"

static struct trust_store *store;

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	if (trust_store_new(&store) || trust_store_add(store, FUZZ_CERTIFICATE, NULL))
		abort();
	return 0;
}

static int look_at(void *context, const __u8 *digest, const char *name)
{
	const struct catalog *catalog = context;
	struct signed_as signed_as;

	/* What it lists, it has. */
	if (!catalog_find(catalog, digest, &signed_as) || (name && !*name))
		abort();
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum digsig_catalog_defect defect;
	struct catalog catalog;
	/* A copy of its own size: reading past it is found. */
	__u8 *bytes = malloc(size ? size : 1);

	if (!bytes)
		return 0;
	memcpy(bytes, data, size);
	if (catalog_parse(bytes, size, &catalog, &defect)) {
		if (defect == DIGSIG_CATALOG_GOOD)
			abort();
		catalog_defect_meaning(defect);
		free(bytes);
		return 0;
	}
	catalog_visit(&catalog, look_at, &catalog);
	catalog_verify(&catalog, store, NULL);
	catalog_free(&catalog);
	return 0;
}
