// SPDX-License-Identifier: GPL-2.0-or-later
#include "gpg.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>
#include <gcrypt.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/param_build.h>
#include "../../lib/text/text.h"
#include "command.h"
#include "raw_signature.h"

/* gpg's --with-colons, see DETAILS in its documentation: as many fields as are looked at. */
#define FIELDS_MAX 20
enum { FIELD_TYPE = 0, FIELD_VALIDITY = 1, FIELD_ALGORITHM = 3, FIELD_TEXT = 9,
	FIELD_CAPABILITIES = 11 };
enum { FIELD_DATA_INDEX = 1, FIELD_DATA = 3 };
enum { ALGORITHM_RSA = 1, ALGORITHM_ECDSA = 19 };

/* One key or subkey while its lines are read. */
struct candidate {
	int algorithm;
	bool can_sign, is_valid;
	char grip[GPG_GRIP_SIZE + 1];
	const char *data[2]; /* hexadecimal: n and e, or curve and point */
};

struct search {
	const EVP_PKEY *wanted; /* NULL: the newest that signs */
	struct gpg_key *found;
	unsigned int primaries, seen, usable;
	char fingerprint[65];
};

static size_t split(char *line, char *fields[FIELDS_MAX])
{
	size_t count = 0;

	while (line && count < FIELDS_MAX)
		fields[count++] = strsep(&line, ":");
	for (size_t i = count; i < FIELDS_MAX; i++)
		fields[i] = NULL;
	return count;
}

static EVP_PKEY *key_from_data(const char *type, OSSL_PARAM_BLD *build)
{
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
	OSSL_PARAM *parameters = OSSL_PARAM_BLD_to_param(build);
	EVP_PKEY *key = NULL;

	if (context && parameters && EVP_PKEY_fromdata_init(context) == 1)
		EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, parameters);
	OSSL_PARAM_free(parameters);
	EVP_PKEY_CTX_free(context);
	return key;
}

static EVP_PKEY *rsa_key(const struct candidate *candidate)
{
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	BIGNUM *n = NULL, *e = NULL;
	EVP_PKEY *key = NULL;

	if (build && BN_hex2bn(&n, candidate->data[0]) && BN_hex2bn(&e, candidate->data[1]) &&
		OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, n) &&
		OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, e))
		key = key_from_data("RSA", build);
	BN_free(n);
	BN_free(e);
	OSSL_PARAM_BLD_free(build);
	return key;
}

/*
 * The curve is its object identifier with a byte of length before it (RFC 9580 section 9.2). No
 * larger ones: gpg-agent refuses to sign a SHA-256 digest with those, as too short.
 */
static const char p256[] = "082A8648CE3D030107";

static EVP_PKEY *ecdsa_key(const struct candidate *candidate)
{
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	EVP_PKEY *key = NULL;
	long size = 0;
	unsigned char *point = OPENSSL_hexstr2buf(candidate->data[1], &size);

	if (build && point && !strcasecmp(candidate->data[0], p256) &&
		OSSL_PARAM_BLD_push_utf8_string(
			build, OSSL_PKEY_PARAM_GROUP_NAME, SN_X9_62_prime256v1, 0) &&
		OSSL_PARAM_BLD_push_octet_string(
			build, OSSL_PKEY_PARAM_PUB_KEY, point, (size_t)size))
		key = key_from_data("EC", build);
	OPENSSL_free(point);
	OSSL_PARAM_BLD_free(build);
	return key;
}

/* The candidate's lines are complete. */
static void consider(struct search *search, const struct candidate *candidate)
{
	EVP_PKEY *key = NULL;

	if (!candidate->algorithm)
		return;
	search->seen++;
	if (!candidate->can_sign || !candidate->is_valid)
		return;
	search->usable++;
	if (!candidate->data[0] || !candidate->data[1])
		return;
	if (candidate->algorithm == ALGORITHM_RSA)
		key = rsa_key(candidate);
	else if (candidate->algorithm == ALGORITHM_ECDSA)
		key = ecdsa_key(candidate);
	ERR_clear_error();
	if (!key || EVP_PKEY_get_bits(key) < (EVP_PKEY_is_a(key, "RSA") ? 2048 : 256) ||
		(search->wanted && EVP_PKEY_eq(key, search->wanted) != 1)) {
		EVP_PKEY_free(key);
		return;
	}
	EVP_PKEY_free(search->found->key);
	search->found->key = key;
	memcpy(search->found->grip, candidate->grip, sizeof(candidate->grip));
}

