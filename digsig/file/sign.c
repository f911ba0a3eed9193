// SPDX-License-Identifier: GPL-2.0-or-later
#include "sign.h"
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "../elf/restore.h"
#include "../trust/cms.h"
#include "block_io.h"
#include "copy.h"
#include "fd_source.h"

/* A file to be signed: itself, or for a signed one the original within it. */
struct unsigned_view {
	struct elf_source file;
	struct elf_restored restored;
	const struct elf_source *original;
};

struct content {
	struct elf_embedding embedding;
	struct unsigned_view view;
};

static int map_refusal(int err, enum elf_refusal refusal, struct file_problem *problem)
{
	if (err != -ENOEXEC)
		return file_problem_set(problem, FILE_PROBLEM_READ, err);
	problem->refusal = refusal;
	return file_problem_set(problem, FILE_PROBLEM_REFUSED, err);
}

static int find_original(struct unsigned_view *view, const struct elf_source *file,
	struct signature_block *block, struct file_problem *problem)
{
	int err = signature_block_read_from(file, block);

	if (err)
		return file_problem_set(problem, FILE_PROBLEM_READ, err);
	view->file = *file;
	view->original = &view->file;
	if (block->defect == DIGSIG_DEFECT_NO_FOOTER)
		return 0;
	if (block->defect) {
		problem->defect = block->defect;
		return file_problem_set(problem, FILE_PROBLEM_BLOCK, -EBADMSG);
	}
	err = elf_restore(&view->restored, &view->file, signature_block_manifest(block));
	if (err == -ENOEXEC)
		return file_problem_set(problem, FILE_PROBLEM_NOT_RESTORABLE, err);
	if (err)
		return file_problem_set(problem, FILE_PROBLEM_READ, err);
	view->original = &view->restored.original;
	return 0;
}

static void fill_manifest(struct digsig_manifest *manifest, const struct sign_options *options,
	const struct elf_embedding *embedding, __u32 block_size, const struct digest *digest)
{
	const struct elf_image *image = &embedding->image;

	memset(manifest, 0, sizeof(*manifest));
	memcpy(manifest->magic, DIGSIG_MANIFEST_MAGIC, DIGSIG_MAGIC_SIZE);
	manifest->version = digsig_le16(DIGSIG_VERSION);
	manifest->hash_algorithm = digsig_le16(DIGSIG_HASH_SHA256);
	manifest->flags = digsig_le32(
		embedding->file_class | (options->may_map_wx ? DIGSIG_FLAG_WX : 0));
	manifest->content_size = digsig_le64(embedding->content_size);
	manifest->original_size = digsig_le64(embedding->original_size);
	manifest->original_shoff = digsig_le64(image->shoff);
	manifest->original_shentsize = digsig_le16(image->shentsize);
	manifest->original_shnum = digsig_le16(image->shnum);
	manifest->original_shstrndx = digsig_le16(image->shstrndx);
	manifest->block_size = digsig_le32(block_size);
	manifest->signing_time = digsig_le64(options->signing_time);
	manifest->epoch = digsig_le64(options->epoch);
	digest_chaining_value(digest, manifest->chaining_value);
	if (options->identity)
		memcpy(manifest->identity, options->identity,
			strnlen(options->identity, DIGSIG_IDENTITY_SIZE));
	memcpy(manifest->key_id, options->signer->key_id, DIGSIG_KEY_ID_SIZE);
}

static int make_block(__u8 *block, __u32 block_size, const struct digsig_manifest *manifest,
	const struct signer *signer)
{
	struct digsig_footer footer = { 0 };
	size_t cms_size;
	int err;

	memset(block, 0, block_size);
	memcpy(block, manifest, sizeof(*manifest));
	err = cms_sign(signer, block, block + DIGSIG_MANIFEST_SIZE, &cms_size);
	if (err)
		return err;
	memcpy(footer.magic, DIGSIG_FOOTER_MAGIC, DIGSIG_MAGIC_SIZE);
	footer.version = digsig_le16(DIGSIG_VERSION);
	footer.block_size = digsig_le32(block_size);
	footer.cms_size = digsig_le32((__u32)cms_size);
	memcpy(block + block_size - sizeof(footer), &footer, sizeof(footer));
	return 0;
}

