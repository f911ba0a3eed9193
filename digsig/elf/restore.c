// SPDX-License-Identifier: GPL-2.0-or-later
#include "restore.h"
#include <errno.h>
#include <string.h>

static int read_original(void *context, void *buffer, size_t size, __u64 offset)
{
	const struct elf_restored *restored = context;
	size_t part = 0;

	if (offset > restored->original.size || size > restored->original.size - offset)
		return -EINVAL;
	if (offset < restored->header_size) {
		part = restored->header_size - (size_t)offset;
		part = part < size ? part : size;
		memcpy(buffer, restored->header + offset, part);
	}
	if (part == size)
		return 0;
	return restored->is_signed->read(restored->is_signed->context, (char *)buffer + part,
		size - part, offset + part);
}

/* Compares what embedding makes of [offset, end) with what the signed file has there. */
static int compare(const struct elf_embedding *embedding, const struct elf_restored *restored,
	__u64 offset, __u64 end)
{
	char made[4096], there[4096];

	while (offset < end) {
		size_t size = end - offset < sizeof(made) ? (size_t)(end - offset) : sizeof(made);
		int err = elf_embedding_read(embedding, &restored->original, made, size, offset);

		if (!err)
			err = restored->is_signed->read(
				restored->is_signed->context, there, size, offset);
		if (err)
			return err;
		if (memcmp(made, there, size))
			return -ENOEXEC;
		offset += size;
	}
	return 0;
}

int elf_restore(struct elf_restored *restored, const struct elf_source *is_signed,
	const struct digsig_manifest *manifest)
{
	__u64 original_size = digsig_le64(manifest->original_size);
	struct elf_embedding embedding;
	enum elf_refusal refusal;
	struct elf_image image;
	int err;

	err = elf_image_read(&image, is_signed, &refusal);
	if (err)
		return err;
	if (original_size < image.header_size || original_size > is_signed->size)
		return -ENOEXEC;
	restored->is_signed = is_signed;
	restored->header_size = image.header_size;
	memcpy(restored->header, image.header, sizeof(restored->header));
	elf_header_set_sections(&image, restored->header, digsig_le64(manifest->original_shoff),
		digsig_le16(manifest->original_shentsize), digsig_le16(manifest->original_shnum),
		digsig_le16(manifest->original_shstrndx));
	restored->original = (struct elf_source){
		.read = read_original, .context = restored, .size = original_size };

	err = elf_embedding_plan(&embedding, &restored->original,
		digsig_le32(manifest->block_size), ELF_ALLOW_TRAILING_DATA, &refusal);
	if (err)
		return err;
	if (embedding.content_size != digsig_le64(manifest->content_size))
		return -ENOEXEC;
	err = compare(&embedding, restored, 0, image.header_size);
	if (err)
		return err;
	return compare(&embedding, restored, original_size, embedding.content_size);
}
