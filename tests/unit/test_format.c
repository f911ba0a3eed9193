// SPDX-License-Identifier: GPL-2.0-or-later
/* SHA-256 against OpenSSL, and one block for every defect that the format knows. */
#include "support.h"
#include <string.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include "digsig/file/digest.h"
#include "digsig/format/check.h"
#include "digsig/format/inspect.h"
#include "digsig/format/sha256.h"

static void sha256_agrees_with_openssl(void **state)
{
	static const __u32 initial[8] = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
		0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19 };
	static __u8 data[64 * 300];
	__u8 expected[32], got[32], final[64];
	__u32 schedule[64];

	(void)state;
	assert_int_equal(RAND_bytes(data, sizeof(data)), 1);
	for (size_t size = 0; size <= sizeof(data); size += 64) {
		__u32 words[8];

		memcpy(words, initial, sizeof(words));
		for (size_t i = 0; i < size; i += 64)
			digsig_sha256_compress(words, data + i, schedule);
		digsig_sha256_final_message(final, size);
		digsig_sha256_compress(words, final, schedule);
		digsig_sha256_digest(words, got);
		assert_int_equal(
			EVP_Digest(data, size, expected, NULL, EVP_sha256(), NULL), 1);
		assert_memory_equal(got, expected, sizeof(got));
	}
}

static void block_resumes_the_hash(void **state)
{
	static __u8 file[64 * 20];
	struct digsig_manifest manifest = { .content_size = digsig_le64(640) };
	__u8 expected[32], got[32];
	struct digest digest;

	(void)state;
	for (size_t i = 0; i < sizeof(file); i++)
		file[i] = (__u8)(i * 31);
	digest_init(&digest);
	digest_update(&digest, file, 640);
	digest_chaining_value(&digest, manifest.chaining_value);
	memcpy(file + 640, &manifest, sizeof(manifest));
	digsig_block_file_digest(file + 640, sizeof(file) - 640, got);
	assert_int_equal(EVP_Digest(file, sizeof(file), expected, NULL, EVP_sha256(), NULL), 1);
	assert_memory_equal(got, expected, sizeof(got));
}

/* A block of 256 + 128 + 64 bytes behind 640 bytes of content; its CMS has 120 bytes. */
enum { BLOCK_SIZE = 448, CMS_SIZE = 128 - 8, FILE_SIZE = 640 + BLOCK_SIZE };

struct test_block {
	struct digsig_manifest manifest;
	__u8 cms[128];
	struct digsig_footer footer;
};

static void make_block(struct test_block *block)
{
	memset(block, 0, sizeof(*block));
	memcpy(block->manifest.magic, DIGSIG_MANIFEST_MAGIC, DIGSIG_MAGIC_SIZE);
	block->manifest.version = digsig_le16(1);
	block->manifest.hash_algorithm = digsig_le16(1);
	block->manifest.flags = digsig_le32(DIGSIG_CLASS_EXECUTABLE);
	block->manifest.content_size = digsig_le64(640);
	block->manifest.original_size = digsig_le64(600);
	block->manifest.block_size = digsig_le32(BLOCK_SIZE);
	memcpy(block->manifest.identity, "org.example", 11);
	block->cms[0] = 0x30;
	block->cms[1] = 0x81;
	block->cms[2] = CMS_SIZE - 3;
	memcpy(block->footer.magic, DIGSIG_FOOTER_MAGIC, DIGSIG_MAGIC_SIZE);
	block->footer.version = digsig_le16(1);
	block->footer.block_size = digsig_le32(BLOCK_SIZE);
	block->footer.cms_size = digsig_le32(CMS_SIZE);
}

#define MANIFEST(field) offsetof(struct test_block, manifest.field)
#define FOOTER(field) offsetof(struct test_block, footer.field)