static int write_all(struct writer *writer, const __u8 *bytes, size_t size)
{
	while (size) {
		size_t part;
		__u8 *room;
		int err = writer_room(writer, &room, &part);

		if (err)
			return err;
		part = part < size ? part : size;
		memcpy(room, bytes, part);
		err = writer_advance(writer, part);
		if (err)
			return err;
		bytes += part;
		size -= part;
	}
	return 0;
}

static int read_content(void *context, void *buffer, size_t size, __u64 offset)
{
	const struct content *content = context;

	return elf_embedding_read(
		&content->embedding, content->view.original, buffer, size, offset);
}

static int write_signed(struct replacement *replacement, struct content *content,
	const struct sign_options *options, __u32 block_size, struct file_problem *problem)
{
	__u8 block[DIGSIG_BLOCK_MAX];
	struct digest digest;
	struct copy copy = {
		.replacement = replacement,
		.read = read_content,
		.context = content,
		.limit = content->embedding.content_size,
		.total = content->embedding.content_size + block_size,
		.same_from = content->embedding.image.header_size,
		.same_to = content->embedding.original_size,
		.digest = &digest,
		.is_cancelled = options->is_cancelled,
		.progress = options->progress,
	};
	struct digsig_manifest manifest;
	struct writer *writer;
	int err;

	digest_init(&digest);
	err = copy_start(&copy, &writer, problem);
	if (err)
		return err;
	fill_manifest(&manifest, options, &content->embedding, block_size, &digest);
	err = make_block(block, block_size, &manifest, options->signer);
	if (err) {
		writer_abandon(writer);
		return file_problem_set(problem, FILE_PROBLEM_SIGNER, err);
	}
	err = write_all(writer, block, block_size);
	if (err)
		writer_abandon(writer);
	else
		err = writer_finish(writer);
	return err ? file_problem_set(problem, FILE_PROBLEM_WRITE, err) : 0;
}

static __u32 block_size_of(const struct signer *signer)
{
	return DIGSIG_MANIFEST_SIZE + (__u32)signer->cms_room + DIGSIG_FOOTER_SIZE;
}

static int plan_content(struct content *content, const struct elf_source *file,
	const struct sign_options *options, struct file_problem *problem)
{
	struct signature_block block;
	enum elf_refusal refusal;
	unsigned int flags = 0;
	int err = find_original(&content->view, file, &block, problem);

	if (err)
		return err;
	/* What was signed with trailing data is signed again with it. */
	if (options->allow_trailing_data || block.size)
		flags |= ELF_ALLOW_TRAILING_DATA;
	err = elf_embedding_plan(&content->embedding, content->view.original,
		block_size_of(options->signer), flags, &refusal);
	return err ? map_refusal(err, refusal, problem) : 0;
}

static struct elf_source old_file(const struct replacement *replacement)
{
	return fd_source(&replacement->source, (__u64)replacement->before.st_size);
}

int file_sign(const char *path, const struct sign_options *options, struct file_problem *problem)
{
	struct replacement replacement;
	struct content content;
	struct elf_source file;
	int err;

	*problem = (struct file_problem){ 0 };
	err = replacement_open(&replacement, path, options->break_links, problem);
	if (err)
		return err;
	file = old_file(&replacement);
	err = plan_content(&content, &file, options, problem);
	if (!err)
		err = write_signed(&replacement, &content, options, block_size_of(options->signer),
			problem);
	if (!err)
		err = replacement_commit(&replacement, problem);
	replacement_close(&replacement);
	return err;
}

