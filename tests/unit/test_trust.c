// SPDX-License-Identifier: GPL-2.0-or-later
/* Keys, the certificate store, and the one encoding of a CMS. */
#include "support.h"
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include "digsig/trust/chain.h"
#include "digsig/trust/cms.h"
#include "digsig/trust/key_new.h"
#include "digsig/trust/validity.h"

static int give_passphrase(char *buffer, int size, void *context)
{
	(void)size;
	strcpy(buffer, context);
	return (int)strlen(context);
}

static void make_pair(enum key_algorithm algorithm, const char *passphrase, struct signer **signer,
	struct trust_store **store)
{
	const struct key_request request = {
		.algorithm = algorithm,
		.key_path = scratch_path("pair.key"),
		.certificate_path = scratch_path("pair.crt"),
		.subject = "CN=pair, O=A\\, B",
		.days = 1,
		.passphrase = passphrase,
		.replace = true,
	};
	enum signer_problem problem;

	assert_int_equal(key_new(&request), 0);
	assert_int_equal(signer_load(signer, request.key_path, request.certificate_path,
				 give_passphrase, (void *)passphrase, &problem),
		0);
	assert_int_equal(trust_store_new(store), 0);
	assert_int_equal(trust_store_add(*store, request.certificate_path, NULL), 0);
	assert_int_equal(trust_store_add(*store, request.certificate_path, NULL), 0);
	assert_int_equal(trust_store_count(*store), 1);
}

static void every_algorithm_signs(void **state)
{
	(void)state;
	for (int algorithm = KEY_RSA3072; algorithm <= KEY_ECDSA_P256; algorithm++) {
		__u8 manifest[DIGSIG_MANIFEST_SIZE] = "manifest", der[DIGSIG_CMS_MAX];
		struct trust_store *store;
		struct signer *signer;
		X509 *found;
		size_t size;

		make_pair(algorithm, "open sesame", &signer, &store);
		for (int i = 0; i < 20; i++) {
			assert_int_equal(cms_sign(signer, manifest, der, &size), 0);
			assert_int_equal((size + 63) / 64 * 64, signer->cms_room);
			assert_int_equal(cms_verify(der, size, manifest, store, &found),
				DIGSIG_VERDICT_OK);
			assert_int_equal(X509_cmp(found, signer->certificate), 0);
		}
		manifest[100] ^= 1;
		assert_int_equal(
			cms_verify(der, size, manifest, store, &found), DIGSIG_VERDICT_BADSIG);
		assert_int_equal(cms_verify(der, size, manifest, scratch_store(), &found),
			DIGSIG_VERDICT_UNKNOWNKEY);
		assert_null(found);
		/* What is signed has stated the size: one of another is drawn again, and never given. */
		if (algorithm == KEY_ECDSA_P256) {
			signer->cms_room += 64;
			assert_int_equal(cms_sign(signer, manifest, der, &size), -EIO);
		}
		signer_free(signer);
		trust_store_free(store);
	}
}

/* A self-signed CA that may not issue, and whose day is over. */
static X509 *make_odd_certificate(void)
{
	const struct signer *signer = scratch_signer();
	X509 *made = X509_new();
	static const struct {
		int kind;
		const char *value;
	} extensions[] = {
		{ NID_basic_constraints, "critical,CA:TRUE" },
		{ NID_key_usage, "digitalSignature" },
	};

	assert_non_null(made);
	X509_set_version(made, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(made), 1);
	X509_gmtime_adj(X509_getm_notBefore(made), -7200);
	X509_gmtime_adj(X509_getm_notAfter(made), -3600);
	X509_set_subject_name(made, X509_get_subject_name(signer->certificate));
	X509_set_issuer_name(made, X509_get_subject_name(signer->certificate));
	X509_set_pubkey(made, signer->key);
	for (size_t i = 0; i < 2; i++) {
		X509_EXTENSION *extension =
			X509V3_EXT_conf_nid(NULL, NULL, extensions[i].kind, extensions[i].value);

		assert_non_null(extension);
		X509_add_ext(made, extension, -1);
		X509_EXTENSION_free(extension);
	}
	assert_true(X509_sign(made, signer->key, EVP_sha256()) > 0);
	return made;
}

