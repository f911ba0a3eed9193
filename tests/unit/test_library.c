// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * libdigsig, through its public header: what it says of good files and of hostile ones. Keys and
 * ELF files are the other unit tests' own.
 */
#include "support.h"
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <openssl/sha.h>
#include "digsig/digsig.h"
#include "digsig/trust/key_new.h"

static struct digsig_trust *trust;
static struct digsig_signer *signer;
static struct bytes original;
static void *signed_bytes;
static size_t signed_size;

static const struct digsig_sign_options sign_options = {
	.size = sizeof(sign_options),
	.identity = "org.example.tool",
	.epoch = 7,
	.signing_time = 1700000000,
	.flags = DIGSIG_SIGN_WX,
};

static int set_up(void **state)
{
	(void)state;
	scratch_signer(); /* makes the key */
	image_make(&original, IMAGE_USUAL, true, false);
	assert_int_equal(digsig_trust_new(&trust), 0);
	assert_int_equal(digsig_trust_add_path(trust, scratch_path("test.crt"), NULL), 0);
	assert_int_equal(digsig_signer_load(&signer, scratch_path("test.key"),
				 scratch_path("test.crt"), NULL, NULL, NULL),
		0);
	assert_int_equal(digsig_sign_memory(signer, original.data, original.size, &sign_options,
				 &signed_bytes, &signed_size, NULL),
		0);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	free(signed_bytes);
	bytes_free(&original);
	digsig_signer_free(signer);
	digsig_trust_free(trust);
	scratch_remove();
	return 0;
}

static enum digsig_verdict verdict_of(const void *bytes, size_t size)
{
	struct digsig_report *report;
	enum digsig_verdict verdict;

	assert_int_equal(digsig_verify_memory(trust, bytes, size, &report, NULL), 0);
	verdict = digsig_report_verdict(report);
	digsig_report_free(report);
	return verdict;
}

static void save(const char *path, const void *bytes, size_t size)
{
	const struct bytes view = { .data = (__u8 *)bytes, .size = size };

	bytes_save(&view, path);
}

static void assert_report_is_whole(const struct digsig_report *report)
{
	size_t size;

	assert_string_equal(digsig_report_identity(report), "org.example.tool");
	assert_int_equal(digsig_report_epoch(report), 7);
	assert_int_equal(digsig_report_signing_time(report), 1700000000);
	assert_int_equal(digsig_report_flags(report) & DIGSIG_FLAG_WX, DIGSIG_FLAG_WX);
	assert_memory_equal(
		digsig_report_key_id(report), scratch_signer()->key_id, DIGSIG_KEY_ID_SIZE);
	assert_non_null(digsig_report_digest(report));
	assert_non_null(digsig_report_block(report, &size));
	assert_true(size >= DIGSIG_BLOCK_MIN && size % DIGSIG_BLOCK_ALIGN == 0);
	assert_memory_equal(digsig_report_block(report, NULL),
		(char *)signed_bytes + signed_size - size, size);
}

static void a_path_a_descriptor_and_memory_are_the_same(void **state)
{
	const char *path = scratch_path("program");
	struct digsig_report *reports[3];
	unsigned char digest[SHA256_DIGEST_LENGTH];
	const unsigned char *certificate;
	size_t size;
	int fd;

	(void)state;
	save(path, signed_bytes, signed_size);
	fd = open(path, O_RDONLY);
	assert_true(fd >= 0);
	assert_int_equal(lseek(fd, 5, SEEK_SET), 5);
	assert_int_equal(digsig_verify_path(trust, path, &reports[0], NULL), 0);
	assert_int_equal(digsig_verify_fd(trust, fd, &reports[1], NULL), 0);
	assert_int_equal(
		digsig_verify_memory(trust, signed_bytes, signed_size, &reports[2], NULL), 0);
	assert_int_equal(lseek(fd, 0, SEEK_CUR), 5);
	close(fd);
	SHA256(signed_bytes, signed_size, digest);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(digsig_report_verdict(reports[i]), DIGSIG_VERDICT_OK);
		assert_report_is_whole(reports[i]);
		assert_memory_equal(digsig_report_digest(reports[i]), digest, sizeof(digest));
		certificate = digsig_report_certificate(reports[i], &size);
		assert_non_null(certificate);
		assert_int_equal(size, i2d_X509(scratch_signer()->certificate, NULL));
		digsig_report_free(reports[i]);
	}
}

