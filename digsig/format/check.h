/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rules of the block format, one after the other: the routine that decides in the kernel is
 * the routine that decides in the commands. Call the four checks in the order in which they stand
 * here, each on bytes that the one before has bounded; each returns the first rule broken.
 */
#ifndef DIGSIG_FORMAT_CHECK_H
#define DIGSIG_FORMAT_CHECK_H

#include "block.h"

#ifndef DIGSIG_INLINE
#define DIGSIG_INLINE static inline __attribute__((always_inline, unused))
#endif

DIGSIG_INLINE int digsig_all_zero(const __u8 *bytes, unsigned int size)
{
	__u8 seen = 0;

	for (unsigned int i = 0; i < size; i++)
		seen |= bytes[i];
	return seen == 0;
}

DIGSIG_INLINE int digsig_all_equal(const __u8 *bytes, const void *others, unsigned int size)
{
	const __u8 *other = others;
	__u8 difference = 0;

	for (unsigned int i = 0; i < size; i++)
		difference |= bytes[i] ^ other[i];
	return difference == 0;
}

/* The file's last 64 bytes, and the size of the whole file. */
DIGSIG_INLINE enum digsig_defect digsig_check_footer(
	const struct digsig_footer *footer, __u64 file_size)
{
	__u32 block_size = digsig_le32(footer->block_size);
	__u32 cms_size = digsig_le32(footer->cms_size);

	if (!digsig_all_equal(footer->magic, DIGSIG_FOOTER_MAGIC, DIGSIG_MAGIC_SIZE))
		return DIGSIG_DEFECT_NO_FOOTER;
	if (digsig_le16(footer->version) != DIGSIG_VERSION)
		return DIGSIG_DEFECT_FOOTER_VERSION;
	if (footer->reserved0 ||
		!digsig_all_zero(footer->reserved1, sizeof(footer->reserved1)))
		return DIGSIG_DEFECT_FOOTER_RESERVED;
	if (block_size < DIGSIG_BLOCK_MIN || block_size > DIGSIG_BLOCK_MAX ||
		block_size % DIGSIG_BLOCK_ALIGN)
		return DIGSIG_DEFECT_BLOCK_SIZE;
	if (block_size > file_size)
		return DIGSIG_DEFECT_BLOCK_OVERRUN;
	if (cms_size == 0 || cms_size > DIGSIG_CMS_MAX ||
		DIGSIG_MANIFEST_SIZE + ((cms_size + 63) & ~63u) + DIGSIG_FOOTER_SIZE != block_size)
		return DIGSIG_DEFECT_CMS_SIZE;
	return DIGSIG_DEFECT_NONE;
}

/*
 * The first four bytes of the DER must announce exactly cms_size bytes, so that nothing can hide
 * behind it; a CMS is never shorter than 128 bytes.
 */
DIGSIG_INLINE enum digsig_defect digsig_check_cms_length(const __u8 der[4], __u32 cms_size)
{
	__u32 stated = 0;

	if (der[0] == 0x30 && der[1] == 0x82)
		stated = 4 + ((__u32)der[2] << 8 | der[3]);
	else if (der[0] == 0x30 && der[1] == 0x81)
		stated = 3 + (__u32)der[2];
	return stated == cms_size ? DIGSIG_DEFECT_NONE : DIGSIG_DEFECT_CMS_LENGTH;
}

/* The 64 bytes before the footer: what the DER leaves of them is zero. */
DIGSIG_INLINE enum digsig_defect digsig_check_padding(const __u8 last[64], __u32 cms_size)
{
	__u32 used = cms_size % DIGSIG_BLOCK_ALIGN;
	__u64 set = 0;

	if (used == 0)
		return DIGSIG_DEFECT_NONE;
	/*
	 * A bit for each byte that is not zero. Were i compared with used, the kernel's verifier would walk
	 * a path for each byte.
	 */
	for (__u32 i = 0; i < DIGSIG_BLOCK_ALIGN; i++)
		set |= (__u64)((last[i] + 0xffu) >> 8) << i;
	return set >> used ? DIGSIG_DEFECT_PADDING : DIGSIG_DEFECT_NONE;
}

DIGSIG_INLINE enum digsig_defect digsig_check_manifest(
	const struct digsig_manifest *manifest, __u32 block_size, __u64 file_size)
{
	__u64 content_size = digsig_le64(manifest->content_size);
	__u32 flags = digsig_le32(manifest->flags);
	__u32 file_class = flags & DIGSIG_CLASS_MASK;
	__u32 ended = 0, trailing = 0;

	if (!digsig_all_equal(manifest->magic, DIGSIG_MANIFEST_MAGIC, DIGSIG_MAGIC_SIZE))
		return DIGSIG_DEFECT_MANIFEST_MAGIC;
	if (digsig_le16(manifest->version) != DIGSIG_VERSION)
		return DIGSIG_DEFECT_MANIFEST_VERSION;
	if (digsig_le16(manifest->hash_algorithm) != DIGSIG_HASH_SHA256)
		return DIGSIG_DEFECT_MANIFEST_HASH;
	if (flags & ~DIGSIG_FLAGS_KNOWN || file_class < DIGSIG_CLASS_EXECUTABLE ||
		file_class > DIGSIG_CLASS_OTHER)
		return DIGSIG_DEFECT_MANIFEST_FLAGS;
	if (manifest->reserved0 || manifest->reserved1 ||
		!digsig_all_zero(manifest->reserved2, sizeof(manifest->reserved2)))
		return DIGSIG_DEFECT_MANIFEST_RESERVED;
	if (digsig_le32(manifest->block_size) != block_size)
		return DIGSIG_DEFECT_SIZES_DISAGREE;
	if (content_size % DIGSIG_BLOCK_ALIGN || block_size > file_size ||
		content_size != file_size - block_size)
		return DIGSIG_DEFECT_CONTENT_SIZE;
	if (digsig_le64(manifest->original_size) > content_size)
		return DIGSIG_DEFECT_ORIGINAL_SIZE;
	/* No branch here, for the reason in digsig_check_padding. */
	for (unsigned int i = 0; i < DIGSIG_IDENTITY_SIZE; i++) {
		__u32 byte = manifest->identity[i];

		ended |= (byte - 1) >> 31; /* 1 if byte is 0 */
		trailing |= byte & -ended;
	}
	return trailing ? DIGSIG_DEFECT_IDENTITY : DIGSIG_DEFECT_NONE;
}

#endif
