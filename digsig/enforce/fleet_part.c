// SPDX-License-Identifier: GPL-2.0-or-later
#include "fleet_part.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "../revocation/store.h"

int fleet_keys_read(const struct digsig_config *config, struct trust_store **keys, char *why, size_t size)
{
	int err = trust_store_new(keys);

	if (err)
		snprintf(why, size, "%s", strerror(-err));
	for (size_t i = 0; !err && i < config->fleet_trust.count; i++) {
		const char *path = config->fleet_trust.path[i], *bad_file = path;

		err = trust_store_add(*keys, path, &bad_file);
		if (err)
			trust_store_describe(path, bad_file, err, why, size);
	}
	if (err) {
		trust_store_free(*keys);
		*keys = NULL;
	}
	return err;
}

static void read_set(const struct digsig_config *config, const struct trust_store *keys, struct fleet_part *part)
{
	struct fleet_machine machine = { .group = config->fleet_group, .host = config->fleet_host, .fleet_keys = keys };
	struct revocations revoked;
	struct revocation_problem wrong;
	struct fleet_refusal refusal;
	int err = revocation_store_read(REVOCATION_STORE, &revoked, &wrong);

	if (err) {
		snprintf(part->problem, sizeof(part->problem), "%s", wrong.text);
		return;
	}
	machine.revoked = &revoked;
	part->hold = fleet_store_hold(FLEET_STORE);
	err = fleet_store_read(FLEET_STORE, &machine, &part->set, &part->taken, &refusal);
	if (!err)
		err = fleet_store_folder(FLEET_STORE, part->set.digest, part->folder);
	part->has_set = !err;
	if (err && err != -ENOENT)
		snprintf(part->problem, sizeof(part->problem),
			"the set in " FLEET_STORE " does not count, what digsig.conf says does: %s", refusal.reason);
	revocations_free(&revoked);
}

void fleet_part_read(struct digsig_config *config, struct fleet_part *part)
{
	struct trust_store *keys;

	*part = (struct fleet_part)FLEET_PART_NONE;
	if (!config->fleet_group)
		return;
	if (fleet_keys_read(config, &keys, part->problem, sizeof(part->problem)))
		return;
	read_set(config, keys, part);
	trust_store_free(keys);
	if (part->has_set)
		fleet_set_configure(&part->set, (__s64)time(NULL), config);
}

int fleet_part_trust(struct fleet_part *part, struct trust_store *store)
{
	struct fleet_refusal refusal = { 0 };
	int err;

	if (!part->has_set)
		return 0;
	err = fleet_set_trust(part->folder, &part->set, store, &refusal);
	if (!err)
		err = fleet_set_catalogs(part->folder, &part->set, &part->catalogs);
	/* What it revokes is in the machine's store as well, since it was taken. */
	if (!err && fleet_set_revocations(part->folder, &part->set, store, &part->revoked, &refusal))
		snprintf(part->problem, sizeof(part->problem), "%s", refusal.reason);
	else if (err)
		snprintf(part->problem, sizeof(part->problem), "%s", *refusal.reason ? refusal.reason : strerror(-err));
	return err;
}

void fleet_part_free(struct fleet_part *part)
{
	if (part->has_set)
		fleet_set_free(&part->set);
	catalog_list_free(&part->catalogs);
	revocations_free(&part->revoked);
	if (part->hold >= 0)
		close(part->hold);
	*part = (struct fleet_part)FLEET_PART_NONE;
}
