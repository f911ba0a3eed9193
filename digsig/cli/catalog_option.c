// SPDX-License-Identifier: GPL-2.0-or-later
#include "catalog_option.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../format/inspect.h"
#include "cli.h"
#include "engine_words.h"

int catalog_list_add(struct catalog_list *list, const char *path)
{
	char **paths, **more;
	int count = catalog_paths(path, &paths);

	if (count == -ENODATA) {
		complain("%s: no catalog in this folder: put *" CATALOG_SUFFIX " there", path);
		return EXIT_ERROR;
	}
	if (count < 0) {
		complain("%s: %s", path, strerror(-count));
		return EXIT_ERROR;
	}
	more = reallocarray(list->paths, (size_t)(list->count + count), sizeof(*more));
	if (!more) {
		catalog_paths_free(paths, count);
		complain("%s: %s", path, strerror(ENOMEM));
		return EXIT_ERROR;
	}
	list->paths = more;
	memcpy(more + list->count, paths, (size_t)count * sizeof(*paths));
	list->count += count;
	free(paths);
	return EXIT_OK;
}

void catalog_list_free(struct catalog_list *list)
{
	catalog_paths_free(list->paths, list->count);
}

static int complain_defect(const char *path, enum digsig_catalog_defect defect)
{
	complain("%s: %s: %s: get it anew", path,
		defect == DIGSIG_CATALOG_NAMES_DIGEST ? "tampered" : "malformed",
		catalog_defect_meaning(defect));
	return defect == DIGSIG_CATALOG_NAMES_DIGEST ? EXIT_TAMPERED : EXIT_UNSUPPORTED;
}

static int complain_unreadable(
	const char *path, int err, enum digsig_catalog_defect defect)
{
	if (err == -EBADMSG)
		return complain_defect(path, defect);
	if (err == -EINVAL)
		complain("%s: not a regular file: name catalogs", path);
	else
		complain("%s: cannot be read: %s", path, strerror(-err));
	return EXIT_ERROR;
}

int catalog_read_or_complain(const char *path, struct catalog *catalog)
{
	enum digsig_catalog_defect defect;
	int err = catalog_read(path, catalog, &defect);

	return err ? complain_unreadable(path, err, defect) : EXIT_OK;
}

int complain_catalog_verdict(const char *path, enum digsig_verdict verdict)
{
	complain("%s: %s: %s", path, digsig_verdict_name(verdict),
		verdict == DIGSIG_VERDICT_BADSIG ? "the signature does not fit: the catalog was changed" :
		verdict == DIGSIG_VERDICT_UNKNOWNKEY ? "the key that signed it is not in the trust" :
		verdict == DIGSIG_VERDICT_MALFORMED ? "its CMS is not one that a catalog may hold" :
						      digsig_verdict_meaning(verdict));
	return verdict_exit_code(verdict);
}

int catalog_list_verify(const struct catalog_list *list, struct catalog_set *set,
	const struct trust_store *store)
{
	int code = EXIT_OK;

	for (int i = 0; i < list->count; i++) {
		struct catalog_problem problem;
		int err = catalog_set_add(set, list->paths[i], store, &problem), failed;

		if (!err)
			continue;
		failed = err == -EKEYREJECTED ?
			complain_catalog_verdict(list->paths[i], problem.verdict) :
			complain_unreadable(list->paths[i], err, problem.defect);
		code = code ? code : failed;
	}
	return code;
}

static int complain_not_loaded(
	const char *path, struct engine *engine, int err, const struct catalog_problem *problem)
{
	struct digsig_status now;

	if (err == -EKEYREJECTED)
		return complain_catalog_verdict(path, problem->verdict);
	if (err == -ENOSPC && read_status_or_complain(engine, &now) != EXIT_OK)
		return EXIT_ERROR;
	if (err == -ENOSPC)
		complain("%s: no room for all of it, the engine has room for %llu files: start it "
			 "with a larger --max-files",
			path, (unsigned long long)now.trusted_capacity);
	else if (err == -EBUSY)
		complain("%s: not loaded: another one is being loaded: try again", path);
	else if (err == -EBADMSG || err == -EINVAL)
		return complain_unreadable(path, err, problem->defect);
	else
		complain("%s: not loaded: %s", path, strerror(-err));
	return EXIT_ERROR;
}

int catalog_list_load(const struct catalog_list *list, struct engine *engine,
	struct catalog_load *total)
{
	int code = EXIT_OK;

	memset(total, 0, sizeof(*total));
	for (int i = 0; i < list->count; i++) {
		struct catalog_load load;
		int err = engine_load_catalog(engine, list->paths[i], &load), failed = EXIT_OK;

		total->digests += load.digests;
		total->added += load.added;
		if (err)
			failed = complain_not_loaded(list->paths[i], engine, err, &load.problem);
		code = code ? code : failed;
	}
	return code;
}

__u64 catalog_list_count(const struct catalog_list *list)
{
	__u64 count = 0;

	for (int i = 0; i < list->count; i++) {
		enum digsig_catalog_defect defect;
		struct catalog catalog;

		if (catalog_read(list->paths[i], &catalog, &defect))
			return 0;
		count += catalog.count;
		catalog_free(&catalog);
	}
	return count;
}