static bool is_key_line(const char *type, bool *is_primary)
{
	*is_primary = !strcmp(type, "pub") || !strcmp(type, "sec");
	return *is_primary || !strcmp(type, "sub") || !strcmp(type, "ssb");
}

static void begin_candidate(struct candidate *candidate, char *fields[FIELDS_MAX])
{
	*candidate = (struct candidate){ 0 };
	candidate->algorithm = fields[FIELD_ALGORITHM] ? atoi(fields[FIELD_ALGORITHM]) : 0;
	candidate->can_sign =
		fields[FIELD_CAPABILITIES] && strchr(fields[FIELD_CAPABILITIES], 's');
	/* Invalid, disabled, revoked, expired. */
	candidate->is_valid = !fields[FIELD_VALIDITY] || !strpbrk(fields[FIELD_VALIDITY], "idre");
}

/* A user id that can be a certificate's common name as it is. */
static void take_user(struct search *search, const char *text)
{
	if (!*search->found->user && strlen(text) < sizeof(search->found->user) &&
		!strpbrk(text, "=\\"))
		strcpy(search->found->user, text);
}

static void read_colons(struct search *search, char *text)
{
	struct candidate candidate = { 0 };
	char *line, *fields[FIELDS_MAX];

	while ((line = strsep(&text, "\n"))) {
		bool is_primary;

		if (split(line, fields) <= FIELD_DATA)
			continue;
		/* What follows a key's line is about that key, until the next one's. */
		if (is_key_line(fields[FIELD_TYPE], &is_primary)) {
			consider(search, &candidate);
			begin_candidate(&candidate, fields);
			search->primaries += is_primary;
		} else if (!strcmp(fields[FIELD_TYPE], "pkd")) {
			int index = atoi(fields[FIELD_DATA_INDEX]);

			if (index == 0 || index == 1)
				candidate.data[index] = fields[FIELD_DATA];
		} else if (!fields[FIELD_TEXT]) {
			continue;
		} else if (!strcmp(fields[FIELD_TYPE], "grp")) {
			if (strlen(fields[FIELD_TEXT]) == GPG_GRIP_SIZE)
				strcpy(candidate.grip, fields[FIELD_TEXT]);
		} else if (!strcmp(fields[FIELD_TYPE], "uid")) {
			take_user(search, fields[FIELD_TEXT]);
		} else if (!strcmp(fields[FIELD_TYPE], "fpr") && !*search->fingerprint) {
			snprintf(search->fingerprint, sizeof(search->fingerprint), "%s",
				fields[FIELD_TEXT]);
		}
	}
	consider(search, &candidate);
	if (!*search->found->user)
		strcpy(search->found->user, search->fingerprint);
}

static int fail(enum gpg_problem *problem, enum gpg_problem what, int err)
{
	*problem = what;
	return err;
}

/* Asks gpg for keys; finds at most one. */
static int search_keys(const char *mode, const char *what, struct search *search,
	enum gpg_problem *problem)
{
	const char *const arguments[] = { "gpg", "--batch", "--no-tty", "--no-auto-check-trustdb",
		"--with-colons", "--with-keygrip", "--with-key-data", mode, "--", what, NULL };
	char *output;
	size_t size;
	int code = command_run(arguments, "", &output, &size);

	if (code < 0 || code == 127) {
		free(output);
		return fail(problem, GPG_PROBLEM_NO_GPG, code < 0 ? code : -ENOENT);
	}
	read_colons(search, output);
	free(output);
	if (!search->seen)
		return fail(problem, GPG_PROBLEM_NO_KEY, -ENOKEY);
	return 0;
}

int gpg_key_read(const char *path, struct gpg_key *key, enum gpg_problem *problem)
{
	struct search search = { .found = key };
	int err;

	*problem = GPG_PROBLEM_NONE;
	*key = (struct gpg_key){ 0 };
	err = search_keys("--show-keys", path, &search, problem);
	if (!err && search.primaries != 1)
		err = fail(problem, GPG_PROBLEM_SEVERAL, -EINVAL);
	else if (!err && !search.usable)
		err = fail(problem, GPG_PROBLEM_UNUSABLE, -EKEYREJECTED);
	else if (!err && !key->key)
		err = fail(problem, GPG_PROBLEM_ALGORITHM, -EKEYREJECTED);
	if (err) {
		EVP_PKEY_free(key->key);
		key->key = NULL;
	}
	return err;
}

