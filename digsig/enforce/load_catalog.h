/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Catalogs on their way into the kernel. */
#ifndef DIGSIG_ENFORCE_LOAD_CATALOG_H
#define DIGSIG_ENFORCE_LOAD_CATALOG_H

#include "../catalog/set.h"
#include "engine.h"

struct catalog_load {
	__u64 digests; /* in the catalog */
	__u64 changed; /* of them were not trusted before, or are not any more; also after an error */
	struct catalog_problem problem; /* behind -EBADMSG and -EKEYREJECTED */
};

/*
 * Reads a catalog and hands its parts to the kernel, which checks them itself. 0: all of its digests
 * are trusted; -EBADMSG: it breaks a rule of the format; -EKEYREJECTED: the kernel does not take the
 * signature; -ENOSPC: no room for all of it; else as catalog_read, or the request did not come
 * through. After an error the parts before the bad one stay trusted.
 */
int engine_load_catalog(struct engine *engine, const char *path, struct catalog_load *load);

/*
 * Takes out again what a catalog brought: digests that neither a block nor a catalog which was loaded
 * later vouches for. All verdicts that were ok are void. Also of a locked engine. The kernel checks
 * the signature as when it was loaded, and errors are the same.
 */
int engine_unload_catalog(struct engine *engine, const char *path, struct catalog_load *load);

/* engine_load_catalog with one that is read already. */
int engine_load_read_catalog(
	struct engine *engine, const struct catalog *catalog, struct catalog_load *load);

/* Why that failed: as catalog_describe. */
enum digsig_verdict engine_describe_catalog(struct engine *engine, int err,
	const struct catalog_problem *problem, char *text, size_t size);

#endif
