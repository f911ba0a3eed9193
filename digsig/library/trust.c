// SPDX-License-Identifier: GPL-2.0-or-later
#include "trust.h"
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include "../revocation/store.h"
#include "error.h"

int digsig_trust_new(struct digsig_trust **trust)
{
	struct digsig_trust *made;
	int err;

	if (!trust)
		return -EINVAL;
	made = calloc(1, sizeof(*made));
	if (!made)
		return -ENOMEM;
	err = trust_store_new(&made->store);
	if (err)
		free(made);
	else
		*trust = made;
	return err;
}

void digsig_trust_free(struct digsig_trust *trust)
{
	if (!trust)
		return;
	trust_store_free(trust->store);
	revocations_free(&trust->revoked);
	free(trust);
}

int digsig_trust_add_path(struct digsig_trust *trust, const char *path, struct digsig_error *error)
{
	const char *bad_file = path;
	char text[2 * PATH_MAX];
	int err;

	if (!trust || !path)
		return library_fail_null(error, trust ? "path" : "trust");
	err = trust_store_add(trust->store, path, &bad_file);
	if (!err)
		return 0;
	trust_store_describe(path, bad_file, err, text, sizeof(text));
	return library_fail(error, err, "%s", text);
}

int digsig_trust_add_memory(
	struct digsig_trust *trust, const void *bytes, size_t size, struct digsig_error *error)
{
	int err;

	if (!trust || !bytes)
		return library_fail_null(error, trust ? "bytes" : "trust");
	err = trust_store_add_bytes(trust->store, bytes, size);
	if (err == -EBADMSG)
		return library_fail(
			error, err, "not a certificate: give X.509 in PEM or DER form");
	return err ? library_fail(error, err, "%s", strerror(-err)) : 0;
}

int digsig_trust_add_revoked(
	struct digsig_trust *trust, const char *path, struct digsig_error *error)
{
	struct revocation_problem problem;
	struct revocations more = { 0 };
	int err;

	if (!trust)
		return library_fail_null(error, "trust");
	err = revocation_store_read(path ? path : REVOCATION_STORE, &more, &problem);
	if (err)
		return library_fail(error, err, "%s", problem.text);
	/* Into the new list, which can fail, so that the old one stays as it is until then. */
	for (size_t i = 0; i < trust->revoked.count && err >= 0; i++)
		err = revocations_add(&more, &trust->revoked.entries[i]);
	if (err < 0) {
		revocations_free(&more);
		return library_fail(error, err, "too much is revoked: %s", strerror(-err));
	}
	revocations_free(&trust->revoked);
	trust->revoked = more;
	return 0;
}

size_t digsig_trust_count(const struct digsig_trust *trust)
{
	return trust ? trust_store_count(trust->store) : 0;
}