static void who_may_not_issue_is_no_authority(void **state)
{
	X509 *odd = make_odd_certificate();

	(void)state;
	assert_false(certificate_is_authority(odd));
	assert_true(certificate_signs_code(odd));
	X509_free(odd);
}

static void what_has_expired_is_left_out_where_it_must_be(void **state)
{
	X509 *odd = make_odd_certificate();
	struct trust_store *store;
	const char *why;

	(void)state;
	assert_int_equal(trust_store_new(&store), 0);
	assert_int_equal(trust_store_add_certificate(store, odd), 0);
	assert_int_equal(trust_store_count(store), 1);
	assert_int_equal(trust_store_refuse_expired(store, true), 0);
	assert_int_equal(trust_store_count(store), 0);
	assert_ptr_equal(trust_store_left_out(store, 0, &why), odd);
	assert_int_equal(trust_store_refuse_expired(store, false), 0);
	assert_int_equal(trust_store_count(store), 1);
	trust_store_free(store);
	X509_free(odd);
}

/* A holder that signs with another key, or something else. */
static int sign_wrongly(
	void *holder, const __u8 digest[DIGSIG_DIGEST_SIZE], __u8 *signature, size_t *size)
{
	(void)holder;
	*size = 384;
	memset(signature, digest[0], *size);
	return 0;
}

static void a_holder_of_the_key_is_not_believed(void **state)
{
	__u8 manifest[DIGSIG_MANIFEST_SIZE] = "manifest", der[DIGSIG_CMS_MAX];
	enum signer_problem problem;
	struct signer *signer;
	size_t size;

	(void)state;
	scratch_signer();
	assert_int_equal(
		signer_of_certificate(&signer, scratch_path("test.crt"), &problem), 0);
	assert_int_equal(cms_sign(signer, manifest, der, &size), -ENOKEY);
	signer->sign_digest = sign_wrongly;
	assert_int_equal(cms_sign(signer, manifest, der, &size), -EBADMSG);
	signer_free(signer);
}

static void no_bit_of_a_cms_can_change(void **state)
{
	static const __u8 manifest[DIGSIG_MANIFEST_SIZE];

	(void)state;
	for (int algorithm = KEY_RSA3072; algorithm <= KEY_ECDSA_P256; algorithm += 2) {
		struct trust_store *store;
		__u8 der[DIGSIG_CMS_MAX];
		struct signer *signer;
		size_t size;

		make_pair(algorithm, NULL, &signer, &store);
		assert_int_equal(cms_sign(signer, manifest, der, &size), 0);
		for (size_t bit = 0; bit < 8 * size; bit++) {
			der[bit / 8] ^= (__u8)(1 << bit % 8);
			assert_int_not_equal(cms_verify(der, size, manifest, store, NULL),
				DIGSIG_VERDICT_OK);
			der[bit / 8] ^= (__u8)(1 << bit % 8);
		}
		for (size_t cut = 0; cut < size; cut++)
			assert_int_equal(cms_verify(der, cut, manifest, store, NULL),
				DIGSIG_VERDICT_MALFORMED);
		der[size] = 0;
		assert_int_equal(cms_verify(der, size + 1, manifest, store, NULL),
			DIGSIG_VERDICT_MALFORMED);
		assert_int_equal(
			cms_verify(der, size, manifest, store, NULL), DIGSIG_VERDICT_OK);
		signer_free(signer);
		trust_store_free(store);
	}
}

