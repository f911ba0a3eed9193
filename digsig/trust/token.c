// SPDX-License-Identifier: GPL-2.0-or-later
#include "token.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <p11-kit/p11-kit.h>
#include <p11-kit/uri.h>
#include "raw_signature.h"

#define PIN_MAX 256
#define SLOTS_MAX 64
#define CERTIFICATE_MAX (64 << 10)

struct token {
	P11KitUri *uri;
	CK_FUNCTION_LIST *loaded[2]; /* the module that the URI names; or */
	CK_FUNCTION_LIST **modules; /* all that the system has */
	CK_FUNCTION_LIST *module; /* the token's */
	CK_SLOT_ID slot;
	CK_FLAGS flags;
	CK_SESSION_HANDLE session;
	CK_OBJECT_HANDLE key;
	CK_KEY_TYPE type;
	bool asks_each_time; /* CKA_ALWAYS_AUTHENTICATE */
	char pin[PIN_MAX];
	CK_ULONG pin_size;
};

bool token_is_named(const char *key)
{
	return !strncmp(key, "pkcs11:", 7);
}

static void token_free(void *holder)
{
	struct token *token = holder;

	if (token->session)
		token->module->C_CloseSession(token->session);
	if (token->modules)
		p11_kit_modules_finalize_and_release(token->modules);
	if (token->loaded[0]) {
		p11_kit_module_finalize(token->loaded[0]);
		p11_kit_module_release(token->loaded[0]);
	}
	p11_kit_uri_free(token->uri);
	OPENSSL_cleanse(token->pin, sizeof(token->pin));
	free(token);
}

static int signing_error(CK_RV answer)
{
	switch (answer) {
	case CKR_OK:
		return 0;
	case CKR_PIN_INCORRECT:
	case CKR_PIN_INVALID:
	case CKR_PIN_LEN_RANGE:
	case CKR_PIN_LOCKED:
		return -EKEYREJECTED;
	case CKR_FUNCTION_CANCELED:
		return -ECANCELED;
	case CKR_DEVICE_REMOVED:
	case CKR_TOKEN_NOT_PRESENT:
	case CKR_SESSION_CLOSED:
	case CKR_SESSION_HANDLE_INVALID:
	case CKR_OBJECT_HANDLE_INVALID:
	case CKR_KEY_HANDLE_INVALID:
	case CKR_USER_NOT_LOGGED_IN:
		return -ENODEV;
	}
	return -EIO;
}

static int fail(enum signer_problem *problem, enum signer_problem what, int err)
{
	*problem = what;
	return err;
}

static int parse_uri(struct token *token, const char *text, enum signer_problem *problem)
{
	token->uri = p11_kit_uri_new();
	if (!token->uri)
		return -ENOMEM;
	if (p11_kit_uri_parse(text, P11_KIT_URI_FOR_ANY, token->uri) != P11_KIT_URI_OK ||
		p11_kit_uri_any_unrecognized(token->uri))
		return fail(problem, SIGNER_PROBLEM_URI, -EINVAL);
	return 0;
}

static int load_modules(struct token *token, enum signer_problem *problem)
{
	const char *path = p11_kit_uri_get_module_path(token->uri);

	p11_kit_be_quiet();
	if (!path) {
		token->modules = p11_kit_modules_load_and_initialize(0);
		return token->modules ? 0 : fail(problem, SIGNER_PROBLEM_MODULE, -ENOENT);
	}
	token->loaded[0] = p11_kit_module_load(path, 0);
	if (!token->loaded[0])
		return fail(problem, SIGNER_PROBLEM_MODULE, -ENOENT);
	if (p11_kit_module_initialize(token->loaded[0]) == CKR_OK)
		return 0;
	p11_kit_module_release(token->loaded[0]);
	token->loaded[0] = NULL;
	return fail(problem, SIGNER_PROBLEM_MODULE, -ENOENT);
}

/* Counts the initialized tokens of a module that the URI matches, and takes the last one. */
static int match_tokens(struct token *token, CK_FUNCTION_LIST *module)
{
	CK_SLOT_ID slots[SLOTS_MAX];
	CK_ULONG count = SLOTS_MAX;
	int found = 0;

	if (module->C_GetSlotList(CK_TRUE, slots, &count) != CKR_OK)
		return 0;
	for (CK_ULONG i = 0; i < count; i++) {
		CK_TOKEN_INFO info;

		if (module->C_GetTokenInfo(slots[i], &info) != CKR_OK ||
			!(info.flags & CKF_TOKEN_INITIALIZED) ||
			!p11_kit_uri_match_token_info(token->uri, &info))
			continue;
		token->module = module;
		token->slot = slots[i];
		token->flags = info.flags;
		found++;
	}
	return found;
}

static int find_token(struct token *token, enum signer_problem *problem)
{
	CK_FUNCTION_LIST **modules = token->loaded[0] ? token->loaded : token->modules;
	int found = 0;

	for (; *modules; modules++)
		found += match_tokens(token, *modules);
	if (found != 1)
		return found ? fail(problem, SIGNER_PROBLEM_TOKENS_SEVERAL, -EINVAL)
			     : fail(problem, SIGNER_PROBLEM_TOKEN_ABSENT, -ENODEV);
	return 0;
}