static void a_report_outlives_its_trust(void **state)
{
	struct digsig_trust *short_lived;
	struct digsig_report *report;
	const unsigned char *der;
	X509 *certificate;
	size_t size;

	(void)state;
	assert_int_equal(digsig_trust_new(&short_lived), 0);
	assert_int_equal(
		digsig_trust_add_path(short_lived, scratch_path("test.crt"), NULL), 0);
	assert_int_equal(
		digsig_verify_memory(short_lived, signed_bytes, signed_size, &report, NULL), 0);
	digsig_trust_free(short_lived);
	der = digsig_report_certificate(report, &size);
	certificate = d2i_X509(NULL, &der, (long)size);
	assert_int_equal(X509_cmp(certificate, scratch_signer()->certificate), 0);
	X509_free(certificate);
	assert_report_is_whole(report);
	digsig_report_free(report);
}

static void inspecting_needs_no_trust(void **state)
{
	struct digsig_report *report;
	size_t size = 1;

	(void)state;
	assert_int_equal(digsig_inspect_memory(signed_bytes, signed_size, &report, NULL), 0);
	assert_int_equal(digsig_report_verdict(report), DIGSIG_VERDICT_NONE);
	assert_report_is_whole(report);
	assert_null(digsig_report_certificate(report, &size));
	assert_int_equal(size, 0);
	digsig_report_free(report);

	assert_int_equal(digsig_inspect_memory(original.data, original.size, &report, NULL), 0);
	assert_int_equal(digsig_report_verdict(report), DIGSIG_VERDICT_UNSIGNED);
	assert_null(digsig_report_identity(report));
	assert_null(digsig_report_key_id(report));
	assert_null(digsig_report_digest(report));
	assert_null(digsig_report_block(report, &size));
	assert_int_equal(digsig_report_epoch(report), 0);
	digsig_report_free(report);
}

static void another_key_is_unknown(void **state)
{
	struct digsig_report *report;
	struct digsig_trust *empty;

	(void)state;
	assert_int_equal(digsig_trust_new(&empty), 0);
	assert_int_equal(digsig_trust_count(empty), 0);
	assert_int_equal(
		digsig_verify_memory(empty, signed_bytes, signed_size, &report, NULL), 0);
	assert_int_equal(digsig_report_verdict(report), DIGSIG_VERDICT_UNKNOWNKEY);
	digsig_report_free(report);
	digsig_trust_free(empty);
}

/* Of exactly its size on the heap, so that AddressSanitizer sees a byte too much being read. */
static void no_byte_and_no_length_but_its_own(void **state)
{
	(void)state;
	for (size_t i = 0; i < signed_size; i++) {
		__u8 *copy = malloc(signed_size);

		assert_non_null(copy);
		memcpy(copy, signed_bytes, signed_size);
		copy[i] ^= 1 + i % 255;
		if (verdict_of(copy, signed_size) == DIGSIG_VERDICT_OK)
			fail_msg("byte %zu changed, and still ok", i);
		free(copy);
	}
	for (size_t size = 0; size < signed_size; size++) {
		__u8 *head = malloc(size ? size : 1), *tail = malloc(size ? size : 1);

		assert_true(head && tail);
		memcpy(head, signed_bytes, size);
		memcpy(tail, (char *)signed_bytes + signed_size - size, size);
		if (verdict_of(head, size) == DIGSIG_VERDICT_OK ||
			verdict_of(tail, size) == DIGSIG_VERDICT_OK)
			fail_msg("cut to %zu bytes, and still ok", size);
		free(head);
		free(tail);
	}
	assert_int_equal(verdict_of(NULL, 0), DIGSIG_VERDICT_UNSIGNED);
}

static void damaged_memory_can_be_signed_or_is_refused(void **state)
{
	unsigned int number = 1;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		const struct bytes from = { .data = i & 1 ? signed_bytes : original.data,
			.size = i & 1 ? signed_size : original.size };
		size_t size = i % 3 ? from.size : (size_t)rand_r(&number) % from.size, made_size;
		struct digsig_error error = { "" };
		__u8 *copy = malloc(size ? size : 1);
		void *made;
		int err;

		assert_non_null(copy);
		memcpy(copy, from.data, size);
		for (int j = 0; size && j < 1 + i % 4; j++)
			copy[(size_t)rand_r(&number) % size] = (__u8)rand_r(&number);
		/* To sign costs; to be refused and to strip does not. */
		err = i % 16 ? digsig_strip_memory(copy, size, &made, &made_size, &error)
			     : digsig_sign_memory(
				       signer, copy, size, NULL, &made, &made_size, &error);
		if (err)
			assert_true(err < 0 && *error.text);
		else if (i % 16 == 0)
			assert_int_equal(verdict_of(made, made_size), DIGSIG_VERDICT_OK);
		if (!err)
			free(made);
		free(copy);
	}
}

