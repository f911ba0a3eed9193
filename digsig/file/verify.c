// SPDX-License-Identifier: GPL-2.0-or-later
#include "verify.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include "../elf/extent.h"
#include "../trust/cms.h"
#include "../trust/signer.h"
#include "fd_source.h"
#include "hash.h"

static void find(struct file_judgement *judgement, enum digsig_verdict verdict, enum file_flaw flaw)
{
	judgement->verdict = verdict;
	judgement->flaw = flaw;
}

static void find_good(struct file_judgement *judgement, const struct digsig_manifest *manifest)
{
	struct signed_as *signed_as = &judgement->signed_as;

	find(judgement, DIGSIG_VERDICT_OK, FILE_FLAW_NONE);
	memcpy(signed_as->key_id, manifest->key_id, sizeof(signed_as->key_id));
	memcpy(signed_as->identity, manifest->identity, sizeof(signed_as->identity));
	signed_as->epoch = digsig_le64(manifest->epoch);
}

static void judge_unsigned(struct file_judgement *judgement, const struct elf_source *source)
{
	find(judgement, DIGSIG_VERDICT_UNSIGNED, FILE_FLAW_UNSIGNED);
	switch (elf_leftover_find(source)) {
	case ELF_LEFTOVER_NONE:
		break;
	case ELF_LEFTOVER_CUT_SHORT:
		judgement->flaw = FILE_FLAW_CUT_SHORT;
		break;
	case ELF_LEFTOVER_MOVED:
		judgement->flaw = FILE_FLAW_MOVED;
		break;
	}
}

static void judge_signature(struct file_judgement *judgement, const struct trust_store *store)
{
	const struct digsig_manifest *manifest = signature_block_manifest(&judgement->block);
	__u8 key_id[DIGSIG_KEY_ID_SIZE];
	size_t size;
	const __u8 *cms = signature_block_cms(&judgement->block, &size);

	switch (cms_verify(cms, size, judgement->block.bytes, store, &judgement->signer)) {
	case DIGSIG_VERDICT_OK:
		if (certificate_key_id(judgement->signer, key_id) ||
			memcmp(key_id, manifest->key_id, sizeof(key_id)))
			find(judgement, DIGSIG_VERDICT_MALFORMED, FILE_FLAW_KEY_ID);
		else
			find_good(judgement, manifest);
		break;
	case DIGSIG_VERDICT_BADSIG:
		find(judgement, DIGSIG_VERDICT_BADSIG, FILE_FLAW_SIGNATURE);
		break;
	case DIGSIG_VERDICT_UNKNOWNKEY:
		find(judgement, DIGSIG_VERDICT_UNKNOWNKEY, FILE_FLAW_KEY);
		break;
	default:
		find(judgement, DIGSIG_VERDICT_MALFORMED, FILE_FLAW_CMS);
		break;
	}
}

static int judge_content(struct file_judgement *judgement, const struct elf_source *source,
	const struct file_progress *progress)
{
	const struct signature_block *block = &judgement->block;
	__u8 expected[DIGSIG_DIGEST_SIZE], magic[4];
	__u64 content_size = block->file_size - block->size;
	int err;

	err = source_hash(source, progress, judgement->digest);
	if (err)
		return err;
	judgement->is_hashed = true;
	digsig_block_file_digest(block->bytes, block->size, expected);
	/* What is wrong with the signature outweighs what is wrong with the rest. */
	if (judgement->flaw)
		return 0;
	if (memcmp(expected, judgement->digest, sizeof(expected))) {
		find(judgement, DIGSIG_VERDICT_TAMPERED, FILE_FLAW_HASH);
		return 0;
	}
	if (content_size < sizeof(magic))
		return 0;
	err = source->read(source->context, magic, sizeof(magic), 0);
	if (err || memcmp(magic, "\177ELF", sizeof(magic)))
		return err;
	err = elf_block_section_fits(source, content_size, (__u32)block->size);
	if (err < 0)
		return err;
	if (!err)
		find(judgement, DIGSIG_VERDICT_MALFORMED, FILE_FLAW_SECTION);
	return 0;
}