static int obtain_pin(
	struct token *token, passphrase_source passphrase, void *context, enum signer_problem *problem)
{
	const char *given = p11_kit_uri_get_pin_value(token->uri);
	int size;

	if (given) {
		token->pin_size = strlen(given);
		if (token->pin_size >= sizeof(token->pin))
			return fail(problem, SIGNER_PROBLEM_PASSPHRASE, -EKEYREJECTED);
		memcpy(token->pin, given, token->pin_size);
		return 0;
	}
	size = passphrase ? passphrase(token->pin, sizeof(token->pin), context) : -1;
	if (size < 0)
		return fail(problem, SIGNER_PROBLEM_NO_PIN, -EKEYREJECTED);
	token->pin_size = (CK_ULONG)size;
	return 0;
}

static CK_RV log_in(struct token *token, CK_USER_TYPE user)
{
	bool has_keypad = token->flags & CKF_PROTECTED_AUTHENTICATION_PATH;
	CK_RV answer = token->module->C_Login(token->session, user,
		has_keypad ? NULL : (CK_UTF8CHAR_PTR)token->pin, has_keypad ? 0 : token->pin_size);

	return answer == CKR_USER_ALREADY_LOGGED_IN ? CKR_OK : answer;
}

static int open_session(
	struct token *token, passphrase_source passphrase, void *context, enum signer_problem *problem)
{
	CK_RV answer = token->module->C_OpenSession(
		token->slot, CKF_SERIAL_SESSION, NULL, NULL, &token->session);
	int err;

	if (answer != CKR_OK) {
		token->session = 0;
		return fail(problem, SIGNER_PROBLEM_TOKEN_FAILED, -EIO);
	}
	if (!(token->flags & CKF_LOGIN_REQUIRED))
		return 0;
	if (!(token->flags & CKF_PROTECTED_AUTHENTICATION_PATH)) {
		err = obtain_pin(token, passphrase, context, problem);
		if (err)
			return err;
	}
	answer = log_in(token, CKU_USER);
	if (answer == CKR_PIN_LOCKED || answer == CKR_USER_PIN_NOT_INITIALIZED)
		return fail(problem, SIGNER_PROBLEM_PIN_LOCKED, -EKEYREJECTED);
	err = signing_error(answer);
	if (err == -EKEYREJECTED || err == -ECANCELED)
		return fail(problem, SIGNER_PROBLEM_PASSPHRASE, -EKEYREJECTED);
	return err ? fail(problem, SIGNER_PROBLEM_TOKEN_FAILED, err) : 0;
}

/* How many objects match, 0, 1 or 2 for more; negative: the token failed. */
static int find_objects(struct token *token, CK_ATTRIBUTE *wanted, CK_ULONG count,
	CK_OBJECT_HANDLE found[2])
{
	CK_ULONG number = 0;
	CK_RV answer;

	if (token->module->C_FindObjectsInit(token->session, wanted, count) != CKR_OK)
		return -EIO;
	answer = token->module->C_FindObjects(token->session, found, 2, &number);
	token->module->C_FindObjectsFinal(token->session);
	return answer == CKR_OK ? (int)number : -EIO;
}

static bool read_attribute(struct token *token, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type,
	void *value, CK_ULONG *size)
{
	CK_ATTRIBUTE attribute = { type, value, *size };

	if (token->module->C_GetAttributeValue(token->session, object, &attribute, 1) != CKR_OK ||
		attribute.ulValueLen == CK_UNAVAILABLE_INFORMATION)
		return false;
	*size = attribute.ulValueLen;
	return true;
}

static int find_key(struct token *token, enum signer_problem *problem)
{
	CK_OBJECT_CLASS class = CKO_PRIVATE_KEY;
	CK_ATTRIBUTE wanted[3] = { { CKA_CLASS, &class, sizeof(class) } };
	static const CK_ATTRIBUTE_TYPE naming[] = { CKA_LABEL, CKA_ID };
	CK_ULONG count = 1, size = sizeof(token->type);
	CK_OBJECT_HANDLE found[2];
	CK_BBOOL always = CK_FALSE;
	int number;

	for (size_t i = 0; i < 2; i++) {
		const CK_ATTRIBUTE *given = p11_kit_uri_get_attribute(token->uri, naming[i]);

		if (given)
			wanted[count++] = *given;
	}
	number = find_objects(token, wanted, count, found);
	if (number < 0)
		return fail(problem, SIGNER_PROBLEM_TOKEN_FAILED, number);
	if (number != 1)
		return number ? fail(problem, SIGNER_PROBLEM_KEYS_SEVERAL, -EINVAL)
			      : fail(problem, SIGNER_PROBLEM_KEY_ABSENT, -ENOKEY);
	token->key = found[0];
	if (!read_attribute(token, token->key, CKA_KEY_TYPE, &token->type, &size))
		return fail(problem, SIGNER_PROBLEM_TOKEN_FAILED, -EIO);
	if (token->type != CKK_RSA && token->type != CKK_EC)
		return fail(problem, SIGNER_PROBLEM_KEY_ALGORITHM, -EKEYREJECTED);
	size = sizeof(always);
	token->asks_each_time =
		read_attribute(token, token->key, CKA_ALWAYS_AUTHENTICATE, &always, &size) &&
		always;
	return 0;
}