static void sign_and_strip_are_inverse_and_alike(void **state)
{
	const char *path = scratch_path("in-place");
	struct bytes got;
	void *stripped;
	size_t size;

	(void)state;
	for (int kind = 0; kind < IMAGE_KINDS; kind++) {
		struct bytes image;
		void *made;

		image_make(&image, (enum image_kind)kind, kind & 1, kind & 2);
		assert_int_equal(digsig_sign_memory(signer, image.data, image.size,
					 &sign_options, &made, &size, NULL),
			0);
		assert_int_equal(verdict_of(made, size), DIGSIG_VERDICT_OK);
		/* In place it comes out the same: RSA signatures do not differ. */
		bytes_save(&image, path);
		assert_int_equal(digsig_sign_path(signer, path, &sign_options, NULL), 0);
		bytes_load(&got, path);
		assert_int_equal(got.size, size);
		assert_memory_equal(got.data, made, size);
		bytes_free(&got);

		assert_int_equal(digsig_strip_memory(made, size, &stripped, &size, NULL), 0);
		assert_int_equal(size, image.size);
		assert_memory_equal(stripped, image.data, size);
		assert_int_equal(digsig_strip_path(path, 0, NULL), 0);
		bytes_load(&got, path);
		assert_int_equal(got.size, image.size);
		assert_memory_equal(got.data, image.data, size);
		bytes_free(&got);
		free(stripped);
		free(made);
		bytes_free(&image);
	}
}

static void what_cannot_be_signed_stays(void **state)
{
	const char *path = scratch_path("script"), *second = scratch_path("second name");
	static const char script[] = "#!/bin/sh\n";
	struct digsig_error error;
	struct bytes got;
	void *made = &error;
	size_t size = 3;

	(void)state;
	save(path, script, sizeof(script));
	assert_int_equal(digsig_sign_path(signer, path, NULL, &error), -ENOEXEC);
	assert_non_null(strstr(error.text, path));
	bytes_load(&got, path);
	assert_memory_equal(got.data, script, sizeof(script));
	bytes_free(&got);
	assert_int_equal(
		digsig_sign_memory(signer, script, sizeof(script), NULL, &made, &size, &error),
		-ENOEXEC);
	assert_true(made == &error && size == 3);
	assert_int_equal(digsig_strip_path(path, 0, &error), -ENODATA);
	assert_int_equal(digsig_strip_memory(script, sizeof(script), &made, &size, &error),
		-ENODATA);

	bytes_save(&original, path);
	assert_int_equal(link(path, second), 0);
	assert_int_equal(digsig_sign_path(signer, path, NULL, &error), -EMLINK);
	assert_non_null(strstr(error.text, "DIGSIG_SIGN_BREAK_LINKS"));
	assert_null(strstr(error.text, "--"));
	unlink(second);
}

static void a_tampered_file_is_not_signed(void **state)
{
	struct digsig_sign_options options = { .size = sizeof(options) };
	const char *path = scratch_path("changed");
	struct digsig_error error;
	struct bytes image;
	size_t size;
	void *made;

	(void)state;
	bytes_save(&original, path);
	assert_int_equal(digsig_sign_path(signer, path, NULL, &error), 0);
	bytes_load(&image, path);
	image.data[150] ^= 1; /* of .text */
	bytes_save(&image, path);
	assert_int_equal(digsig_sign_path(signer, path, NULL, &error), -EBADMSG);
	assert_non_null(strstr(error.text, "DIGSIG_SIGN_CHANGED"));
	assert_null(strstr(error.text, "--"));
	assert_int_equal(
		digsig_sign_memory(signer, image.data, image.size, NULL, &made, &size, &error),
		-EBADMSG);
	options.flags = DIGSIG_SIGN_CHANGED;
	assert_int_equal(digsig_sign_path(signer, path, &options, &error), 0);
	bytes_free(&image);
}

