// SPDX-License-Identifier: GPL-2.0-or-later
#include "set.h"
#include <errno.h>
#include <openssl/sha.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../lib/text/text.h"
#include "signed_manifest.h"

int fleet_refuse(struct fleet_refusal *refusal, int err, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(refusal->reason, sizeof(refusal->reason), format, arguments);
	va_end(arguments);
	return err;
}

static int check_name(const struct fleet_machine *machine, enum fleet_scope scope, const struct fleet_manifest *manifest,
	struct fleet_refusal *refusal)
{
	const char *own = scope == FLEET_GROUP ? machine->group : machine->host;
	const char *what = fleet_scope_name(scope);

	if (manifest->scope != scope)
		return fleet_refuse(refusal, -EXDEV, "it is the state of a %s, in the place of that of a %s",
			fleet_scope_name(manifest->scope), what);
	if (!own)
		return fleet_refuse(refusal, -EXDEV,
			"it is for host %s, and this machine has no name: see [fleet] host in digsig.conf(5)",
			manifest->name);
	if (strcmp(manifest->name, own))
		return fleet_refuse(refusal, -EXDEV, "it is for %s %s, and this machine is of %s %s", what,
			manifest->name, what, own);
	return 0;
}

static int read_one(const struct fleet_machine *machine, enum fleet_scope scope, const struct fleet_bytes *bytes,
	struct fleet_manifest *manifest, struct fleet_refusal *refusal)
{
	struct fleet_problem problem;
	enum digsig_verdict verdict;
	int err = signed_manifest_read(
		bytes->bytes, bytes->size, machine->fleet_keys, machine->revoked, manifest, &verdict, &problem);

	refusal->scope = scope;
	refusal->sequence = 0;
	if (err == -EKEYREJECTED)
		return fleet_refuse(refusal, err, "the signature: %s", problem.text);
	if (err)
		return fleet_refuse(refusal, err, "the manifest: %s", problem.text);
	refusal->sequence = manifest->sequence;
	return check_name(machine, scope, manifest, refusal);
}

static void name_set(struct fleet_set *set)
{
	__u8 digests[2 * DIGSIG_DIGEST_SIZE], name[DIGSIG_DIGEST_SIZE];

	memcpy(digests, set->group.digest, DIGSIG_DIGEST_SIZE);
	memcpy(digests + DIGSIG_DIGEST_SIZE, set->host.digest, DIGSIG_DIGEST_SIZE);
	SHA256(digests, sizeof(digests), name);
	print_hex(set->digest, name, sizeof(name));
}

int fleet_set_parse(const struct fleet_machine *machine, const struct fleet_bytes *group, const struct fleet_bytes *host,
	struct fleet_set *set, struct fleet_refusal *refusal)
{
	int err;

	*set = (struct fleet_set){ 0 };
	err = read_one(machine, FLEET_GROUP, group, &set->group, refusal);
	if (!err && host->bytes)
		err = read_one(machine, FLEET_HOST, host, &set->host, refusal);
	if (!err) {
		err = fleet_manifest_merge(&set->group, host->bytes ? &set->host : NULL, &set->merged);
		if (err == -ENOSPC)
			fleet_refuse(refusal, err, "group and host together name more than %d blobs", FLEET_BLOBS_MAX);
		else if (err)
			fleet_refuse(refusal, err, "%s", strerror(-err));
	}
	if (err)
		fleet_set_free(set);
	else
		name_set(set);
	return err;
}

void fleet_set_free(struct fleet_set *set)
{
	fleet_manifest_free(&set->group);
	fleet_manifest_free(&set->host);
	fleet_manifest_free(&set->merged);
	*set = (struct fleet_set){ 0 };
}

bool fleet_set_is_stale(const struct fleet_set *set, __s64 now)
{
	return now > set->merged.valid_until;
}

void fleet_set_configure(const struct fleet_set *set, __s64 now, struct digsig_config *config)
{
	const struct fleet_manifest *merged = &set->merged;

	if (merged->has_mode)
		config->mode = merged->mode;
	if (merged->has_scopes)
		config->scopes = merged->scopes;
	if (merged->has_wx)
		config->wx = merged->wx;
	if (merged->has_expiry)
		config->expiry = merged->expiry;
	if (merged->stale == FLEET_STALE_MONITOR && fleet_set_is_stale(set, now))
		config->mode = DIGSIG_MODE_MONITOR;
}