static void every_defect_is_found(void **state)
{
	static const struct {
		size_t offset;
		__u8 value; /* put there */
		enum digsig_defect defect;
	} cases[] = {
		{ FOOTER(magic), 'X', DIGSIG_DEFECT_NO_FOOTER },
		{ FOOTER(magic) + 7, 'M', DIGSIG_DEFECT_NO_FOOTER },
		{ FOOTER(version), 2, DIGSIG_DEFECT_FOOTER_VERSION },
		{ FOOTER(version) + 1, 1, DIGSIG_DEFECT_FOOTER_VERSION },
		{ FOOTER(reserved0), 1, DIGSIG_DEFECT_FOOTER_RESERVED },
		{ FOOTER(reserved1) + 43, 1, DIGSIG_DEFECT_FOOTER_RESERVED },
		{ FOOTER(block_size), 0xc1, DIGSIG_DEFECT_BLOCK_SIZE },
		{ FOOTER(block_size) + 1, 0, DIGSIG_DEFECT_BLOCK_SIZE },
		{ FOOTER(block_size) + 2, 1, DIGSIG_DEFECT_BLOCK_SIZE },
		{ FOOTER(block_size) + 1, 0x10, DIGSIG_DEFECT_BLOCK_OVERRUN },
		{ FOOTER(cms_size), 0, DIGSIG_DEFECT_CMS_SIZE },
		{ FOOTER(cms_size), 64, DIGSIG_DEFECT_CMS_SIZE },
		{ FOOTER(cms_size), 129, DIGSIG_DEFECT_CMS_SIZE },
		{ FOOTER(cms_size) + 3, 1, DIGSIG_DEFECT_CMS_SIZE },
		{ FOOTER(cms_size), CMS_SIZE - 1, DIGSIG_DEFECT_CMS_LENGTH },
		{ offsetof(struct test_block, cms), 0x31, DIGSIG_DEFECT_CMS_LENGTH },
		{ offsetof(struct test_block, cms) + 1, 0x80, DIGSIG_DEFECT_CMS_LENGTH },
		{ offsetof(struct test_block, cms) + 2, CMS_SIZE, DIGSIG_DEFECT_CMS_LENGTH },
		{ offsetof(struct test_block, cms) + CMS_SIZE, 1, DIGSIG_DEFECT_PADDING },
		{ offsetof(struct test_block, cms) + 127, 1, DIGSIG_DEFECT_PADDING },
		{ MANIFEST(magic), 'X', DIGSIG_DEFECT_MANIFEST_MAGIC },
		{ MANIFEST(version), 0, DIGSIG_DEFECT_MANIFEST_VERSION },
		{ MANIFEST(hash_algorithm), 2, DIGSIG_DEFECT_MANIFEST_HASH },
		{ MANIFEST(flags), 0, DIGSIG_DEFECT_MANIFEST_FLAGS },
		{ MANIFEST(flags), 6, DIGSIG_DEFECT_MANIFEST_FLAGS },
		{ MANIFEST(flags), 0x11, DIGSIG_DEFECT_MANIFEST_FLAGS },
		{ MANIFEST(flags) + 1, 2, DIGSIG_DEFECT_MANIFEST_FLAGS },
		{ MANIFEST(reserved0), 1, DIGSIG_DEFECT_MANIFEST_RESERVED },
		{ MANIFEST(reserved1) + 3, 1, DIGSIG_DEFECT_MANIFEST_RESERVED },
		{ MANIFEST(reserved2), 1, DIGSIG_DEFECT_MANIFEST_RESERVED },
		{ MANIFEST(reserved2) + sizeof(((struct digsig_manifest *)0)->reserved2) - 1, 1,
			DIGSIG_DEFECT_MANIFEST_RESERVED },
		{ MANIFEST(block_size), 0, DIGSIG_DEFECT_SIZES_DISAGREE },
		{ MANIFEST(content_size), 0x81, DIGSIG_DEFECT_CONTENT_SIZE },
		{ MANIFEST(content_size), 0x40, DIGSIG_DEFECT_CONTENT_SIZE },
		{ MANIFEST(content_size) + 7, 0x80, DIGSIG_DEFECT_CONTENT_SIZE },
		{ MANIFEST(original_size) + 1, 3, DIGSIG_DEFECT_ORIGINAL_SIZE },
		{ MANIFEST(original_size) + 7, 0x80, DIGSIG_DEFECT_ORIGINAL_SIZE },
		{ MANIFEST(identity) + 12, 'x', DIGSIG_DEFECT_IDENTITY },
		{ MANIFEST(identity) + 63, 'x', DIGSIG_DEFECT_IDENTITY },
		{ MANIFEST(identity) + 3, 0, DIGSIG_DEFECT_IDENTITY },
	};
	bool seen[DIGSIG_DEFECT_COUNT] = { 0 };
	struct test_block block;

	(void)state;
	make_block(&block);
	assert_int_equal(digsig_block_check((__u8 *)&block, BLOCK_SIZE, FILE_SIZE),
		DIGSIG_DEFECT_NONE);
	seen[DIGSIG_DEFECT_NONE] = true;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		make_block(&block);
		((__u8 *)&block)[cases[i].offset] = cases[i].value;
		if (digsig_block_check((__u8 *)&block, BLOCK_SIZE, FILE_SIZE) != cases[i].defect)
			fail_msg("case %zu, byte %zu: expected \"%s\"", i, cases[i].offset,
				digsig_defect_meaning(cases[i].defect));
		seen[cases[i].defect] = true;
	}
	for (int i = 0; i < DIGSIG_DEFECT_COUNT; i++)
		assert_true(seen[i]);
}

