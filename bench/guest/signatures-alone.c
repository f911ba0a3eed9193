// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the signature checks of "digsig admit" cost by themselves: has the kernel check the
 * signature of every file's manifest with keyctl(KEYCTL_PKEY_VERIFY), and does nothing else in the
 * time it measures.
 *
 *   signatures-alone CERTIFICATE.der FILE...
 *
 * RSA only. Prints nanoseconds for all files together.
 */
#include <errno.h>
#include <fcntl.h>
#include <keyutils.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "../../digsig/file/block_io.h"

#define SIGNATURE_MAX 512

struct check {
	unsigned char digest[SHA256_DIGEST_LENGTH];
	unsigned char signature[SIGNATURE_MAX];
};

static void fail(const char *what)
{
	fprintf(stderr, "signatures-alone: %s: %s\n", what, strerror(errno));
	exit(1);
}

static key_serial_t load_certificate(const char *path)
{
	static char der[16384];
	key_serial_t key;
	int fd = open(path, O_RDONLY);
	ssize_t size = fd < 0 ? -1 : read(fd, der, sizeof(der));

	if (size < 0)
		fail(path);
	key = add_key("asymmetric", "bench", der, (size_t)size, KEY_SPEC_PROCESS_KEYRING);
	if (key < 0)
		fail("add_key");
	return key;
}

/* The signature is the last thing in the CMS. */
static void read_check(const char *path, struct check *check, size_t signature_size)
{
	static struct signature_block block;
	const unsigned char *cms;
	size_t cms_size;
	int fd = open(path, O_RDONLY);

	if (fd < 0 || signature_block_read(fd, &block) || block.defect)
		fail(path);
	close(fd);
	cms = signature_block_cms(&block, &cms_size);
	memcpy(check->signature, cms + cms_size - signature_size, signature_size);
	SHA256(block.bytes, DIGSIG_MANIFEST_SIZE, check->digest);
}

int main(int argc, char **argv)
{
	struct keyctl_pkey_query query;
	struct timespec start, end;
	struct check *checks;
	key_serial_t key;
	int count = argc - 2;

	if (count < 1) {
		fputs("usage: signatures-alone CERTIFICATE.der FILE...\n", stderr);
		return 2;
	}
	key = load_certificate(argv[1]);
	if (keyctl_pkey_query(key, "enc=pkcs1", &query) || query.max_sig_size > SIGNATURE_MAX)
		fail("keyctl_pkey_query");
	checks = calloc((size_t)count, sizeof(*checks));
	if (!checks)
		fail("calloc");
	for (int i = 0; i < count; i++)
		read_check(argv[i + 2], &checks[i], query.max_sig_size);
	clock_gettime(CLOCK_MONOTONIC, &start);
	for (int i = 0; i < count; i++)
		if (keyctl_pkey_verify(key, "enc=pkcs1 hash=sha256", checks[i].digest,
			    sizeof(checks[i].digest), checks[i].signature, query.max_sig_size))
			fail("keyctl_pkey_verify");
	clock_gettime(CLOCK_MONOTONIC, &end);
	printf("%lld\n", (end.tv_sec - start.tv_sec) * 1000000000LL + end.tv_nsec - start.tv_nsec);
	return 0;
}