static void keys_are_made_whole_or_not(void **state)
{
	struct key_request request = {
		.algorithm = KEY_ECDSA_P256,
		.key_path = scratch_path("whole.key"),
		.certificate_path = scratch_path("whole.crt"),
		.subject = "whole",
		.days = 1,
	};
	struct stat before, after;

	(void)state;
	assert_int_equal(key_new(&request), 0);
	assert_int_equal(stat(request.key_path, &before), 0);
	assert_int_equal(before.st_mode & 07777, 0600);
	assert_int_equal(key_new(&request), -EEXIST);
	assert_int_equal(stat(request.key_path, &after), 0);
	assert_int_equal(before.st_ino, after.st_ino);
	/* The certificate's place is taken: no key is left behind. */
	assert_int_equal(unlink(request.key_path), 0);
	assert_int_equal(key_new(&request), -EEXIST);
	assert_int_equal(access(request.key_path, F_OK), -1);
	request.subject = "O=no, nonsense";
	request.replace = true;
	assert_int_equal(key_new(&request), -EINVAL);
	request.subject = "";
	assert_int_equal(key_new(&request), -EINVAL);
	request.subject = "whole";
	request.key_path = "/nonexistent/a.key";
	assert_int_equal(key_new(&request), -ENOENT);
}

static int count_names(const char *beginning)
{
	DIR *directory = opendir(scratch_directory());
	struct dirent *entry;
	int count = 0;

	assert_non_null(directory);
	while ((entry = readdir(directory)))
		count += !strncmp(entry->d_name, beginning, strlen(beginning));
	closedir(directory);
	return count;
}

/* A folder under the name of one file: rename(2) cannot put that file there. */
static void an_old_pair_is_replaced_whole_or_not(void **state)
{
	const struct key_request request = {
		.algorithm = KEY_ECDSA_P256,
		.key_path = scratch_path("over.key"),
		.certificate_path = scratch_path("over.crt"),
		.subject = "over",
		.days = 1,
		.replace = true,
	};
	enum signer_problem problem;
	struct stat before, after;
	struct signer *signer;

	(void)state;
	assert_int_equal(mkdir(request.key_path, 0700), 0);
	assert_true(key_new(&request) < 0);
	assert_int_equal(count_names("over."), 1);
	assert_int_equal(rmdir(request.key_path), 0);
	assert_int_equal(key_new(&request), 0);
	assert_int_equal(key_new(&request), 0);
	assert_int_equal(count_names("over."), 2);
	assert_int_equal(signer_load(&signer, request.key_path, request.certificate_path, NULL,
				 NULL, &problem),
		0);
	signer_free(signer);

	assert_int_equal(stat(request.certificate_path, &before), 0);
	assert_int_equal(unlink(request.key_path), 0);
	assert_int_equal(mkdir(request.key_path, 0700), 0);
	assert_true(key_new(&request) < 0);
	assert_int_equal(stat(request.certificate_path, &after), 0);
	assert_int_equal(before.st_ino, after.st_ino);
	assert_int_equal(rmdir(request.key_path), 0);

	assert_int_equal(key_new(&request), 0);
	assert_int_equal(stat(request.key_path, &before), 0);
	assert_int_equal(unlink(request.certificate_path), 0);
	assert_int_equal(mkdir(request.certificate_path, 0700), 0);
	assert_true(key_new(&request) < 0);
	assert_int_equal(stat(request.key_path, &after), 0);
	assert_int_equal(before.st_ino, after.st_ino);
	assert_int_equal(count_names("over."), 2);
	assert_int_equal(rmdir(request.certificate_path), 0);
}

static void signers_are_checked(void **state)
{
	struct trust_store *store;
	enum signer_problem problem;
	struct signer *signer;

	(void)state;
	scratch_signer();
	make_pair(KEY_RSA3072, "right", &signer, &store);
	signer_free(signer);
	trust_store_free(store);
	assert_int_equal(signer_load(&signer, scratch_path("pair.key"), scratch_path("pair.crt"),
				 give_passphrase, "wrong", &problem),
		-EKEYREJECTED);
	assert_int_equal(problem, SIGNER_PROBLEM_PASSPHRASE);
	assert_int_equal(signer_load(&signer, scratch_path("pair.key"), scratch_path("pair.crt"),
				 NULL, NULL, &problem),
		-EKEYREJECTED);
	assert_int_equal(problem, SIGNER_PROBLEM_ENCRYPTED);
	assert_int_equal(signer_load(&signer, scratch_path("test.key"), scratch_path("pair.crt"),
				 NULL, NULL, &problem),
		-EKEYREJECTED);
	assert_int_equal(problem, SIGNER_PROBLEM_MISMATCH);
	assert_int_equal(signer_load(&signer, scratch_path("none.key"), scratch_path("pair.crt"),
				 NULL, NULL, &problem),
		-ENOENT);
	assert_int_equal(problem, SIGNER_PROBLEM_KEY_UNREADABLE);
	assert_int_equal(signer_load(&signer, scratch_path("test.crt"), scratch_path("test.crt"),
				 NULL, NULL, &problem),
		-EBADMSG);
	assert_int_equal(problem, SIGNER_PROBLEM_KEY_FORMAT);
	assert_int_equal(signer_load(&signer, scratch_path("test.key"), scratch_path("test.key"),
				 NULL, NULL, &problem),
		-EBADMSG);
	assert_int_equal(problem, SIGNER_PROBLEM_CERTIFICATE_FORMAT);
}