static void sizes_are_believed_only_together(void **state)
{
	__u8 more[64 + BLOCK_SIZE] = {0};
	struct test_block block;

	(void)state;
	make_block(&block);
	/* More bytes, or fewer, than the footer at their end says. */
	memcpy(more + 64, &block, BLOCK_SIZE);
	assert_int_equal(
		digsig_block_check(more, sizeof(more), FILE_SIZE + 64), DIGSIG_DEFECT_BLOCK_SIZE);
	assert_int_equal(digsig_block_check(more + 128, BLOCK_SIZE - 64, FILE_SIZE),
		DIGSIG_DEFECT_BLOCK_SIZE);
	/* Something in front of the content, or missing from it. */
	assert_int_equal(digsig_block_check((__u8 *)&block, BLOCK_SIZE, FILE_SIZE + 64),
		DIGSIG_DEFECT_CONTENT_SIZE);
	assert_int_equal(digsig_block_check((__u8 *)&block, BLOCK_SIZE, FILE_SIZE - 64),
		DIGSIG_DEFECT_CONTENT_SIZE);
	/* Content that is no whole number of messages of the hash. */
	block.manifest.content_size = digsig_le64(641);
	assert_int_equal(digsig_block_check((__u8 *)&block, BLOCK_SIZE, FILE_SIZE + 1),
		DIGSIG_DEFECT_CONTENT_SIZE);
	/* A block alone, of a file without content. */
	block.manifest.content_size = block.manifest.original_size = 0;
	assert_int_equal(
		digsig_block_check((__u8 *)&block, BLOCK_SIZE, BLOCK_SIZE), DIGSIG_DEFECT_NONE);
	/* The long form of a DER length, which is that of every real CMS. */
	block.cms[1] = 0x82;
	block.cms[2] = 0;
	block.cms[3] = CMS_SIZE - 4;
	assert_int_equal(
		digsig_block_check((__u8 *)&block, BLOCK_SIZE, BLOCK_SIZE), DIGSIG_DEFECT_NONE);
	block.cms[0] = 0x31;
	assert_int_equal(digsig_block_check((__u8 *)&block, BLOCK_SIZE, BLOCK_SIZE),
		DIGSIG_DEFECT_CMS_LENGTH);
	for (size_t size = 0; size < DIGSIG_FOOTER_SIZE; size++)
		assert_int_equal(digsig_block_check((__u8 *)&block, size, FILE_SIZE),
			DIGSIG_DEFECT_NO_FOOTER);
}

static void every_name_is_there(void **state)
{
	(void)state;
	for (int i = 0; i < DIGSIG_VERDICT_COUNT; i++)
		assert_true(strlen(digsig_verdict_name(i)) > 1 &&
			strlen(digsig_verdict_meaning(i)) > 1);
	for (int i = 0; i < DIGSIG_DEFECT_COUNT; i++)
		assert_true(strlen(digsig_defect_meaning(i)) > 1);
	assert_string_equal(digsig_verdict_name(DIGSIG_VERDICT_COUNT), "?");
	assert_string_equal(digsig_defect_meaning(DIGSIG_DEFECT_COUNT), "?");
	assert_string_equal(digsig_class_name(DIGSIG_CLASS_LIBRARY | DIGSIG_FLAG_WX), "library");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sha256_agrees_with_openssl),
		cmocka_unit_test(block_resumes_the_hash),
		cmocka_unit_test(every_defect_is_found),
		cmocka_unit_test(sizes_are_believed_only_together),
		cmocka_unit_test(every_name_is_there),
	};

	return cmocka_run_group_tests_name("format", tests, NULL, NULL);
}
