// SPDX-License-Identifier: GPL-2.0-or-later
#include "already_signed.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "../elf/embed.h"
#include "digest.h"
#include "fd_source.h"
#include "original.h"
#include "verify.h"

#define READ_SIZE ((size_t)96 << 10)

static bool has_options(const struct digsig_manifest *manifest, const struct sign_options *options,
	bool compares_time)
{
	const char *identity = options->identity ? options->identity : "";
	bool may_map_wx = digsig_le32(manifest->flags) & DIGSIG_FLAG_WX;

	return may_map_wx == options->may_map_wx &&
		digsig_le64(manifest->epoch) == options->epoch &&
		!strncmp((const char *)manifest->identity, identity, DIGSIG_IDENTITY_SIZE) &&
		(!compares_time ||
			digsig_le64(manifest->signing_time) == options->signing_time);
}

int already_signed_find(int fd, const struct sign_options *options, const struct trust_store *own,
	bool compares_time, enum already_signed *found)
{
	struct file_judgement judgement;
	const struct signature_block *block = &judgement.block;
	__u8 expected[DIGSIG_DIGEST_SIZE];
	int err = file_judge_watched(
		fd, own, FILE_JUDGE_ALWAYS_HASH, options->progress, &judgement);

	if (err)
		return err;
	*found = FILE_IS_SIGNED_OTHERWISE;
	if (judgement.verdict == DIGSIG_VERDICT_UNSIGNED) {
		*found = FILE_IS_UNSIGNED;
	} else if (judgement.verdict == DIGSIG_VERDICT_OK) {
		if (has_options(signature_block_manifest(block), options, compares_time))
			*found = FILE_IS_ALREADY_SIGNED;
	} else if (judgement.is_hashed) {
		digsig_block_file_digest(block->bytes, block->size, expected);
		if (memcmp(expected, judgement.digest, sizeof(expected)))
			*found = FILE_IS_TAMPERED;
	}
	return 0;
}

static int hash_content(const struct elf_embedding *embedding, const struct elf_source *original,
	__u32 chaining_value[8])
{
	__u8 *buffer = malloc(READ_SIZE);
	struct digest digest;
	__u64 offset = 0;
	int err = buffer ? 0 : -ENOMEM;

	digest_init(&digest);
	while (!err && offset < embedding->content_size) {
		__u64 left = embedding->content_size - offset;
		size_t part = left < READ_SIZE ? (size_t)left : READ_SIZE;

		err = elf_embedding_read(embedding, original, buffer, part, offset);
		if (!err)
			digest_update(&digest, buffer, part);
		offset += part;
	}
	free(buffer);
	if (!err)
		digest_chaining_value(&digest, chaining_value);
	return err;
}

int file_is_made_of(int target, int source, const struct sign_options *options)
{
	struct signature_block block, source_block;
	const struct digsig_manifest *manifest;
	struct file_problem problem = { 0 };
	struct elf_embedding embedding;
	struct unsigned_view view;
	struct elf_source file;
	struct fd_windows windows;
	enum elf_refusal refusal;
	__u32 chaining_value[8];
	unsigned int flags = 0;
	int err = signature_block_read(target, &block);

	if (!err)
		err = fd_source_open(&file, &windows, source);
	if (!err && !block.defect)
		err = find_original(&view, &file, &source_block, &problem);
	if (err || block.defect)
		return err;
	manifest = signature_block_manifest(&block);
	if (options->allow_trailing_data || source_block.size)
		flags |= ELF_ALLOW_TRAILING_DATA;
	err = elf_embedding_plan(
		&embedding, view.original, (__u32)block.size, flags, &refusal);
	if (err || digsig_le64(manifest->original_size) != embedding.original_size)
		return err == -ENOEXEC ? 0 : err;
	err = hash_content(&embedding, view.original, chaining_value);
	if (err)
		return err;
	return !memcmp(manifest->chaining_value, chaining_value, sizeof(chaining_value));
}
