// SPDX-License-Identifier: GPL-2.0-or-later
#include "signer.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "error.h"

/* The sentences of the command name its options. */
static const char *meaning(enum signer_problem problem)
{
	switch (problem) {
	case SIGNER_PROBLEM_PASSPHRASE:
		return "the passphrase does not open the key";
	case SIGNER_PROBLEM_CERTIFICATE_UNREADABLE:
		return "the certificate cannot be read";
	case SIGNER_PROBLEM_CERTIFICATE_FORMAT:
		return "not a file with one X.509 certificate: give the signer's own";
	case SIGNER_PROBLEM_MISMATCH:
		return "the certificate belongs to another key: give the one of this key";
	case SIGNER_PROBLEM_AUTHORITY:
		return "the certificate is a CA's, which vouches for certificates and not for code";
	default:
		return signer_problem_meaning(problem);
	}
}

static int describe(const char *key_path, const char *certificate_path, enum signer_problem problem,
	int err, struct digsig_error *error)
{
	switch (problem) {
	case SIGNER_PROBLEM_NONE:
		return library_fail(error, err, "%s", strerror(-err));
	case SIGNER_PROBLEM_KEY_UNREADABLE:
		return library_fail(
			error, err, "%s: %s: %s", key_path, meaning(problem), strerror(-err));
	case SIGNER_PROBLEM_CERTIFICATE_UNREADABLE:
		return library_fail(error, err, "%s: %s: %s", certificate_path, meaning(problem),
			strerror(-err));
	case SIGNER_PROBLEM_CERTIFICATE_FORMAT:
	case SIGNER_PROBLEM_MISMATCH:
	case SIGNER_PROBLEM_NO_KEY_ID:
	case SIGNER_PROBLEM_AUTHORITY:
		return library_fail(error, err, "%s: %s", certificate_path, meaning(problem));
	default:
		return library_fail(error, err, "%s: %s", key_path, meaning(problem));
	}
}

int digsig_signer_load(struct digsig_signer **signer, const char *key_path,
	const char *certificate_path, digsig_passphrase passphrase, void *context,
	struct digsig_error *error)
{
	struct digsig_signer *made;
	enum signer_problem problem;
	int err;

	if (!signer || !key_path || !certificate_path)
		return library_fail_null(error,
			!signer                 ? "signer"
				: !key_path     ? "key_path"
						: "certificate_path");
	made = malloc(sizeof(*made));
	if (!made)
		return library_fail(error, -ENOMEM, "%s", strerror(ENOMEM));
	err = signer_load(
		&made->signer, key_path, certificate_path, passphrase, context, &problem);
	if (!err) {
		err = signer_check_purpose(made->signer, &problem);
		if (err)
			signer_free(made->signer);
	}
	if (err) {
		free(made);
		return describe(key_path, certificate_path, problem, err, error);
	}
	*signer = made;
	return 0;
}

void digsig_signer_free(struct digsig_signer *signer)
{
	if (!signer)
		return;
	signer_free(signer->signer);
	free(signer);
}
