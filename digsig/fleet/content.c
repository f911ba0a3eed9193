// SPDX-License-Identifier: GPL-2.0-or-later
#include "content.h"
#include <errno.h>
#include <string.h>
#include "../../lib/text/text.h"
#include "../catalog/set.h"

static int check_catalogs(const char *folder, const struct fleet_set *set, const struct trust_store *trust,
	struct fleet_refusal *refusal)
{
	for (size_t i = 0; i < set->merged.blob_count; i++) {
		const struct fleet_blob *blob = &set->merged.blobs[i];
		char path[PATH_MAX], text[256], hex[2 * DIGSIG_DIGEST_SIZE + 1];
		struct catalog_problem problem;
		struct catalog_set *one;
		int err;

		if (blob->kind != FLEET_CATALOG)
			continue;
		err = fleet_blob_path(folder, blob, path);
		if (err || catalog_set_new(&one))
			return fleet_refuse(refusal, err ? err : -ENOMEM, "%s", strerror(err ? -err : ENOMEM));
		err = catalog_set_add(one, path, trust, &problem);
		catalog_set_free(one);
		if (!err)
			continue;
		catalog_describe(err, &problem, text, sizeof(text));
		print_hex(hex, blob->digest, sizeof(blob->digest));
		return fleet_refuse(refusal, err, "catalog %.16s...: %s", hex, text);
	}
	return 0;
}

static int copy_trust(const struct trust_store *from, struct trust_store *to)
{
	X509 *certificate;
	int err = 0;

	for (size_t i = 0; !err && i < trust_store_count(from); i++)
		err = trust_store_add_certificate(to, trust_store_certificate(from, i));
	for (size_t i = 0; !err && (certificate = trust_store_authority(from, i)); i++)
		err = trust_store_add_certificate(to, certificate);
	return err;
}

int fleet_content_check(const struct fleet_taking *taking, const char *folder, const struct fleet_set *set,
	struct fleet_refusal *refusal)
{
	bool refuse_expired = set->merged.has_expiry ? set->merged.expiry == CONFIG_EXPIRY_REFUSE :
						       taking->refuse_expired;
	struct revocations revoked = { 0 };
	struct trust_store *trust = NULL;
	int err = trust_store_new(&trust);

	if (!err)
		err = copy_trust(taking->trust, trust);
	if (!err)
		err = trust_store_refuse_expired(trust, refuse_expired);
	if (err)
		fleet_refuse(refusal, err, "%s", strerror(-err));
	if (!err)
		err = fleet_set_trust(folder, set, trust, refusal);
	if (!err)
		err = check_catalogs(folder, set, trust, refusal);
	if (!err)
		err = fleet_set_revocations(folder, set, trust, &revoked, refusal);
	revocations_free(&revoked);
	trust_store_free(trust);
	return err;
}
