// SPDX-License-Identifier: GPL-2.0-or-later
#include "block_io.h"
#include <string.h>
#include "../elf/extent.h"
#include "../format/check.h"
#include "fd_source.h"

int signature_block_read_from(const struct elf_source *source, struct signature_block *block)
{
	struct digsig_footer footer;
	int err;

	block->size = 0;
	block->defect = DIGSIG_DEFECT_NO_FOOTER;
	block->file_size = source->size;
	if (block->file_size < DIGSIG_FOOTER_SIZE)
		return 0;
	err = source->read(source->context, &footer, sizeof(footer),
		source->size - DIGSIG_FOOTER_SIZE);
	if (err)
		return err;
	block->defect = digsig_check_footer(&footer, block->file_size);
	if (block->defect)
		return 0;
	block->size = digsig_le32(footer.block_size);
	err = source->read(source->context, block->bytes, block->size, source->size - block->size);
	if (err) {
		block->size = 0;
		return err;
	}
	block->defect = digsig_block_check(block->bytes, block->size, block->file_size);
	return 0;
}

int signature_block_read(int fd, struct signature_block *block)
{
	struct fd_windows windows;
	struct elf_source source;
	int err = fd_source_open(&source, &windows, fd);

	block->size = 0;
	block->defect = DIGSIG_DEFECT_NO_FOOTER;
	return err ? err : signature_block_read_from(&source, block);
}

const struct digsig_manifest *signature_block_manifest(const struct signature_block *block)
{
	return (const struct digsig_manifest *)(const void *)block->bytes;
}

const __u8 *signature_block_cms(const struct signature_block *block, size_t *cms_size)
{
	struct digsig_footer footer;

	memcpy(&footer, block->bytes + block->size - sizeof(footer), sizeof(footer));
	*cms_size = digsig_le32(footer.cms_size);
	return block->bytes + DIGSIG_MANIFEST_SIZE;
}

bool signature_block_is_left_over(
	const struct elf_source *source, const struct signature_block *block)
{
	__u64 begin = block->file_size - block->size;
	__u8 magic[4];

	return block->defect == DIGSIG_DEFECT_CONTENT_SIZE && begin >= sizeof(magic) &&
		!source->read(source->context, magic, sizeof(magic), 0) &&
		!memcmp(magic, "\177ELF", sizeof(magic)) &&
		elf_block_section_fits(source, begin, (__u32)block->size) == 1;
}