/* Room for a whole file; at least a byte, so that NULL means that memory is short. */
static int allocate(__u8 **bytes, __u64 size, struct file_problem *problem)
{
	*bytes = size > PTRDIFF_MAX ? NULL : malloc(size ? (size_t)size : 1);
	return *bytes ? 0 : file_problem_set(problem, FILE_PROBLEM_WRITE, -ENOMEM);
}

static int make_signed(__u8 *bytes, struct content *content, const struct sign_options *options,
	struct file_problem *problem)
{
	size_t content_size = (size_t)content->embedding.content_size;
	__u32 block_size = block_size_of(options->signer);
	struct digsig_manifest manifest;
	struct digest digest;
	int err = read_content(content, bytes, content_size, 0);

	if (err)
		return file_problem_set(problem, FILE_PROBLEM_READ, err);
	digest_init(&digest);
	digest_update(&digest, bytes, content_size);
	fill_manifest(&manifest, options, &content->embedding, block_size, &digest);
	err = make_block(bytes + content_size, block_size, &manifest, options->signer);
	return err ? file_problem_set(problem, FILE_PROBLEM_SIGNER, err) : 0;
}

int source_sign(const struct elf_source *file, const struct sign_options *options, __u8 **bytes,
	size_t *size, struct file_problem *problem)
{
	struct content content;
	__u64 total;
	__u8 *made;
	int err;

	*problem = (struct file_problem){ 0 };
	err = plan_content(&content, file, options, problem);
	if (err)
		return err;
	total = content.embedding.content_size + block_size_of(options->signer);
	err = allocate(&made, total, problem);
	if (err)
		return err;
	err = make_signed(made, &content, options, problem);
	if (err) {
		free(made);
		return err;
	}
	*bytes = made;
	*size = (size_t)total;
	return 0;
}

static int read_original(void *context, void *buffer, size_t size, __u64 offset)
{
	const struct unsigned_view *view = context;

	return view->original->read(view->original->context, buffer, size, offset);
}

int file_strip(const char *path, const struct strip_options *options, struct file_problem *problem)
{
	struct replacement replacement;
	struct signature_block block;
	struct unsigned_view view;
	struct elf_source file;
	struct writer *writer;
	struct copy copy;
	int err;

	*problem = (struct file_problem){ 0 };
	err = replacement_open(&replacement, path, options->break_links, problem);
	if (err)
		return err;
	file = old_file(&replacement);
	err = find_original(&view, &file, &block, problem);
	if (err)
		goto out;
	if (!block.size) {
		err = file_problem_set(problem, FILE_PROBLEM_UNSIGNED, -ENODATA);
		goto out;
	}
	copy = (struct copy){
		.replacement = &replacement,
		.read = read_original,
		.context = &view,
		.limit = view.original->size,
		.total = view.original->size,
		.same_from = view.restored.header_size,
		.same_to = view.original->size,
		.is_cancelled = options->is_cancelled,
		.progress = options->progress,
	};
	err = copy_start(&copy, &writer, problem);
	if (err)
		goto out;
	err = writer_finish(writer);
	if (err)
		err = file_problem_set(problem, FILE_PROBLEM_WRITE, err);
	else
		err = replacement_commit(&replacement, problem);
out:
	replacement_close(&replacement);
	return err;
}

int source_strip(const struct elf_source *file, __u8 **bytes, size_t *size,
	struct file_problem *problem)
{
	struct signature_block block;
	struct unsigned_view view;
	__u8 *made;
	int err;

	*problem = (struct file_problem){ 0 };
	err = find_original(&view, file, &block, problem);
	if (err)
		return err;
	if (!block.size)
		return file_problem_set(problem, FILE_PROBLEM_UNSIGNED, -ENODATA);
	err = allocate(&made, view.original->size, problem);
	if (err)
		return err;
	err = read_original(&view, made, (size_t)view.original->size, 0);
	if (err) {
		free(made);
		return file_problem_set(problem, FILE_PROBLEM_READ, err);
	}
	*bytes = made;
	*size = (size_t)view.original->size;
	return 0;
}