int source_judge(const struct elf_source *source, const struct trust_store *store,
	unsigned int flags, const struct file_progress *progress,
	struct file_judgement *judgement)
{
	struct signature_block *block = &judgement->block;
	int err;

	judgement->flaw = FILE_FLAW_NONE;
	judgement->verdict = DIGSIG_VERDICT_NONE;
	judgement->signer = NULL;
	judgement->is_hashed = false;
	err = signature_block_read_from(source, block);
	if (err)
		goto out_err;
	if (block->defect == DIGSIG_DEFECT_NO_FOOTER) {
		judge_unsigned(judgement, source);
		return 0;
	}
	if (block->defect) {
		find(judgement, DIGSIG_VERDICT_MALFORMED,
			signature_block_is_left_over(source, block) ? FILE_FLAW_REWRITTEN
								    : FILE_FLAW_DEFECT);
		return 0;
	}
	if (store)
		judge_signature(judgement, store);
	if (!judgement->flaw || flags & FILE_JUDGE_ALWAYS_HASH)
		err = judge_content(judgement, source, progress);
	if (!err)
		return 0;
out_err:
	judgement->verdict = DIGSIG_VERDICT_FAULT;
	return err;
}

int file_judge_watched(int fd, const struct trust_store *store, unsigned int flags,
	const struct file_progress *progress, struct file_judgement *judgement)
{
	struct fd_windows windows;
	struct elf_source source;
	int err = fd_source_open(&source, &windows, fd);

	if (err) {
		judgement->verdict = DIGSIG_VERDICT_FAULT;
		return err;
	}
	posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	return source_judge(&source, store, flags, progress, judgement);
}

int file_judge(int fd, const struct trust_store *store, unsigned int flags,
	struct file_judgement *judgement)
{
	return file_judge_watched(fd, store, flags, NULL, judgement);
}

void file_judgement_describe(const struct file_judgement *judgement, char *text, size_t size)
{
	static const char *const sentences[] = {
		[FILE_FLAW_NONE] = "every byte is what a trusted key signed",
		[FILE_FLAW_UNSIGNED] = "there is no signature block at its end",
		[FILE_FLAW_CUT_SHORT] = "it was cut short: its ELF headers name parts that lie past "
					"its end",
		[FILE_FLAW_MOVED] = "it has a .digsig section but no signature block at its end: "
				    "another program changed it, or something was appended",
		[FILE_FLAW_REWRITTEN] = "another program rewrote it after it was signed, and kept "
					"the block as it was",
		[FILE_FLAW_CMS] = "its CMS is not one that a signature block may hold",
		[FILE_FLAW_KEY_ID] = "its manifest names another key than the one that signed it",
		[FILE_FLAW_SIGNATURE] = "the signature does not fit the manifest: the manifest or "
					"the signature was changed",
		[FILE_FLAW_KEY] = "the key that signed it is not in the trust",
		[FILE_FLAW_HASH] = "its SHA-256 is not the one that was signed: bytes were changed "
				   "after signing",
		[FILE_FLAW_SECTION] = "its section .digsig does not cover exactly the signature "
				      "block, or a segment reaches into it",
	};

	if (judgement->verdict == DIGSIG_VERDICT_NONE)
		snprintf(text, size, "its bytes are those that its manifest states; whose key "
				     "signed it was not checked");
	else if (judgement->verdict == DIGSIG_VERDICT_REVOKED ||
		judgement->verdict == DIGSIG_VERDICT_ROLLBACK)
		snprintf(text, size, "%s", digsig_verdict_meaning(judgement->verdict));
	else if (judgement->flaw == FILE_FLAW_DEFECT)
		snprintf(text, size, "%s", digsig_defect_meaning(judgement->block.defect));
	else
		snprintf(text, size, "%s", sentences[judgement->flaw]);
}
