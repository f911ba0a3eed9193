// SPDX-License-Identifier: GPL-2.0-or-later
#include "inspect.h"
#include <string.h>
#include "check.h"
#include "sha256.h"

enum digsig_defect digsig_block_check(const __u8 *block, size_t size, __u64 file_size)
{
	struct digsig_manifest manifest;
	struct digsig_footer footer;
	enum digsig_defect defect;
	__u32 cms_size;

	if (size < DIGSIG_FOOTER_SIZE)
		return DIGSIG_DEFECT_NO_FOOTER;
	memcpy(&footer, block + size - DIGSIG_FOOTER_SIZE, sizeof(footer));
	defect = digsig_check_footer(&footer, file_size);
	if (defect)
		return defect;
	if (digsig_le32(footer.block_size) != size)
		return DIGSIG_DEFECT_BLOCK_SIZE;
	cms_size = digsig_le32(footer.cms_size);
	defect = digsig_check_cms_length(block + DIGSIG_MANIFEST_SIZE, cms_size);
	if (defect)
		return defect;
	defect = digsig_check_padding(block + size - DIGSIG_FOOTER_SIZE - 64, cms_size);
	if (defect)
		return defect;
	memcpy(&manifest, block, sizeof(manifest));
	return digsig_check_manifest(&manifest, (__u32)size, file_size);
}

void digsig_block_file_digest(const __u8 *block, size_t size, __u8 digest[DIGSIG_DIGEST_SIZE])
{
	struct digsig_manifest manifest;
	__u32 state[8], schedule[64];
	__u8 final[64];

	memcpy(&manifest, block, sizeof(manifest));
	for (int i = 0; i < 8; i++)
		state[i] = digsig_le32(manifest.chaining_value[i]);
	for (size_t offset = 0; offset < size; offset += 64)
		digsig_sha256_compress(state, block + offset, schedule);
	digsig_sha256_final_message(final, digsig_le64(manifest.content_size) + size);
	digsig_sha256_compress(state, final, schedule);
	digsig_sha256_digest(state, digest);
}

static const struct {
	const char *name, *meaning;
} verdicts[DIGSIG_VERDICT_COUNT] = {
	[DIGSIG_VERDICT_NONE] = { "none", "not judged" },
	[DIGSIG_VERDICT_OK] = { "ok", "every byte is what a trusted key signed" },
	[DIGSIG_VERDICT_UNSIGNED] = { "unsigned", "the file ends without a signature block" },
	[DIGSIG_VERDICT_MALFORMED] = { "malformed",
		"the signature block breaks a rule of the format" },
	[DIGSIG_VERDICT_BADSIG] = { "badsig", "the signature does not fit the signed manifest" },
	[DIGSIG_VERDICT_UNKNOWNKEY] = { "unknownkey", "signed by a key that is not trusted here" },
	[DIGSIG_VERDICT_TAMPERED] = { "tampered", "the file is not the one that was signed" },
	[DIGSIG_VERDICT_REVOKED] = { "revoked", "once trusted, since taken back" },
	[DIGSIG_VERDICT_ROLLBACK] = { "rollback",
		"older than a build of the same identity seen before" },
	[DIGSIG_VERDICT_UNSTABLE] = { "unstable",
		"its bytes could change after the check (open for writing, or a file system that "
		"answers as it likes)" },
	[DIGSIG_VERDICT_FAULT] = { "fault", "the check could not be carried out" },
};

const char *digsig_verdict_name(enum digsig_verdict verdict)
{
	return (unsigned int)verdict < DIGSIG_VERDICT_COUNT ? verdicts[verdict].name : "?";
}

enum digsig_verdict digsig_verdict_parse(const char *name)
{
	for (unsigned int verdict = DIGSIG_VERDICT_OK; verdict < DIGSIG_VERDICT_COUNT; verdict++)
		if (!strcmp(name, digsig_verdict_name(verdict)))
			return verdict;
	return DIGSIG_VERDICT_NONE;
}

const char *digsig_verdict_meaning(enum digsig_verdict verdict)
{
	return (unsigned int)verdict < DIGSIG_VERDICT_COUNT ? verdicts[verdict].meaning : "?";
}

static const char *const defects[DIGSIG_DEFECT_COUNT] = {
	[DIGSIG_DEFECT_NONE] = "nothing is wrong with the block",
	[DIGSIG_DEFECT_NO_FOOTER] = "no signature block at the end of the file",
	[DIGSIG_DEFECT_FOOTER_VERSION] = "the footer states a version this program does not know",
	[DIGSIG_DEFECT_FOOTER_RESERVED] = "reserved bytes of the footer are not zero",
	[DIGSIG_DEFECT_BLOCK_SIZE] =
		"the block's size is not a multiple of 64 between 384 and 16384",
	[DIGSIG_DEFECT_BLOCK_OVERRUN] = "the block claims to be larger than the file",
	[DIGSIG_DEFECT_CMS_SIZE] = "the size of the CMS does not fill the block",
	[DIGSIG_DEFECT_CMS_LENGTH] = "the CMS is longer or shorter than its DER length states",
	[DIGSIG_DEFECT_PADDING] = "the padding after the CMS is not zero",
	[DIGSIG_DEFECT_MANIFEST_MAGIC] = "the block does not begin with a manifest",
	[DIGSIG_DEFECT_MANIFEST_VERSION] =
		"the manifest states a version this program does not know",
	[DIGSIG_DEFECT_MANIFEST_HASH] =
		"the manifest states a hash algorithm other than SHA-256",
	[DIGSIG_DEFECT_MANIFEST_FLAGS] = "the manifest's flags or class are unknown",
	[DIGSIG_DEFECT_MANIFEST_RESERVED] = "reserved bytes of the manifest are not zero",
	[DIGSIG_DEFECT_CONTENT_SIZE] =
		"the content size in the manifest is not the file's size less the block's",
	[DIGSIG_DEFECT_ORIGINAL_SIZE] = "the original size is larger than the content",
	[DIGSIG_DEFECT_SIZES_DISAGREE] = "manifest and footer state different block sizes",
	[DIGSIG_DEFECT_IDENTITY] = "the identity has bytes after its terminating zero",
};

const char *digsig_defect_meaning(enum digsig_defect defect)
{
	return (unsigned int)defect < DIGSIG_DEFECT_COUNT ? defects[defect] : "?";
}

const char *digsig_class_name(__u32 flags)
{
	switch (flags & DIGSIG_CLASS_MASK) {
	case DIGSIG_CLASS_EXECUTABLE:
		return "executable";
	case DIGSIG_CLASS_LIBRARY:
		return "library";
	case DIGSIG_CLASS_MODULE:
		return "module";
	case DIGSIG_CLASS_SCRIPT:
		return "script";
	case DIGSIG_CLASS_OTHER:
		return "other";
	}
	return "unknown";
}

void digsig_copy_identity(char *text, const struct digsig_manifest *manifest)
{
	memcpy(text, manifest->identity, DIGSIG_IDENTITY_SIZE);
	text[DIGSIG_IDENTITY_SIZE] = '\0';
}
