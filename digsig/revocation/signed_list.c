// SPDX-License-Identifier: GPL-2.0-or-later
#include "signed_list.h"
#include <errno.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdlib.h>
#include <string.h>
#include "../format/inspect.h"
#include "../trust/cms.h"

static const char first_line[] = "-----BEGIN CMS-----";

/* Where the signature begins; NULL: nowhere. Only a whole line counts, and it must be the only one. */
static char *find_signature(char *text)
{
	char *at = strstr(text, first_line);

	if (!at || (at > text && at[-1] != '\n') || strstr(at + 1, first_line))
		return NULL;
	return at;
}

static enum digsig_verdict check(
	const char *pem, const char *text, size_t size, const struct trust_store *store)
{
	enum digsig_verdict verdict = DIGSIG_VERDICT_MALFORMED;
	BIO *bio = BIO_new_mem_buf(pem, -1);
	unsigned char *der = NULL;
	char *name = NULL, *header = NULL;
	long length = 0;

	if (bio && PEM_read_bio(bio, &name, &header, &der, &length))
		verdict = cms_verify_content(
			der, (size_t)length, (const __u8 *)text, size, store, NULL);
	OPENSSL_free(name);
	OPENSSL_free(header);
	OPENSSL_free(der);
	BIO_free(bio);
	ERR_clear_error();
	return verdict;
}

static int read_signed(const char *path, char *text, const struct trust_store *store,
	struct revocations *list, enum digsig_verdict *verdict, struct revocation_problem *problem)
{
	char *signature = find_signature(text);
	int err;

	if (!signature)
		return list_fail(problem, -EINVAL, "%.400s: no signature: expected one %s behind it",
			path, first_line);
	*verdict = check(signature, text, (size_t)(signature - text), store);
	if (*verdict != DIGSIG_VERDICT_OK)
		return list_fail(problem, -EKEYREJECTED, "%.400s: %s: %s", path,
			digsig_verdict_name(*verdict), digsig_verdict_meaning(*verdict));
	*signature = '\0';
	err = list_parse(path, text, list, problem);
	if (!err && !list->sequence)
		err = list_fail(problem, -EINVAL,
			"%.400s: no line \"sequence N\": it could be an old list", path);
	return err;
}

int signed_list_read(const char *path, const struct trust_store *store, struct revocations *list,
	enum digsig_verdict *verdict, struct revocation_problem *problem)
{
	char *text;
	int err = list_read(path, &text, problem);

	*list = (struct revocations){ 0 };
	*verdict = DIGSIG_VERDICT_NONE;
	if (!err && !text)
		err = list_fail(problem, -ENOENT, "%.400s: %s", path, strerror(ENOENT));
	if (!err)
		err = read_signed(path, text, store, list, verdict, problem);
	if (err)
		revocations_free(list);
	free(text);
	return err;
}

int revocation_file_read(const char *path, const struct trust_store *store,
	struct revocations *list, enum digsig_verdict *verdict, struct revocation_problem *problem)
{
	char *text;
	int err = list_read(path, &text, problem);

	*list = (struct revocations){ 0 };
	*verdict = DIGSIG_VERDICT_NONE;
	if (!err && text)
		err = find_signature(text)
			? read_signed(path, text, store, list, verdict, problem)
			: list_parse(path, text, list, problem);
	if (err)
		revocations_free(list);
	free(text);
	return err;
}