static void weak_keys_do_not_sign(void **state)
{
	const struct {
		EVP_PKEY *key;
		bool is_strong;
	} cases[] = { { EVP_RSA_gen(1024), false }, { EVP_RSA_gen(2040), false },
		{ EVP_RSA_gen(2048), true }, { EVP_EC_gen("P-224"), false },
		{ EVP_EC_gen("P-256"), true }, { EVP_PKEY_Q_keygen(NULL, NULL, "ED25519"), false } };
	enum signer_problem problem;
	struct signer *signer;
	FILE *file;

	(void)state;
	scratch_signer();
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_non_null(cases[i].key);
		file = fopen(scratch_path("weak.key"), "w");
		assert_non_null(file);
		assert_int_equal(PEM_write_PrivateKey(
					 file, cases[i].key, NULL, NULL, 0, NULL, NULL),
			1);
		assert_int_equal(fclose(file), 0);
		/* The certificate is another key's, which is asked only of a strong one. */
		assert_int_equal(signer_load(&signer, scratch_path("weak.key"),
					 scratch_path("test.crt"), NULL, NULL, &problem),
			-EKEYREJECTED);
		assert_int_equal(problem, cases[i].is_strong ? SIGNER_PROBLEM_MISMATCH
							      : SIGNER_PROBLEM_KEY_ALGORITHM);
		EVP_PKEY_free(cases[i].key);
	}
}

static void the_store_reads_files_and_directories(void **state)
{
	const char *directory = scratch_path("trust"), *bad_file;
	struct bytes bytes = { 0 }, certificate;
	unsigned char *der = NULL;
	struct trust_store *store;
	int size;

	(void)state;
	assert_int_equal(trust_store_new(&store), 0);
	assert_int_equal(mkdir(directory, 0700), 0);
	assert_int_equal(trust_store_add(store, directory, NULL), -ENODATA);
	assert_int_equal(trust_store_add(store, "/nonexistent", NULL), -ENOENT);

	/* One in DER, one in PEM with text around it, and a file of another name. */
	size = i2d_X509(scratch_signer()->certificate, &der);
	assert_true(size > 0);
	bytes_append(&bytes, der, (size_t)size);
	OPENSSL_free(der);
	bytes_save(&bytes, scratch_path("trust/a.der"));
	bytes_free(&bytes);
	bytes_load(&certificate, scratch_path("pair.crt"));
	bytes_append(&bytes, "a comment\n", 10);
	bytes_append(&bytes, certificate.data, certificate.size);
	bytes_append(&bytes, certificate.data, certificate.size);
	bytes_save(&bytes, scratch_path("trust/b.pem"));
	bytes_save(&certificate, scratch_path("trust/README"));
	assert_int_equal(trust_store_add(store, directory, NULL), 0);
	assert_int_equal(trust_store_count(store), 2);

	/* A bad file names itself, and leaves the store as it was. */
	bytes.size = 0;
	bytes_append(&bytes, "nonsense", 8);
	bytes_save(&bytes, scratch_path("trust/c.crt"));
	assert_int_equal(trust_store_add(store, directory, &bad_file), -EBADMSG);
	assert_non_null(strstr(bad_file, "trust/c.crt"));
	assert_int_equal(trust_store_count(store), 2);

	/* A bundle whose second certificate is damaged; bytes behind a DER certificate. */
	bytes.size = 0;
	bytes_append(&bytes, certificate.data, certificate.size);
	bytes_append(&bytes, certificate.data, certificate.size);
	bytes.data[certificate.size + 100] = '*';
	bytes_save(&bytes, scratch_path("bundle.pem"));
	assert_int_equal(trust_store_add(store, scratch_path("bundle.pem"), NULL), -EBADMSG);
	bytes_free(&bytes);
	bytes_load(&bytes, scratch_path("trust/a.der"));
	bytes_append(&bytes, "", 1);
	bytes_save(&bytes, scratch_path("longer.der"));
	assert_int_equal(trust_store_add(store, scratch_path("longer.der"), NULL), -EBADMSG);
	bytes_free(&bytes);
	bytes_free(&certificate);
	trust_store_free(store);
}