static void wrong_calls_are_refused(void **state)
{
	struct digsig_sign_options options = sign_options;
	struct {
		struct digsig_sign_options known;
		char unknown[8];
	} newer = { .known = sign_options };
	struct digsig_report *report = NULL;
	struct digsig_error error = { "" };
	void *made;
	size_t size;

	(void)state;
	assert_int_equal(digsig_trust_new(NULL), -EINVAL);
	assert_int_equal(digsig_trust_add_path(NULL, "/", NULL), -EINVAL);
	assert_int_equal(digsig_trust_add_path(trust, NULL, &error), -EINVAL);
	assert_string_equal(error.text, "path: NULL was given");
	assert_int_equal(digsig_trust_add_memory(trust, NULL, 4, &error), -EINVAL);
	assert_int_equal(digsig_trust_add_revoked(NULL, NULL, &error), -EINVAL);
	assert_int_equal(digsig_verify_path(NULL, "/", &report, &error), -EINVAL);
	assert_int_equal(digsig_verify_path(trust, NULL, &report, &error), -EINVAL);
	assert_int_equal(digsig_verify_path(trust, "/", NULL, &error), -EINVAL);
	assert_int_equal(digsig_verify_memory(trust, NULL, 1, &report, &error), -EINVAL);
	assert_int_equal(digsig_verify_memory(trust, "x", SIZE_MAX, &report, &error), -EFBIG);
	assert_int_equal(digsig_inspect_memory(NULL, SIZE_MAX, &report, &error), -EINVAL);
	assert_int_equal(
		digsig_sign_memory(signer, "x", SIZE_MAX, NULL, &made, &size, &error), -EFBIG);
	assert_int_equal(digsig_sign_memory(signer, "x", 1, NULL, NULL, &size, &error), -EINVAL);
	assert_int_equal(digsig_sign_memory(NULL, "x", 1, NULL, &made, &size, &error), -EINVAL);
	assert_int_equal(digsig_sign_path(NULL, "x", NULL, &error), -EINVAL);
	assert_int_equal(digsig_strip_path("x", 64, &error), -EINVAL);
	assert_int_equal(digsig_strip_memory("x", 1, NULL, NULL, &error), -EINVAL);

	options.size = 8;
	assert_int_equal(digsig_sign_path(signer, "x", &options, &error), -EINVAL);
	options.size = SIZE_MAX;
	assert_int_equal(digsig_sign_path(signer, "x", &options, &error), -EINVAL);
	options = sign_options;
	options.flags = 1u << 31;
	assert_int_equal(digsig_sign_path(signer, "x", &options, &error), -EINVAL);
	options = sign_options;
	options.identity = "a\nb";
	assert_int_equal(digsig_sign_path(signer, "x", &options, &error), -EINVAL);
	newer.known.size = sizeof(newer);
	assert_int_equal(digsig_sign_memory(signer, original.data, original.size, &newer.known,
				 &made, &size, &error),
		0);
	free(made);
	newer.unknown[3] = 1;
	assert_int_equal(digsig_sign_memory(signer, original.data, original.size, &newer.known,
				 &made, &size, &error),
		-E2BIG);

	assert_int_equal(digsig_report_verdict(NULL), DIGSIG_VERDICT_FAULT);
	assert_null(digsig_report_digest(NULL));
	assert_null(digsig_report_certificate(NULL, &size));
	digsig_report_free(NULL);
	digsig_trust_free(NULL);
	digsig_signer_free(NULL);
}

static void what_is_no_file_is_an_error(void **state)
{
	const char *fifo = scratch_path("fifo\033[2J");
	struct digsig_report *report = NULL;
	struct digsig_error error;
	int fd;

	(void)state;
	assert_int_equal(mkfifo(fifo, 0600), 0);
	assert_int_equal(digsig_verify_path(trust, "/", &report, &error), -EINVAL);
	assert_int_equal(digsig_verify_path(trust, "/dev/null", &report, &error), -EINVAL);
	assert_int_equal(digsig_verify_path(trust, fifo, &report, &error), -EINVAL);
	assert_null(strchr(error.text, '\033'));
	assert_non_null(strstr(error.text, "not a regular file"));
	assert_int_equal(
		digsig_verify_path(trust, scratch_path("none"), &report, &error), -ENOENT);
	assert_int_equal(digsig_verify_fd(trust, -1, &report, &error), -EBADF);
	fd = open(scratch_path("test.crt"), O_WRONLY);
	assert_true(fd >= 0);
	assert_int_equal(digsig_inspect_fd(fd, &report, &error), -EBADF);
	close(fd);
	assert_int_equal(digsig_sign_path(signer, "/", NULL, &error), -EINVAL);
	assert_int_equal(digsig_strip_path(fifo, 0, &error), -EINVAL);
	assert_null(report);
}

