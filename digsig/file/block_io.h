/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the signature block from the end of an open file. */
#ifndef DIGSIG_FILE_BLOCK_IO_H
#define DIGSIG_FILE_BLOCK_IO_H

#include <stdbool.h>
#include <stddef.h>
#include "../elf/image.h"
#include "../format/block.h"
#include "../format/inspect.h"

struct signature_block {
	size_t size; /* bytes used; 0: the file has no block */
	__u64 file_size; /* at the time of reading */
	enum digsig_defect defect; /* the first rule broken; NO_FOOTER: the file is unsigned */
	__u8 bytes[DIGSIG_BLOCK_MAX] __attribute__((aligned(8)));
};

/*
 * Reads at most 16 KiB from the end of fd, a regular file, and checks them against the rules of
 * the format (not the signature). Returns 0 also for an unsigned file or a malformed block: see
 * defect; the bytes are there only if size is not 0. -EINVAL: not a regular file; -EIO and the
 * other errors of pread(2).
 */
int signature_block_read(int fd, struct signature_block *block);

/* The same from any source. Errors are the source's. */
int signature_block_read_from(const struct elf_source *source, struct signature_block *block);

/* Views into a block without defect. */
const struct digsig_manifest *signature_block_manifest(const struct signature_block *block);
/* The block's CMS, *cms_size bytes of DER; the block's own. */
const __u8 *signature_block_cms(const struct signature_block *block, size_t *cms_size);

/*
 * Whether a block whose only fault is that the file's size is another one still is where the ELF file's
 * .digsig says: then a program that knows ELF rewrote what is before it, as dwz(1) does.
 */
bool signature_block_is_left_over(
	const struct elf_source *source, const struct signature_block *block);

#endif