/* What gpg-agent's "ERR number text" means; the number has its source above the lower 16 bits. */
static int agent_error(const char *line)
{
	switch (gpg_err_code((gpg_error_t)strtoul(line + 4, NULL, 10))) {
	case GPG_ERR_BAD_PASSPHRASE:
	case GPG_ERR_BAD_PIN:
	case GPG_ERR_PIN_BLOCKED:
		return -EKEYREJECTED;
	case GPG_ERR_CANCELED:
	case GPG_ERR_FULLY_CANCELED:
	case GPG_ERR_NO_PIN_ENTRY:
	case GPG_ERR_ENOTTY: /* pinentry for terminals, without one */
	case GPG_ERR_NO_PASSPHRASE:
	case GPG_ERR_NO_DATA:
		return -ECANCELED;
	case GPG_ERR_CARD_NOT_PRESENT:
	case GPG_ERR_CARD_REMOVED:
	case GPG_ERR_NO_SCDAEMON:
	case GPG_ERR_ENODEV:
		return -ENODEV;
	case GPG_ERR_NO_SECKEY:
	case GPG_ERR_NOT_FOUND:
		return -ENOKEY;
	default:
		return -EIO;
	}
}

/* Gathers the data of "D ..." lines, in which %XX stands for a byte, in the place of the text. */
static int agent_data(char *text, size_t size, size_t *data_size)
{
	const char *end = text + size;
	char *at = text, *out = text;

	while (at < end) {
		char *newline = memchr(at, '\n', (size_t)(end - at));
		char *stop = newline ? newline : text + size;

		if (stop - at >= 4 && !memcmp(at, "ERR ", 4)) {
			*stop = '\0';
			return agent_error(at);
		}
		if (stop - at >= 2 && !memcmp(at, "D ", 2)) {
			for (at += 2; at < stop; at++) {
				if (*at == '%' && stop - at > 2) {
					const char pair[] = { at[1], at[2], '\0' };
					__u8 byte;

					if (!parse_hex(pair, &byte, 1))
						return -EIO;
					*out++ = (char)byte;
					at += 2;
				} else {
					*out++ = *at;
				}
			}
		}
		at = stop + 1;
	}
	*data_size = (size_t)(out - text);
	return 0;
}

static int take_number(gcry_sexp_t list, const char *name, __u8 *bytes, size_t *size)
{
	gcry_sexp_t part = gcry_sexp_find_token(list, name, 0);
	size_t length = 0;
	const char *data = part ? gcry_sexp_nth_data(part, 1, &length) : NULL;
	int err = -EBADMSG;

	if (data && length <= SIGNATURE_MAX) {
		memcpy(bytes, data, length);
		*size = length;
		err = 0;
	}
	gcry_sexp_release(part);
	return err;
}

/* (sig-val (rsa (s ...))) or (sig-val (ecdsa (r ...) (s ...))) */
static int take_signature(const char *data, size_t data_size, __u8 *signature, size_t *size)
{
	__u8 r[SIGNATURE_MAX], s[SIGNATURE_MAX];
	gcry_sexp_t list = NULL, ecdsa;
	size_t r_size, s_size;
	int err;

	if (!gcry_control(GCRYCTL_INITIALIZATION_FINISHED_P)) {
		gcry_check_version(NULL);
		gcry_control(GCRYCTL_DISABLE_SECMEM, 0);
		gcry_control(GCRYCTL_INITIALIZATION_FINISHED, 0);
	}
	if (gcry_sexp_sscan(&list, NULL, data, data_size))
		return -EBADMSG;
	ecdsa = gcry_sexp_find_token(list, "ecdsa", 0);
	if (ecdsa) {
		err = take_number(ecdsa, "r", r, &r_size);
		if (!err)
			err = take_number(ecdsa, "s", s, &s_size);
		if (!err)
			err = ecdsa_signature_encode(
				r, r_size, s, s_size, signature, SIGNATURE_MAX, size);
	} else {
		err = take_number(list, "s", signature, size);
	}
	gcry_sexp_release(ecdsa);
	gcry_sexp_release(list);
	return err;
}

/* So that a pinentry for terminals finds the one that digsig was started from. */
static void tell_terminal(void)
{
	const char *name = ttyname(STDIN_FILENO);

	if (!name)
		name = ttyname(STDERR_FILENO);
	if (name)
		setenv("GPG_TTY", name, 0);
}