static void trust_from_anywhere(void **state)
{
	struct digsig_trust *made;
	struct digsig_error error;
	struct bytes pem;

	(void)state;
	bytes_load(&pem, scratch_path("test.crt"));
	assert_int_equal(digsig_trust_new(&made), 0);
	assert_int_equal(digsig_trust_add_memory(made, pem.data, pem.size, &error), 0);
	assert_int_equal(digsig_trust_count(made), 1);
	assert_int_equal(digsig_trust_add_path(made, scratch_path("test.crt"), &error), 0);
	assert_int_equal(digsig_trust_count(made), 1);
	for (size_t size = 0; size < pem.size - 30; size += 7) {
		char *cut = malloc(size ? size : 1);

		assert_non_null(cut);
		memcpy(cut, pem.data, size);
		assert_int_equal(digsig_trust_add_memory(made, cut, size, &error), -EBADMSG);
		free(cut);
	}
	assert_int_equal(digsig_trust_add_memory(made, "x", SIZE_MAX, &error), -EBADMSG);
	assert_int_equal(
		digsig_trust_add_path(made, scratch_path("test.key"), &error), -EBADMSG);
	assert_int_equal(digsig_trust_add_path(made, "/proc/self/task", &error), -ENODATA);
	assert_int_equal(digsig_trust_count(made), 1);
	digsig_trust_free(made);
	bytes_free(&pem);
}

static void what_is_revoked_is_not_ok(void **state)
{
	const char *list = scratch_path("revoked"), *broken = scratch_path("broken");
	static const char below[] = "below 8 org.example.tool\n", nonsense[] = "nonsense\n";
	struct digsig_report *report;
	struct digsig_trust *made;
	struct digsig_error error;

	(void)state;
	save(list, below, sizeof(below) - 1);
	save(broken, nonsense, sizeof(nonsense) - 1);
	assert_int_equal(digsig_trust_new(&made), 0);
	assert_int_equal(digsig_trust_add_path(made, scratch_path("test.crt"), &error), 0);
	assert_int_equal(digsig_trust_add_revoked(made, scratch_path("no list"), &error), 0);
	assert_int_equal(digsig_trust_add_revoked(made, list, &error), 0);
	assert_int_equal(digsig_trust_add_revoked(made, broken, &error), -EINVAL);
	assert_int_equal(
		digsig_verify_memory(made, signed_bytes, signed_size, &report, &error), 0);
	assert_int_equal(digsig_report_verdict(report), DIGSIG_VERDICT_ROLLBACK);
	assert_string_equal(digsig_report_reason(report),
		digsig_verdict_meaning(DIGSIG_VERDICT_ROLLBACK));
	digsig_report_free(report);
	digsig_trust_free(made);
}

struct answer {
	const char *text;
	int length, asked;
};

static int give(char *buffer, int size, void *context)
{
	struct answer *answer = context;

	answer->asked++;
	assert_true(size > 0);
	memcpy(buffer, answer->text, strlen(answer->text));
	return answer->length;
}

static void passphrases_are_asked_for(void **state)
{
	const struct key_request request = {
		.key_path = scratch_path("locked.key"),
		.certificate_path = scratch_path("locked.crt"),
		.subject = "locked",
		.days = 1,
		.passphrase = "open sesame",
	};
	struct answer answers[] = { { "open sesame", 11, 0 }, { "wrong", 5, 0 }, { "", -1, 0 },
		{ "long", 1 << 30, 0 } };
	struct digsig_signer *made = NULL;
	struct digsig_error error;

	(void)state;
	assert_int_equal(key_new(&request), 0);
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		int err = digsig_signer_load(&made, request.key_path, request.certificate_path, give,
			&answers[i], &error);

		assert_int_equal(err, i ? -EKEYREJECTED : 0);
		assert_true(answers[i].asked > 0);
	}
	digsig_signer_free(made);
	made = NULL;
	assert_int_equal(digsig_signer_load(&made, request.key_path, request.certificate_path, NULL,
				 NULL, &error),
		-EKEYREJECTED);
	assert_null(strstr(error.text, "--"));
	assert_int_equal(digsig_signer_load(&made, request.key_path, scratch_path("none"), give,
				 &answers[0], &error),
		-ENOENT);
	assert_int_equal(digsig_signer_load(&made, request.key_path, scratch_path("test.crt"), give,
				 &answers[0], &error),
		-EKEYREJECTED);
	assert_non_null(strstr(error.text, "another key"));
	assert_int_equal(digsig_signer_load(&made, NULL, NULL, NULL, NULL, &error), -EINVAL);
	assert_null(made);
}

