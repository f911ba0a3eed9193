// SPDX-License-Identifier: GPL-2.0-or-later
#include "fleet_apply.h"
#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../enforce/bring_up.h"
#include "../enforce/keyring.h"
#include "../enforce/load_catalog.h"
#include "../enforce/revoke.h"
#include "../revocation/store.h"

struct applying {
	struct engine *engine; /* NULL: it does not run */
	const struct fleet_target *target;
	struct fleet_outcome *outcome;
	char folder[PATH_MAX]; /* of the set */
	bool is_reloaded; /* all that is to stay was loaded once more */
};

/* The first one is kept. */
static void note(struct applying *applying, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void note(struct applying *applying, const char *format, ...)
{
	va_list arguments;

	if (*applying->outcome->problem)
		return;
	va_start(arguments, format);
	vsnprintf(applying->outcome->problem, sizeof(applying->outcome->problem), format, arguments);
	va_end(arguments);
}

/* The trust that a start would have. */
static int read_trust(struct applying *applying, struct bring_up_trust *trust)
{
	struct digsig_config own = *applying->target->wanted;
	struct fleet_refusal refusal = { 0 };
	struct bring_up_problem problem;
	int err;

	own.catalogs = NULL;
	err = trust_from_config(&own, trust, &problem);
	if (err) {
		note(applying, "%.600s", problem.text);
		return err;
	}
	err = fleet_set_trust(applying->folder, applying->target->set, trust->store, &refusal);
	if (err)
		note(applying, "%.600s", refusal.reason);
	return err;
}

static int store_revocations(const struct revocations *revoked, struct revocation_problem *problem)
{
	struct revocations more = *revoked;
	int err = revocation_store_add(REVOCATION_STORE, &more, problem);

	/* The manifest names this very list, so it is no replay; and it only adds. */
	if (err == -ESTALE) {
		more.sequence = 0;
		err = revocation_store_add(REVOCATION_STORE, &more, problem);
	}
	return err;
}

static void revoke(struct applying *applying, const struct trust_store *trust)
{
	struct revocations revoked = { 0 };
	struct revocation_problem problem;
	struct fleet_refusal refusal = { 0 };
	int err;

	if (fleet_set_revocations(applying->folder, applying->target->set, trust, &revoked, &refusal))
		note(applying, "%.600s", refusal.reason);
	else if (store_revocations(&revoked, &problem) < 0)
		note(applying, "revocations: %.600s", problem.text);
	if (applying->engine) {
		err = engine_revoke(applying->engine, &revoked);
		if (err < 0)
			note(applying, "not all that is revoked reached the engine: %s", strerror(-err));
	}
	revocations_free(&revoked);
}

static void load_catalog(struct applying *applying, const char *path)
{
	struct catalog_load load;
	char text[512];
	int err = engine_load_catalog(applying->engine, path, &load);
	const char *name = strrchr(path, '/');

	if (!err)
		return;
	if (err == -ENOSPC) {
		applying->outcome->lacks_room = true;
		return;
	}
	/* Its certificate waits, and so does it. */
	if (err == -EKEYREJECTED && load.problem.verdict == DIGSIG_VERDICT_UNKNOWNKEY &&
		applying->outcome->keyring & (int)KEYRING_LACKS)
		return;
	engine_describe_catalog(applying->engine, err, &load.problem, text, sizeof(text));
	note(applying, "catalog %.16s...: %s", name ? name + 1 : path, text);
}

static void load_list(struct applying *applying, struct catalog_list *list)
{
	for (int i = 0; i < list->count; i++)
		load_catalog(applying, list->paths[i]);
	catalog_list_free(list);
}

static void load_catalogs(struct applying *applying)
{
	struct catalog_list list = { 0 };
	int err = fleet_set_catalogs(applying->folder, applying->target->set, &list);

	if (err)
		note(applying, "catalogs: %s", strerror(-err));
	load_list(applying, &list);
}

/*
 * A digest belongs to the catalog that was loaded last, and goes with it: so what stays is loaded again before anything is
 * unloaded, and no digest of it is missing for a moment.
 */
static void reload(struct applying *applying)
{
	struct catalog_list own = { 0 };
	const char *catalogs = applying->target->own->catalogs;

	if (applying->is_reloaded)
		return;
	applying->is_reloaded = true;
	if (catalogs && !catalog_list_add(&own, catalogs))
		load_list(applying, &own);
	load_catalogs(applying);
}

static bool is_named(const struct fleet_set *set, const char *file)
{
	for (size_t i = 0; i < set->merged.blob_count; i++) {
		char path[PATH_MAX];

		if (set->merged.blobs[i].kind == FLEET_CATALOG && !fleet_blob_path("", &set->merged.blobs[i], path) &&
			!strcmp(strrchr(path, '/') + 1, file))
			return true;
	}
	return false;
}

/* One whose signature the engine does not take, it does not have; or its key is revoked, and its digests are refused. */
static bool is_unloaded(struct applying *applying, int err, const char *path)
{
	if (!err || err == -EKEYREJECTED || err == -EBADMSG || engine_is_gone(applying->engine))
		return true;
	note(applying, "%.400s: not unloaded: %s", path, strerror(-err));
	return false;
}

/* For fleet_store_clean: a set of before. Whether it may be removed. */
static bool unload_set(void *context, const char *folder)
{
	struct applying *applying = context;
	char catalogs[PATH_MAX];
	struct dirent *entry;
	DIR *directory;
	bool is_done = true;

	if (!applying->engine || snprintf(catalogs, sizeof(catalogs), "%s/catalog", folder) >= (int)sizeof(catalogs))
		return true;
	directory = opendir(catalogs);
	while (directory && (entry = readdir(directory))) {
		struct catalog_load load;
		char path[PATH_MAX];

		if (entry->d_name[0] == '.' || is_named(applying->target->set, entry->d_name) ||
			snprintf(path, sizeof(path), "%s/%s", catalogs, entry->d_name) >= (int)sizeof(path))
			continue;
		reload(applying);
		is_done &= is_unloaded(applying, engine_unload_catalog(applying->engine, path, &load), path);
	}
	if (directory)
		closedir(directory);
	applying->outcome->is_unfinished |= !is_done;
	return is_done;
}

static void set_policy(struct applying *applying, const struct digsig_settings *settings)
{
	const struct digsig_config *wanted = applying->target->wanted;
	const struct engine_policy policy = { .scopes = wanted->scopes, .wx = wanted->wx };
	struct bring_up_problem problem;
	int err = 0;

	if (settings->scopes != policy.scopes || settings->wx != policy.wx)
		err = engine_set_policy(applying->engine, &policy);
	if (err && err != -EPERM)
		note(applying, "the policy could not be set: %s", strerror(-err));
	if (settings->mode == wanted->mode)
		return;
	if (wanted->mode > settings->mode && applying->outcome->keyring & (int)KEYRING_LACKS)
		return;
	err = engine_enter_mode(applying->engine, (enum digsig_mode)wanted->mode, false, &problem);
	if (err && !(err == -EPERM && settings->is_locked))
		note(applying, "mode %s: %.600s", engine_mode_name(wanted->mode), problem.text);
}

static void clean(struct applying *applying)
{
	int err = fleet_store_clean(applying->target->store, unload_set, applying);

	applying->outcome->is_unfinished |= err == -EBUSY;
	if (err && err != -EBUSY)
		note(applying, "%s: %s", applying->target->store, strerror(-err));
}

static void apply(struct applying *applying)
{
	struct fleet_outcome *outcome = applying->outcome;
	struct bring_up_trust trust = { 0 };
	struct digsig_status status;
	int err;

	*outcome = (struct fleet_outcome){ 0 };
	err = fleet_store_folder(applying->target->store, applying->target->set->digest, applying->folder);
	if (!err)
		err = read_trust(applying, &trust);
	if (!err && applying->engine)
		err = engine_read_status(applying->engine, &status);
	if (err) {
		note(applying, "the set could not be applied: %s", strerror(-err));
		bring_up_trust_free(&trust);
		return;
	}
	if (applying->engine)
		outcome->keyring = keyring_differs(status.settings.keyring_serial, trust.store);
	if (outcome->keyring < 0)
		note(applying, "the keyring of the engine: %s", strerror(-outcome->keyring));
	if (applying->engine)
		load_catalogs(applying);
	revoke(applying, trust.store);
	clean(applying);
	if (applying->engine && applying->target->with_policy)
		set_policy(applying, &status.settings);
	bring_up_trust_free(&trust);
}

void fleet_apply(struct engine *engine, const struct fleet_target *target, struct fleet_outcome *outcome)
{
	struct applying applying = { .engine = engine, .target = target, .outcome = outcome };

	apply(&applying);
}

void fleet_keep(const struct fleet_target *target, struct fleet_outcome *outcome)
{
	struct applying applying = { .target = target, .outcome = outcome };

	apply(&applying);
}