int gpg_sign_digest(const char *grip, const char *passphrase,
	const __u8 digest[DIGSIG_DIGEST_SIZE], __u8 *signature, size_t *size)
{
	static const char *const arguments[] = { "gpg-connect-agent", NULL };
	char hex[2 * DIGSIG_DIGEST_SIZE + 1], script[2048], given[1200] = "", *output;
	size_t output_size, data_size;
	int err;

	tell_terminal();
	print_hex(hex, digest, DIGSIG_DIGEST_SIZE);
	if (passphrase)
		snprintf(given, sizeof(given),
			"OPTION pinentry-mode=loopback\n/let passphrase %s\n"
			"/definq PASSPHRASE passphrase\n",
			passphrase);
	snprintf(script, sizeof(script), "%sSIGKEY %s\nSETHASH --hash=sha256 %s\nPKSIGN\n/bye\n",
		given, grip, hex);
	err = command_run(arguments, script, &output, &output_size);
	OPENSSL_cleanse(script, sizeof(script));
	OPENSSL_cleanse(given, sizeof(given));
	if (!err)
		err = agent_data(output, output_size, &data_size);
	else if (err > 0)
		err = -EIO;
	if (!err)
		err = take_signature(output, data_size, signature, size);
	free(output);
	return err;
}

struct holder {
	char grip[GPG_GRIP_SIZE + 1];
	char *passphrase;
};

static int sign_by_agent(
	void *holder, const __u8 digest[DIGSIG_DIGEST_SIZE], __u8 *signature, size_t *size)
{
	const struct holder *agent = holder;

	return gpg_sign_digest(agent->grip, agent->passphrase, digest, signature, size);
}

static void release(void *holder)
{
	struct holder *agent = holder;

	if (agent->passphrase)
		OPENSSL_cleanse(agent->passphrase, strlen(agent->passphrase));
	free(agent->passphrase);
	free(agent);
}

int gpg_signer_load(struct signer **signer, const char *user, const char *certificate_path,
	const char *passphrase, enum signer_problem *problem, enum gpg_problem *gpg_problem)
{
	struct gpg_key key = { 0 };
	struct search search = { .found = &key };
	struct holder *holder = calloc(1, sizeof(*holder));
	int err;

	*gpg_problem = GPG_PROBLEM_NONE;
	*problem = SIGNER_PROBLEM_NONE;
	if (!holder)
		return -ENOMEM;
	err = signer_of_certificate(signer, certificate_path, problem);
	if (err) {
		free(holder);
		return err;
	}
	/* From here on the holder is the signer's: signer_free releases it. */
	(*signer)->sign_digest = sign_by_agent;
	(*signer)->release = release;
	(*signer)->holder = holder;
	search.wanted = X509_get0_pubkey((*signer)->certificate);
	holder->passphrase = passphrase ? strdup(passphrase) : NULL;
	err = passphrase && !holder->passphrase
		? -ENOMEM
		: search_keys("--list-secret-keys", user, &search, gpg_problem);
	if (err) {
		*problem = SIGNER_PROBLEM_KEY_ABSENT;
	} else if (!key.key) {
		*problem = search.usable ? SIGNER_PROBLEM_MISMATCH : SIGNER_PROBLEM_KEY_ABSENT;
		*gpg_problem = GPG_PROBLEM_UNUSABLE;
		err = -EKEYREJECTED;
	}
	memcpy(holder->grip, key.grip, sizeof(key.grip));
	EVP_PKEY_free(key.key);
	if (err)
		signer_free(*signer);
	return err;
}

const char *gpg_problem_meaning(enum gpg_problem problem)
{
	switch (problem) {
	case GPG_PROBLEM_NONE:
		return "nothing is wrong";
	case GPG_PROBLEM_NO_GPG:
		return "gpg cannot be run: install gnupg";
	case GPG_PROBLEM_NO_KEY:
		return "gpg finds no such key there: look with gpg -K for those that sign, or give a "
		       "file of an OpenPGP public key";
	case GPG_PROBLEM_SEVERAL:
		return "more than one OpenPGP key is in it: export one alone";
	case GPG_PROBLEM_ALGORITHM:
		return "not a key for this, as ed25519 is not: use RSA of 2048 bits or more, or "
		       "ECDSA on NIST P-256";
	case GPG_PROBLEM_UNUSABLE:
		return "the key is expired, revoked, or not for signing: take another one";
	}
	return "?";
}
