// SPDX-License-Identifier: GPL-2.0-or-later
#include "gpg_certificate.h"
#include <errno.h>
#include <openssl/err.h>
#include "certificate_make.h"

struct agent {
	const struct gpg_key *key;
	const char *passphrase;
};

static int ask_agent(void *holder, const __u8 digest[DIGSIG_DIGEST_SIZE], __u8 *signature,
	size_t *size)
{
	const struct agent *agent = holder;

	return gpg_sign_digest(agent->key->grip, agent->passphrase, digest, signature, size);
}

/* By a key that is thrown away. */
static int make_in_another_name(struct certificate_request *request, X509 **made)
{
	EVP_PKEY *one_time =
		EVP_PKEY_is_a(request->key, "RSA") ? EVP_RSA_gen(2048) : EVP_EC_gen("P-256");
	int err;

	request->issuer_name = "CN=digsig key import";
	err = one_time ? certificate_make(request, one_time, made) : -EIO;
	EVP_PKEY_free(one_time);
	ERR_clear_error();
	return err;
}

int gpg_certificate_make(const struct gpg_key *key, const char *subject, int days,
	const char *passphrase, X509 **made, bool *is_self_signed)
{
	struct certificate_request request = { .subject = subject, .days = days, .key = key->key };
	struct agent agent = { key, passphrase };
	int err = certificate_make_by_holder(&request, ask_agent, &agent, made);

	*is_self_signed = !err;
	return err == -ENOKEY ? make_in_another_name(&request, made) : err;
}