/* NAME.key and NAME.crt, a CA's or one that the issuer issued. */
static struct signer *make(const char *name, bool is_authority, const struct signer *issuer)
{
	char key[64], certificate[64];
	const struct key_request request = {
		.algorithm = KEY_ECDSA_P256,
		.key_path = scratch_path((snprintf(key, sizeof(key), "%s.key", name), key)),
		.certificate_path = scratch_path(
			(snprintf(certificate, sizeof(certificate), "%s.crt", name), certificate)),
		.subject = name,
		.days = 10,
		.is_authority = is_authority,
		.issuer = issuer,
		.replace = true,
	};
	enum signer_problem problem;
	struct signer *signer;

	assert_int_equal(key_new(&request), 0);
	assert_int_equal(signer_load(&signer, request.key_path, request.certificate_path, NULL,
				 NULL, &problem),
		0);
	assert_int_equal(signer_check_purpose(signer, &problem), is_authority ? -EPERM : 0);
	return signer;
}

/* In whichever order they are added, and one after the other. */
static void a_ca_decides_about_what_others_issued(void **state)
{
	struct signer *ca = make("ca", true, NULL), *issued = make("issued", false, ca);
	struct signer *other = make("other", true, NULL), *foreign = make("foreign", false, other);
	struct signer *self = make("self", false, NULL);
	X509 *const certificates[] = { issued->certificate, foreign->certificate,
		self->certificate, ca->certificate };
	static const int orders[][4] = { { 0, 1, 2, 3 }, { 3, 2, 1, 0 }, { 1, 3, 0, 2 } };
	const char *why = NULL;

	(void)state;
	for (size_t order = 0; order < 3; order++) {
		struct trust_store *store;

		assert_int_equal(trust_store_new(&store), 0);
		for (size_t i = 0; i < 4; i++)
			assert_int_equal(trust_store_add_certificate(
						 store, certificates[orders[order][i]]),
				0);
		assert_int_equal(trust_store_count(store), 2);
		for (size_t i = 0; i < 2; i++) {
			X509 *trusted = trust_store_certificate(store, i);

			assert_true(trusted == issued->certificate || trusted == self->certificate);
			assert_int_equal(
				trust_store_is_issued(store, i), trusted == issued->certificate);
		}
		assert_ptr_equal(trust_store_authority(store, 0), ca->certificate);
		assert_null(trust_store_authority(store, 1));
		assert_ptr_equal(trust_store_left_out(store, 0, &why), foreign->certificate);
		assert_string_equal(why, "no CA in the trust issued it");
		assert_null(trust_store_left_out(store, 1, &why));
		assert_int_equal(trust_store_add_certificate(store, other->certificate), 0);
		assert_int_equal(trust_store_count(store), 3);
		assert_null(trust_store_left_out(store, 0, &why));
		trust_store_free(store);
	}
	signer_free(ca);
	signer_free(issued);
	signer_free(other);
	signer_free(foreign);
	signer_free(self);
}

static void without_a_ca_presence_counts(void **state)
{
	struct signer *ca = make("ca", true, NULL), *issued = make("issued", false, ca);
	struct trust_store *store;

	(void)state;
	assert_int_equal(trust_store_new(&store), 0);
	assert_int_equal(trust_store_add_certificate(store, issued->certificate), 0);
	assert_int_equal(trust_store_count(store), 1);
	assert_false(trust_store_is_issued(store, 0));
	assert_null(trust_store_authority(store, 0));
	trust_store_free(store);
	signer_free(ca);
	signer_free(issued);
}

