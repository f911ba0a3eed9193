// SPDX-License-Identifier: GPL-2.0-or-later
#include "sign.h"
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "../trust/cms.h"
#include "block_io.h"
#include "copy.h"
#include "fd_source.h"
#include "original.h"
#include "replacement_group.h"

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
	const struct sign_options *options, struct file_problem *problem)
{
	const struct made_signature *made = options->made;
	struct digsig_footer footer = { 0 };
	size_t cms_size;
	int err = 0;

	memset(block, 0, block_size);
	memcpy(block, manifest, sizeof(*manifest));
	if (!made) {
		err = cms_sign(options->signer, block, block + DIGSIG_MANIFEST_SIZE, &cms_size);
	} else if (memcmp(manifest, &made->manifest, sizeof(*manifest))) {
		return file_problem_set(problem, FILE_PROBLEM_OTHER_CONTENT, -EBADMSG);
	} else {
		cms_size = made->cms_size;
		memcpy(block + DIGSIG_MANIFEST_SIZE, made->cms, cms_size);
	}
	if (err)
		return file_problem_set(problem, FILE_PROBLEM_SIGNER, err);
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
	/* Only now: the copying has hashed the content, whose hash the manifest states. */
	fill_manifest(&manifest, options, &content->embedding, block_size, &digest);
	err = make_block(block, block_size, &manifest, options, problem);
	if (err) {
		writer_abandon(writer);
		return err;
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

static int hash_bytes(int (*read)(void *context, void *buffer, size_t size, __u64 offset),
	void *context, __u64 total, const struct sign_options *options, struct digest *digest,
	struct file_problem *problem)
{
	__u8 buffer[64 << 10];

	digest_init(digest);
	for (__u64 offset = 0; offset < total;) {
		size_t size = total - offset < sizeof(buffer) ? (size_t)(total - offset)
							      : sizeof(buffer);
		int err = read(context, buffer, size, offset);

		if (err)
			return file_problem_set(problem, FILE_PROBLEM_READ, err);
		if (options->is_cancelled && *options->is_cancelled)
			return file_problem_set(problem, FILE_PROBLEM_CANCELLED, -ECANCELED);
		digest_update(digest, buffer, size);
		offset += size;
		file_progress_report(options->progress, offset, total);
	}
	return 0;
}

/* Whether a file with a sound block has the content that was signed, by whatever key. */
static int check_unchanged(const struct elf_source *file, const struct signature_block *block,
	const struct sign_options *options, struct file_problem *problem)
{
	const struct digsig_manifest *manifest = signature_block_manifest(block);
	__u32 chaining_value[8];
	struct digest digest;
	int err = hash_bytes(file->read, file->context, digsig_le64(manifest->content_size),
		options, &digest, problem);

	if (err)
		return err;
	digest_chaining_value(&digest, chaining_value);
	if (memcmp(chaining_value, manifest->chaining_value, sizeof(chaining_value)))
		return file_problem_set(problem, FILE_PROBLEM_TAMPERED, -EBADMSG);
	return 0;
}

static int plan_content(struct content *content, const struct elf_source *file,
	const struct sign_options *options, struct file_problem *problem)
{
	struct signature_block block;
	enum elf_refusal refusal;
	unsigned int flags = 0;
	int unchanged = 0, err = find_original(&content->view, file, &block, problem);

	/* A change is why a block does not lead back to the original: it is said first. */
	if (!block.defect && !options->allow_changed)
		unchanged = check_unchanged(file, &block, options, problem);
	if (unchanged || err)
		return unchanged ? unchanged : err;
	/* What was signed with trailing data is signed again with it. */
	if (options->allow_trailing_data || block.size)
		flags |= ELF_ALLOW_TRAILING_DATA;
	err = elf_embedding_plan(&content->embedding, content->view.original,
		block_size_of(options->signer), flags, &refusal);
	return err ? map_refusal(err, refusal, problem) : 0;
}

static struct elf_source old_file(const struct replacement *replacement, struct fd_windows *windows)
{
	return fd_source(windows, replacement->source, (__u64)replacement->before.st_size);
}

/* Closes the replacement, or leaves it to its group. */
static int put_in_place(struct replacement *replacement,
	const struct replacement_options *options, struct file_problem *problem)
{
	int err;

	if (options->group)
		return replacement_group_add(options->group, replacement, options->owner, problem);
	err = replacement_commit(replacement, problem);
	replacement_close(replacement);
	return err;
}

static bool is_out_of_room(int err)
{
	return err == -ENOSPC || err == -EDQUOT;
}

static int sign_once(const char *path, const void *sign_options, struct file_problem *problem)
{
	const struct sign_options *options = sign_options;
	struct replacement replacement;
	struct content content;
	struct fd_windows windows;
	struct elf_source file;
	int err;

	*problem = (struct file_problem){ 0 };
	err = replacement_open(&replacement, path, &options->replacement, problem);
	if (err)
		return err;
	file = old_file(&replacement, &windows);
	err = plan_content(&content, &file, options, problem);
	if (!err && options->is_dry_run) {
		err = replacement_probe(&replacement, problem);
		replacement_close(&replacement);
		return err;
	}
	if (!err)
		err = write_signed(&replacement, &content, options, block_size_of(options->signer),
			problem);
	/* From here on the replacement is not this function's to close, also if it fails. */
	if (!err)
		return put_in_place(&replacement, &options->replacement, problem);
	replacement_close(&replacement);
	return err;
}

/* sign_once or strip_once, with their options. */
typedef int attempt_function(const char *path, const void *options, struct file_problem *problem);

/*
 * Files of a group that are not in their places yet take up room twice. A full disk may have room again
 * once they are, so the attempt is repeated for as long as waiting for them brings some.
 */
static int repeat_while_room_comes(attempt_function *attempt, const char *path, const void *options,
	struct replacement_group *group, struct file_problem *problem)
{
	size_t settled;
	int err;

	do {
		settled = replacement_group_settled(group);
		err = attempt(path, options, problem);
	} while (is_out_of_room(err) && replacement_group_make_room(group, settled));
	return err;
}

int file_sign(const char *path, const struct sign_options *options, struct file_problem *problem)
{
	return repeat_while_room_comes(sign_once, path, options, options->replacement.group, problem);
}

int file_prepare(const char *path, const struct sign_options *options,
	struct digsig_manifest *manifest, struct file_problem *problem)
{
	const struct replacement_options any = { .break_links = true,
		.inside_links_only = options->replacement.inside_links_only };
	struct replacement opened;
	struct fd_windows windows;
	struct elf_source file;
	struct content content;
	struct digest digest;
	int err;

	*problem = (struct file_problem){ 0 };
	/* Nothing is replaced here: a hard link is looked at when the signature comes. */
	err = replacement_open(&opened, path, &any, problem);
	if (err)
		return err;
	file = old_file(&opened, &windows);
	err = plan_content(&content, &file, options, problem);
	if (!err)
		err = hash_bytes(read_content, &content, content.embedding.content_size, options,
			&digest, problem);
	if (!err)
		fill_manifest(manifest, options, &content.embedding,
			block_size_of(options->signer), &digest);
	replacement_close(&opened);
	return err;
}

int file_attach(const char *path, const struct sign_options *options,
	const struct made_signature *made, struct file_problem *problem)
{
	const struct digsig_manifest *manifest = &made->manifest;
	struct sign_options again = *options;
	char identity[DIGSIG_IDENTITY_SIZE + 1] = "";

	/* The statement is made once more from this file, and has to come out the same. */
	memcpy(identity, manifest->identity, DIGSIG_IDENTITY_SIZE);
	again.identity = identity;
	again.epoch = digsig_le64(manifest->epoch);
	again.signing_time = digsig_le64(manifest->signing_time);
	again.may_map_wx = digsig_le32(manifest->flags) & DIGSIG_FLAG_WX;
	again.allow_trailing_data = true;
	again.allow_changed = true; /* file_prepare decided */
	again.made = made;
	return file_sign(path, &again, problem);
}

int file_check_unchanged(
	const char *path, const struct sign_options *options, struct file_problem *problem)
{
	struct signature_block block;
	struct fd_windows windows;
	struct elf_source file;
	int err, fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	*problem = (struct file_problem){ 0 };
	if (fd < 0)
		return file_problem_set(problem, FILE_PROBLEM_OPEN, -errno);
	err = fd_source_open(&file, &windows, fd);
	if (!err)
		err = signature_block_read_from(&file, &block);
	if (err)
		file_problem_set(problem, FILE_PROBLEM_READ, err);
	else if (!block.defect)
		err = check_unchanged(&file, &block, options, problem);
	close(fd);
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
	return make_block(bytes + content_size, block_size, &manifest, options, problem);
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

static int strip_once(const char *path, const void *strip_options, struct file_problem *problem)
{
	const struct strip_options *options = strip_options;
	struct replacement replacement;
	struct signature_block block;
	struct unsigned_view view;
	struct fd_windows windows;
	struct elf_source file;
	struct writer *writer;
	struct copy copy;
	int err;

	*problem = (struct file_problem){ 0 };
	err = replacement_open(&replacement, path, &options->replacement, problem);
	if (err)
		return err;
	file = old_file(&replacement, &windows);
	err = find_original(&view, &file, &block, problem);
	if (err)
		goto out;
	if (!block.size) {
		err = file_problem_set(problem, FILE_PROBLEM_UNSIGNED, -ENODATA);
		goto out;
	}
	/* After all that could refuse the file, so that a dry run refuses the same files. */
	if (options->is_dry_run) {
		err = replacement_probe(&replacement, problem);
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
	/* From here on the replacement is not this function's to close, also if it fails. */
	if (!err)
		return put_in_place(&replacement, &options->replacement, problem);
	err = file_problem_set(problem, FILE_PROBLEM_WRITE, err);
out:
	replacement_close(&replacement);
	return err;
}

int file_strip(const char *path, const struct strip_options *options, struct file_problem *problem)
{
	return repeat_while_room_comes(strip_once, path, options, options->replacement.group, problem);
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
