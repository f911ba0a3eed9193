// SPDX-License-Identifier: GPL-2.0-or-later
#include "signed_manifest.h"
#include <errno.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../format/inspect.h"
#include "../trust/signed_text.h"

static int fail(struct fleet_problem *problem, int err, const char *text)
{
	snprintf(problem->text, sizeof(problem->text), "%s", text);
	return err;
}

/* A copy with a NUL behind it, to be freed. */
static int copy_text(const void *bytes, size_t size, char **text, struct fleet_problem *problem)
{
	if (size > FLEET_MANIFEST_MAX)
		return fail(problem, -EINVAL, "larger than 256 KiB: not the state of a fleet");
	if (size && memchr(bytes, 0, size))
		return fail(problem, -EINVAL, "a NUL byte: this is not a text");
	*text = calloc(size + 1, 1);
	if (!*text)
		return fail(problem, -ENOMEM, "out of memory");
	if (size)
		memcpy(*text, bytes, size);
	return 0;
}

static int parse(const char *text, size_t size, struct fleet_manifest *manifest, struct fleet_problem *problem)
{
	int err = fleet_manifest_parse(text, size, manifest, problem);

	if (!err)
		SHA256((const unsigned char *)text, size, manifest->digest);
	return err;
}

static bool is_revoked(const X509 *certificate, const struct revocations *revoked)
{
	__u8 key_id[DIGSIG_KEY_ID_SIZE];

	if (!revoked || certificate_key_id(certificate, key_id))
		return false;
	for (size_t i = 0; i < revoked->count; i++)
		if (revoked->entries[i].what.kind == DIGSIG_REVOKE_KEY &&
			!memcmp(revoked->entries[i].what.subject, key_id, sizeof(key_id)))
			return true;
	return false;
}

static int read_text(const char *text, const struct trust_store *fleet_keys, const struct revocations *revoked,
	struct fleet_manifest *manifest, enum digsig_verdict *verdict, struct fleet_problem *problem)
{
	const char *signature = signed_text_find(text);
	X509 *signer;

	if (!signature) {
		*verdict = DIGSIG_VERDICT_MALFORMED;
		return fail(problem, -EKEYREJECTED, "no signature, or more than one, in PEM behind the text");
	}
	*verdict = signed_text_verify(signature, text, (size_t)(signature - text), fleet_keys, &signer);
	if (*verdict == DIGSIG_VERDICT_OK && is_revoked(signer, revoked))
		*verdict = DIGSIG_VERDICT_REVOKED;
	if (*verdict != DIGSIG_VERDICT_OK) {
		snprintf(problem->text, sizeof(problem->text), "%s: %s", digsig_verdict_name(*verdict),
			digsig_verdict_meaning(*verdict));
		return -EKEYREJECTED;
	}
	return parse(text, (size_t)(signature - text), manifest, problem);
}

int signed_manifest_read(const void *bytes, size_t size, const struct trust_store *fleet_keys,
	const struct revocations *revoked, struct fleet_manifest *manifest, enum digsig_verdict *verdict,
	struct fleet_problem *problem)
{
	char *text;
	int err = copy_text(bytes, size, &text, problem);

	*manifest = (struct fleet_manifest){ 0 };
	*verdict = DIGSIG_VERDICT_NONE;
	if (err)
		return err;
	err = read_text(text, fleet_keys, revoked, manifest, verdict, problem);
	free(text);
	return err;
}

int signed_manifest_look(const void *bytes, size_t size, struct fleet_manifest *manifest, struct fleet_problem *problem)
{
	const char *signature;
	char *text;
	int err = copy_text(bytes, size, &text, problem);

	*manifest = (struct fleet_manifest){ 0 };
	if (err)
		return err;
	signature = signed_text_find(text);
	err = parse(text, signature ? (size_t)(signature - text) : size, manifest, problem);
	free(text);
	return err;
}

int signed_manifest_make(const struct fleet_manifest *manifest, const struct signer *signer, char **bytes, size_t *size)
{
	char *text = fleet_manifest_print(manifest);
	int err = text ? signed_text_sign(text, signer, bytes) : -ENOMEM;

	free(text);
	if (err)
		return err;
	*size = strlen(*bytes);
	if (*size <= FLEET_MANIFEST_MAX)
		return 0;
	free(*bytes);
	*bytes = NULL;
	return -EMSGSIZE;
}