static void dates_have_a_state(void **state)
{
	struct signer *signer = make("dated", false, NULL);
	struct certificate_validity validity;
	char text[VALIDITY_TEXT_SIZE];
	time_t from, until;

	(void)state;
	certificate_validity(signer->certificate, time(NULL), &validity);
	from = validity.not_before;
	until = validity.not_after;
	assert_int_equal(validity.state, VALIDITY_NOW);
	assert_true(until - from > 863000 && until - from < 865000);
	certificate_validity(signer->certificate, from - 1, &validity);
	assert_int_equal(validity.state, VALIDITY_NOT_YET);
	certificate_validity(signer->certificate, from, &validity);
	assert_int_equal(validity.state, VALIDITY_NOW);
	certificate_validity(signer->certificate, until, &validity);
	assert_int_equal(validity.state, VALIDITY_NOW);
	certificate_validity(signer->certificate, until + 1, &validity);
	assert_int_equal(validity.state, VALIDITY_EXPIRED);
	validity_describe(&validity, text);
	assert_memory_equal(text, "expired on 20", 13);
	/* What no date can be read of is not taken for valid. */
	assert_int_equal(
		ASN1_STRING_set(X509_getm_notAfter(signer->certificate), "20261332000000Z", -1), 1);
	certificate_validity(signer->certificate, from, &validity);
	assert_int_equal(validity.state, VALIDITY_EXPIRED);
	signer_free(signer);
}

static void check_subject(const char *organisation, int size, const char *wanted)
{
	X509 *certificate = X509_new();
	X509_NAME *name = X509_get_subject_name(certificate);
	char *subject;

	assert_int_equal(X509_NAME_add_entry_by_txt(name, "O", MBSTRING_UTF8,
				 (const unsigned char *)organisation, size, -1, 0), 1);
	assert_int_equal(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
				 (const unsigned char *)"x", 1, -1, 0), 1);
	subject = certificate_subject(certificate);
	assert_string_equal(subject, wanted);
	free(subject);
	X509_free(certificate);
}

/* What is shown of it is escaped once, and no value passes for more of the name. */
static void subjects_have_no_escapes(void **state)
{
	(void)state;
	check_subject("Example", -1, "O=Example,CN=x");
	check_subject("Entrust, Inc.", -1, "O=\"Entrust, Inc.\",CN=x");
	check_subject("a+b", -1, "O=\"a+b\",CN=x");
	check_subject(" padded ", -1, "O=\" padded \",CN=x");
	check_subject("back\\slash", -1, "O=back\\slash,CN=x");
	check_subject("x\",CN=\"y", -1, "O=\"x\"\",CN=\"\"y\",CN=x");
	check_subject("M\u00fcller", -1, "O=M\u00fcller,CN=x");
	check_subject("new\nline", -1, "O=new\nline,CN=x");
	check_subject("a\0b", 3, "O=a?b,CN=x");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_algorithm_signs),
		cmocka_unit_test(who_may_not_issue_is_no_authority),
		cmocka_unit_test(what_has_expired_is_left_out_where_it_must_be),
		cmocka_unit_test(a_holder_of_the_key_is_not_believed),
		cmocka_unit_test(no_bit_of_a_cms_can_change),
		cmocka_unit_test(keys_are_made_whole_or_not),
		cmocka_unit_test(an_old_pair_is_replaced_whole_or_not),
		cmocka_unit_test(signers_are_checked),
		cmocka_unit_test(weak_keys_do_not_sign),
		cmocka_unit_test(the_store_reads_files_and_directories),
		cmocka_unit_test(a_ca_decides_about_what_others_issued),
		cmocka_unit_test(without_a_ca_presence_counts),
		cmocka_unit_test(dates_have_a_state),
		cmocka_unit_test(subjects_have_no_escapes),
	};

	return cmocka_run_group_tests_name("trust", tests, NULL, scratch_tear_down);
}
