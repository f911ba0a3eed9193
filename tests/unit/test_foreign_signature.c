// SPDX-License-Identifier: GPL-2.0-or-later
/* Signatures that another program made: only one over this manifest, by the key that it names, is taken. */
#include "support.h"
#include <errno.h>
#include <string.h>
#include <openssl/cms.h>
#include "digsig/format/block.h"
#include "digsig/trust/cms.h"
#include "digsig/trust/foreign_signature.h"
#include "digsig/trust/raw_signature.h"

/* A manifest that names the scratch signer's key. What else is in it does not matter here. */
static void make_manifest(struct digsig_manifest *manifest)
{
	memset(manifest, 0x5a, sizeof(*manifest));
	memcpy(manifest->key_id, scratch_signer()->key_id, DIGSIG_KEY_ID_SIZE);
}

static int take(const struct digsig_manifest *manifest, const __u8 *bytes, size_t size,
	enum foreign_signature_problem *problem)
{
	const struct foreign_signature foreign = { .bytes = bytes, .size = size,
		.manifest = (const __u8 *)manifest, .certificate = scratch_signer()->certificate };
	__u8 der[DIGSIG_CMS_MAX];
	struct signer *signer;
	size_t der_size;
	int err = foreign_signature_take(&foreign, der, &der_size, &signer, problem);

	if (err)
		return err;
	assert_int_equal(cms_verify(der, der_size, (const __u8 *)manifest, scratch_store(), NULL),
		DIGSIG_VERDICT_OK);
	signer_free(signer);
	return 0;
}

static void assert_not_taken(const struct digsig_manifest *manifest, const __u8 *bytes, size_t size,
	enum foreign_signature_problem expected)
{
	enum foreign_signature_problem problem;

	assert_int_equal(take(manifest, bytes, size, &problem), -EBADMSG);
	assert_int_equal(problem, expected);
}

static void a_raw_signature_is_taken_if_it_fits(void **state)
{
	__u8 signature[4 * SIGNATURE_MAX] = { 0 };
	size_t size = SIGNATURE_MAX;
	struct digsig_manifest manifest;
	enum foreign_signature_problem problem;

	(void)state;
	make_manifest(&manifest);
	assert_int_equal(raw_signature_make(scratch_signer()->key, (const __u8 *)&manifest,
				 sizeof(manifest), signature, &size),
		0);
	assert_int_equal(take(&manifest, signature, size, &problem), 0);
	signature[size - 1] ^= 1;
	assert_not_taken(&manifest, signature, size, FOREIGN_SIGNATURE_WRONG);
	signature[size - 1] ^= 1;
	assert_not_taken(&manifest, signature, size - 1, FOREIGN_SIGNATURE_FORMAT);
	assert_not_taken(&manifest, signature, sizeof(signature), FOREIGN_SIGNATURE_FORMAT);
	/* A manifest that names another key, with which its signer would escape a revocation. */
	manifest.key_id[0] ^= 1;
	size = SIGNATURE_MAX;
	assert_int_equal(raw_signature_make(scratch_signer()->key, (const __u8 *)&manifest,
				 sizeof(manifest), signature, &size),
		0);
	assert_not_taken(&manifest, signature, size, FOREIGN_SIGNATURE_OTHER_KEY);
}

static void a_cms_is_taken_alone(void **state)
{
	struct digsig_manifest manifest;
	__u8 der[DIGSIG_CMS_MAX + 1] = { 0 };
	enum foreign_signature_problem problem;
	size_t size;

	(void)state;
	make_manifest(&manifest);
	assert_int_equal(cms_sign(scratch_signer(), (const __u8 *)&manifest, der, &size), 0);
	assert_int_equal(take(&manifest, der, size, &problem), 0);
	assert_not_taken(&manifest, der, size + 1, FOREIGN_SIGNATURE_FORMAT);
	manifest.magic[0] ^= 1;
	assert_not_taken(&manifest, der, size, FOREIGN_SIGNATURE_WRONG);
}

/* As openssl cms signs if it is not told -noattr: over attributes, of which the manifest's hash is one. */
static void a_signature_over_attributes_is_named(void **state)
{
	struct digsig_manifest manifest;
	unsigned char *der = NULL;
	CMS_ContentInfo *cms;
	BIO *content;
	int size;

	(void)state;
	make_manifest(&manifest);
	content = BIO_new_mem_buf(&manifest, sizeof(manifest));
	cms = CMS_sign(scratch_signer()->certificate, scratch_signer()->key, NULL, content,
		CMS_BINARY | CMS_DETACHED | CMS_NOCERTS);
	assert_non_null(cms);
	size = i2d_CMS_ContentInfo(cms, &der);
	assert_true(size > 0);
	assert_not_taken(&manifest, der, (size_t)size, FOREIGN_SIGNATURE_ATTRIBUTES);
	OPENSSL_free(der);
	CMS_ContentInfo_free(cms);
	BIO_free(content);
}

static void an_encoding_has_its_room(void **state)
{
	static const __u8 number[32] = { 0x7f, 1 };
	__u8 der[72];
	size_t size = 0;

	(void)state;
	assert_int_equal(ecdsa_signature_encode(number, 32, number, 32, der, sizeof(der), &size), 0);
	assert_int_equal(size, 2 + 2 * (2 + 32));
	memset(der, 0x55, sizeof(der));
	assert_int_equal(
		ecdsa_signature_encode(number, 32, number, 32, der, size - 1, &size), -EBADMSG);
	for (size_t i = 0; i < sizeof(der); i++)
		assert_int_equal(der[i], 0x55);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_raw_signature_is_taken_if_it_fits),
		cmocka_unit_test(a_cms_is_taken_alone),
		cmocka_unit_test(a_signature_over_attributes_is_named),
		cmocka_unit_test(an_encoding_has_its_room),
	};

	return cmocka_run_group_tests_name("foreign-signature", tests, NULL, scratch_tear_down);
}