static void a_ca_vouches_for_what_it_issued(void **state)
{
	struct key_request request = {
		.key_path = scratch_path("ca.key"),
		.certificate_path = scratch_path("ca.crt"),
		.subject = "ca",
		.days = 1,
		.is_authority = true,
	};
	const char *ca = request.certificate_path;
	struct digsig_signer *made = NULL;
	struct digsig_trust *own;
	struct digsig_error error;
	enum signer_problem problem;
	struct signer *issuer;

	(void)state;
	assert_int_equal(key_new(&request), 0);
	assert_int_equal(
		digsig_signer_load(&made, request.key_path, ca, NULL, NULL, &error), -EPERM);
	assert_non_null(strstr(error.text, "ca.crt: the certificate is a CA's"));
	assert_int_equal(signer_load(&issuer, request.key_path, ca, NULL, NULL, &problem), 0);
	request.key_path = scratch_path("issued.key");
	request.certificate_path = scratch_path("issued.crt");
	request.is_authority = false;
	request.issuer = issuer;
	assert_int_equal(key_new(&request), 0);
	signer_free(issuer);
	assert_int_equal(digsig_signer_load(
				 &made, request.key_path, request.certificate_path, NULL, NULL, &error),
		0);
	digsig_signer_free(made);
	assert_int_equal(digsig_trust_new(&own), 0);
	assert_int_equal(digsig_trust_add_path(own, ca, &error), 0);
	assert_int_equal(digsig_trust_count(own), 0);
	assert_int_equal(digsig_trust_add_path(own, request.certificate_path, &error), 0);
	assert_int_equal(digsig_trust_count(own), 1);
	digsig_trust_free(own);
}

static void *verify_often(void *context)
{
	size_t *bad = context;

	for (int i = 0; i < 50; i++) {
		struct digsig_report *report;
		void *made;
		size_t size;

		if (digsig_verify_memory(trust, signed_bytes, signed_size, &report, NULL)) {
			++*bad;
			continue;
		}
		*bad += digsig_report_verdict(report) != DIGSIG_VERDICT_OK;
		digsig_report_free(report);
		if (digsig_sign_memory(signer, original.data, original.size, &sign_options, &made,
			    &size, NULL)) {
			++*bad;
			continue;
		}
		*bad += size != signed_size || memcmp(made, signed_bytes, size);
		free(made);
	}
	return NULL;
}

static void threads_share_handles(void **state)
{
	pthread_t threads[4];
	size_t bad[4] = { 0 };

	(void)state;
	for (int i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, verify_often, &bad[i]), 0);
	for (int i = 0; i < 4; i++) {
		assert_int_equal(pthread_join(threads[i], NULL), 0);
		assert_int_equal(bad[i], 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_path_a_descriptor_and_memory_are_the_same),
		cmocka_unit_test(a_report_outlives_its_trust),
		cmocka_unit_test(inspecting_needs_no_trust),
		cmocka_unit_test(another_key_is_unknown),
		cmocka_unit_test(no_byte_and_no_length_but_its_own),
		cmocka_unit_test(damaged_memory_can_be_signed_or_is_refused),
		cmocka_unit_test(sign_and_strip_are_inverse_and_alike),
		cmocka_unit_test(what_cannot_be_signed_stays),
		cmocka_unit_test(a_tampered_file_is_not_signed),
		cmocka_unit_test(wrong_calls_are_refused),
		cmocka_unit_test(what_is_no_file_is_an_error),
		cmocka_unit_test(trust_from_anywhere),
		cmocka_unit_test(what_is_revoked_is_not_ok),
		cmocka_unit_test(passphrases_are_asked_for),
		cmocka_unit_test(a_ca_vouches_for_what_it_issued),
		cmocka_unit_test(threads_share_handles),
	};

	return cmocka_run_group_tests_name("library", tests, set_up, tear_down);
}