/* The certificate beside the key; to be freed. NULL: there is none. */
static X509 *certificate_on_token(struct token *token)
{
	CK_OBJECT_CLASS class = CKO_CERTIFICATE;
	CK_ATTRIBUTE wanted[2] = { { CKA_CLASS, &class, sizeof(class) } };
	CK_ULONG size = CERTIFICATE_MAX;
	CK_OBJECT_HANDLE found[2];
	const unsigned char *at;
	X509 *certificate = NULL;
	__u8 id[256], *bytes = malloc(CERTIFICATE_MAX);

	wanted[1] = (CK_ATTRIBUTE){ CKA_ID, id, sizeof(id) };
	at = bytes;
	if (bytes && read_attribute(token, token->key, CKA_ID, id, &wanted[1].ulValueLen) &&
		wanted[1].ulValueLen && find_objects(token, wanted, 2, found) > 0 &&
		read_attribute(token, found[0], CKA_VALUE, bytes, &size))
		certificate = d2i_X509(NULL, &at, (long)size);
	ERR_clear_error();
	free(bytes);
	return certificate;
}

static int sign_on_token(void *holder, const __u8 digest[DIGSIG_DIGEST_SIZE], __u8 *signature,
	size_t *size)
{
	/* DigestInfo for SHA-256: RFC 8017 section 9.2, note 1. CKM_RSA_PKCS only pads. */
	__u8 info[19 + DIGSIG_DIGEST_SIZE] = { 0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48,
		0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20 };
	struct token *token = holder;
	bool is_rsa = token->type == CKK_RSA;
	CK_MECHANISM mechanism = { is_rsa ? CKM_RSA_PKCS : CKM_ECDSA, NULL, 0 };
	CK_FUNCTION_LIST *module = token->module;
	CK_ULONG got = SIGNATURE_MAX;
	__u8 answer_bytes[SIGNATURE_MAX];
	CK_RV answer;

	memcpy(info + 19, digest, DIGSIG_DIGEST_SIZE);
	answer = module->C_SignInit(token->session, &mechanism, token->key);
	if (answer == CKR_OK && token->asks_each_time)
		answer = log_in(token, CKU_CONTEXT_SPECIFIC);
	if (answer == CKR_OK)
		answer = module->C_Sign(token->session, is_rsa ? info : info + 19,
			is_rsa ? sizeof(info) : DIGSIG_DIGEST_SIZE, answer_bytes, &got);
	if (answer != CKR_OK)
		return signing_error(answer);
	if (!is_rsa)
		return ecdsa_signature_encode(answer_bytes, got / 2, answer_bytes + got / 2,
			got / 2, signature, SIGNATURE_MAX, size);
	memcpy(signature, answer_bytes, got);
	*size = got;
	return 0;
}

static int make_signer(struct token *token, const char *certificate_path, struct signer **signer,
	enum signer_problem *problem)
{
	X509 *certificate;
	int err;

	if (certificate_path) {
		err = signer_of_certificate(signer, certificate_path, problem);
	} else {
		certificate = certificate_on_token(token);
		if (!certificate)
			return fail(problem, SIGNER_PROBLEM_TOKEN_CERTIFICATE, -ENOENT);
		err = signer_of_x509(signer, certificate, problem);
		X509_free(certificate);
	}
	if (err)
		return err;
	if (EVP_PKEY_is_a(X509_get0_pubkey((*signer)->certificate), "RSA") !=
		(token->type == CKK_RSA)) {
		signer_free(*signer);
		return fail(problem, SIGNER_PROBLEM_MISMATCH, -EKEYREJECTED);
	}
	(*signer)->sign_digest = sign_on_token;
	(*signer)->release = token_free;
	(*signer)->holder = token;
	return 0;
}

int token_signer_load(struct signer **signer, const char *uri, const char *certificate_path,
	passphrase_source passphrase, void *context, enum signer_problem *problem)
{
	struct token *token = calloc(1, sizeof(*token));
	int err;

	*problem = SIGNER_PROBLEM_NONE;
	if (!token)
		return -ENOMEM;
	err = parse_uri(token, uri, problem);
	if (!err)
		err = load_modules(token, problem);
	if (!err)
		err = find_token(token, problem);
	if (!err)
		err = open_session(token, passphrase, context, problem);
	if (!err)
		err = find_key(token, problem);
	if (!err)
		err = make_signer(token, certificate_path, signer, problem);
	if (err)
		token_free(token);
	return err;
}
