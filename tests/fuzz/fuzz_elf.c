// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Embedding into arbitrary bytes. Where the plan succeeds: the section check accepts the result,
 * stripping gives the input back, and the result is not taken for something to sign once more.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "digsig/elf/bsign.h"
#include "digsig/elf/extent.h"
#include "digsig/elf/restore.h"

enum { BLOCK_SIZE = 832 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct buffer {
	const __u8 *data;
	size_t size;
};

static int read_buffer(void *context, void *out, size_t size, __u64 offset)
{
	const struct buffer *buffer = context;

	if (offset > buffer->size || size > buffer->size - offset)
		return -EIO;
	memcpy(out, buffer->data + offset, size);
	return 0;
}

static void require(int is_true, const char *what)
{
	if (is_true)
		return;
	fprintf(stderr, "broken: %s\n", what);
	abort();
}

static void check_embedded(
	const struct elf_embedding *embedding, const struct buffer *original, __u8 *content)
{
	struct digsig_manifest manifest = {
		.content_size = digsig_le64(embedding->content_size),
		.original_size = digsig_le64(original->size),
		.original_shoff = digsig_le64(embedding->image.shoff),
		.original_shentsize = digsig_le16(embedding->image.shentsize),
		.original_shnum = digsig_le16(embedding->image.shnum),
		.original_shstrndx = digsig_le16(embedding->image.shstrndx),
		.block_size = digsig_le32(BLOCK_SIZE),
	};
	struct buffer buffer = { content, embedding->content_size + BLOCK_SIZE };
	struct elf_source embedded = {
		.read = read_buffer, .context = &buffer, .size = buffer.size };
	struct elf_restored restored;
	__u8 *again = malloc(original->size);

	require(again != NULL,
		"memory");
	require(embedding->content_size % 64 == 0,
		"content is a multiple of 64");
	require(elf_block_section_fits(&embedded, embedding->content_size, BLOCK_SIZE) == 1,
		"the section check accepts");
	require(elf_leftover_find(&embedded) != ELF_LEFTOVER_NONE,
		"without its block it shows that it had one");
	require(elf_restore(&restored, &embedded, &manifest) == 0,
		"the original is found");
	require(restored.original.size == original->size,
		"the original has its size");
	require(restored.original.read(
			restored.original.context, again, original->size, 0) == 0,
		"the original can be read");
	require(!memcmp(again, original->data, original->size),
		"the original has its bytes");
	free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buffer original = { data, size };
	struct elf_source source = {
		.read = read_buffer, .context = &original, .size = size };
	struct elf_embedding embedding;
	struct digsig_manifest manifest;
	struct elf_restored restored;
	struct bsign_section legacy;
	enum elf_refusal refusal;
	__u8 *content;
	int err;

	elf_leftover_find(&source);
	bsign_section_find(&source, &legacy);
	elf_block_section_fits(&source, size & ~(size_t)63, BLOCK_SIZE);
	/* A hostile manifest over hostile content. */
	if (size > sizeof(manifest)) {
		memcpy(&manifest, data + size - sizeof(manifest), sizeof(manifest));
		elf_restore(&restored, &source, &manifest);
	}
	err = elf_embedding_plan(&embedding, &source, BLOCK_SIZE, ELF_ALLOW_TRAILING_DATA,
		&refusal);
	if (err) {
		/* Nothing that the headers say may lead outside the bytes. */
		require(err == -ENOEXEC,
		"no read outside the file");
		return 0;
	}
	content = calloc(1, embedding.content_size + BLOCK_SIZE);
	require(content != NULL,
		"memory");
	require(elf_embedding_read(&embedding, &source, content, embedding.content_size, 0) == 0,
		"the content can be read");
	check_embedded(&embedding, &original, content);
	free(content);
	return 0;
}
