// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The signature block as a verifier meets it: the end of a file, at most 16 KiB, whose signer
 * chose every byte.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "digsig/format/check.h"
#include "digsig/format/inspect.h"
#include "digsig/trust/cms.h"
#include "fuzz_certificate.h"

static struct trust_store *store;

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	if (trust_store_new(&store) || trust_store_add(store, FUZZ_CERTIFICATE, NULL))
		abort();
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static __u8 manifest[DIGSIG_MANIFEST_SIZE];
	__u8 digest[DIGSIG_DIGEST_SIZE];
	struct digsig_manifest fields;
	struct digsig_footer footer;
	__u64 file_size;
	__u8 *block;

	/* Whatever stands there as a CMS, also where the block is not one. */
	cms_verify(data, size, manifest, store, NULL);
	if (size < DIGSIG_MANIFEST_SIZE + DIGSIG_FOOTER_SIZE || size > DIGSIG_BLOCK_MAX)
		return 0;
	/* A copy of its own size: reading past it is found. */
	block = malloc(size);
	if (!block)
		return 0;
	memcpy(block, data, size);
	memcpy(&fields, block, sizeof(fields));
	file_size = digsig_le64(fields.content_size) + size;
	if (!digsig_block_check(block, size, file_size)) {
		memcpy(&footer, block + size - sizeof(footer), sizeof(footer));
		cms_verify(block + DIGSIG_MANIFEST_SIZE, digsig_le32(footer.cms_size), block,
			store, NULL);
		digsig_block_file_digest(block, size, digest);
	}
	digsig_block_check(block, size, size);
	free(block);
	return 0;
}
