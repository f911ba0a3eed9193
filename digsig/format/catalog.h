/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The bytes of a catalog, version 1, and its rules: docs/catalog-format.md.
 *
 *   catalog = part || ... || part || names
 *   part    = header (256) || digests (32 each, ascending), zeros to a multiple of 64 ||
 *             CMS SignedData, DER, over all of that || zeros to a multiple of 64 || footer (64)
 *   names   = for each digest of all parts, in order: names that end in a zero byte, then an empty one
 *
 * All integers are little endian, all sizes are in bytes. A part says nothing without its CMS, and
 * needs nothing but itself: it is what the kernel is given. Everything here is pure, as in check.h,
 * and compiled into the commands and into the kernel program.
 */
#ifndef DIGSIG_FORMAT_CATALOG_H
#define DIGSIG_FORMAT_CATALOG_H

#include "block.h"
#include "check.h"

#define DIGSIG_CATALOG_HEADER_MAGIC "DIGSIG-C"
#define DIGSIG_CATALOG_FOOTER_MAGIC "DIGSIG-D"
#define DIGSIG_CATALOG_VERSION 1

#define DIGSIG_CATALOG_HEADER_SIZE 256
#define DIGSIG_CATALOG_FOOTER_SIZE 64
#define DIGSIG_CATALOG_DIGESTS_MAX 32768 /* in a part: 1 MiB, so that the kernel's room is bounded */
#define DIGSIG_CATALOG_PARTS_MAX 1024
#define DIGSIG_CATALOG_NAME_MAX 4095 /* without the zero byte */
#define DIGSIG_CATALOG_NAMES_MAX (1ULL << 30)
#define DIGSIG_CATALOG_PART_MIN 512 /* one digest, and the smallest CMS */
#define DIGSIG_CATALOG_PART_MAX                                                                    \
	(DIGSIG_CATALOG_HEADER_SIZE + DIGSIG_CATALOG_DIGESTS_MAX * DIGSIG_DIGEST_SIZE +            \
		DIGSIG_CMS_MAX + DIGSIG_CATALOG_FOOTER_SIZE)

/* The signed statement: "the files of the digests that follow". */
struct digsig_catalog_header {
	__u8 magic[DIGSIG_MAGIC_SIZE];
	__u16 version;
	__u16 hash_algorithm;
	__u32 flags; /* none is known yet */
	__u32 part_size; /* from the header's first byte to the footer's last */
	__u32 count; /* digests in this part */
	__u32 part; /* which of the parts this is, from 0 */
	__u32 parts; /* how many the catalog has */
	__u64 creation_time; /* seconds since 1970, by the signer's clock */
	__u64 epoch; /* counts up with the catalogs of one identity */
	__u64 names_size;
	__u8 names_digest[DIGSIG_DIGEST_SIZE]; /* SHA-256 of the names */
	__u8 identity[DIGSIG_IDENTITY_SIZE]; /* UTF-8, padded with zeros; empty: none */
	__u8 key_id[DIGSIG_KEY_ID_SIZE]; /* the signer certificate's subject key identifier */
	__u8 reserved[84];
};

struct digsig_catalog_footer {
	__u8 magic[DIGSIG_MAGIC_SIZE];
	__u16 version;
	__u16 reserved0;
	__u32 part_size;
	__u32 cms_size; /* the DER's length, without padding */
	__u8 reserved1[44];
};

_Static_assert(sizeof(struct digsig_catalog_header) == DIGSIG_CATALOG_HEADER_SIZE, "header size");
_Static_assert(sizeof(struct digsig_catalog_footer) == DIGSIG_CATALOG_FOOTER_SIZE, "footer size");

/* The first rule that a catalog breaks. The kernel looks at the first twelve, in a part. */
enum digsig_catalog_defect {
	DIGSIG_CATALOG_GOOD = 0,
	DIGSIG_CATALOG_MAGIC, /* not a catalog at all */
	DIGSIG_CATALOG_VERSION_UNKNOWN,
	DIGSIG_CATALOG_HASH, /* an unknown hash algorithm */
	DIGSIG_CATALOG_FLAGS, /* unknown bits */
	DIGSIG_CATALOG_RESERVED, /* not zero */
	DIGSIG_CATALOG_COUNT, /* no digests, or too many; a part that is not one of so many */
	DIGSIG_CATALOG_IDENTITY, /* bytes after the terminating zero */
	DIGSIG_CATALOG_SIZE, /* part_size is not what the digests and the CMS make */
	DIGSIG_CATALOG_FOOTER, /* none, or not that of this part */
	DIGSIG_CATALOG_CMS, /* the DER states another length */
	DIGSIG_CATALOG_PADDING, /* not zero */
	DIGSIG_CATALOG_ORDER, /* not ascending, or twice the same */
	DIGSIG_CATALOG_CUT, /* the file ends too early */
	DIGSIG_CATALOG_PARTS, /* a part that belongs to another catalog, or stands elsewhere */
	DIGSIG_CATALOG_NAMES, /* not a list of names for each digest */
	DIGSIG_CATALOG_NAMES_DIGEST, /* not the names that were signed */
	DIGSIG_CATALOG_TRAILING, /* something follows */
	DIGSIG_CATALOG_DEFECT_COUNT,
};

/* Header and digests, with the padding after an odd number of them. */
DIGSIG_INLINE __u32 digsig_catalog_signed_size(__u32 count)
{
	return DIGSIG_CATALOG_HEADER_SIZE + (count + (count & 1)) * DIGSIG_DIGEST_SIZE;
}

/* The size of a part whose CMS is cms_size bytes. */
DIGSIG_INLINE __u32 digsig_catalog_part_size(__u32 count, __u32 cms_size)
{
	return digsig_catalog_signed_size(count) + ((cms_size + 63) & ~63u) +
		DIGSIG_CATALOG_FOOTER_SIZE;
}

/* What the header says by itself; after it, count and part_size are within their bounds. */
DIGSIG_INLINE enum digsig_catalog_defect digsig_catalog_check_header(
	const struct digsig_catalog_header *header)
{
	__u32 part_size = digsig_le32(header->part_size), count = digsig_le32(header->count);
	__u32 parts = digsig_le32(header->parts), part = digsig_le32(header->part);
	__u32 ended = 0, trailing = 0;

	if (!digsig_all_equal(header->magic, DIGSIG_CATALOG_HEADER_MAGIC, DIGSIG_MAGIC_SIZE))
		return DIGSIG_CATALOG_MAGIC;
	if (digsig_le16(header->version) != DIGSIG_CATALOG_VERSION)
		return DIGSIG_CATALOG_VERSION_UNKNOWN;
	if (digsig_le16(header->hash_algorithm) != DIGSIG_HASH_SHA256)
		return DIGSIG_CATALOG_HASH;
	if (header->flags)
		return DIGSIG_CATALOG_FLAGS;
	if (!digsig_all_zero(header->reserved, sizeof(header->reserved)))
		return DIGSIG_CATALOG_RESERVED;
	if (count == 0 || count > DIGSIG_CATALOG_DIGESTS_MAX || parts == 0 ||
		parts > DIGSIG_CATALOG_PARTS_MAX || part >= parts ||
		digsig_le64(header->names_size) > DIGSIG_CATALOG_NAMES_MAX)
		return DIGSIG_CATALOG_COUNT;
	if (part_size % DIGSIG_BLOCK_ALIGN || part_size > DIGSIG_CATALOG_PART_MAX ||
		part_size < digsig_catalog_part_size(count, 1))
		return DIGSIG_CATALOG_SIZE;
	for (unsigned int i = 0; i < DIGSIG_IDENTITY_SIZE; i++) {
		__u32 byte = header->identity[i];

		ended |= (byte - 1) >> 31; /* 1 if byte is 0 */
		trailing |= byte & -ended;
	}
	return trailing ? DIGSIG_CATALOG_IDENTITY : DIGSIG_CATALOG_GOOD;
}

/* The footer, the last 64 bytes of the part_size that a checked header states. */
DIGSIG_INLINE enum digsig_catalog_defect digsig_catalog_check_footer(
	const struct digsig_catalog_footer *footer, __u32 count, __u32 part_size)
{
	__u32 cms_size = digsig_le32(footer->cms_size);

	if (!digsig_all_equal(footer->magic, DIGSIG_CATALOG_FOOTER_MAGIC, DIGSIG_MAGIC_SIZE) ||
		digsig_le16(footer->version) != DIGSIG_CATALOG_VERSION || footer->reserved0 ||
		!digsig_all_zero(footer->reserved1, sizeof(footer->reserved1)) ||
		digsig_le32(footer->part_size) != part_size)
		return DIGSIG_CATALOG_FOOTER;
	if (cms_size == 0 || cms_size > DIGSIG_CMS_MAX ||
		digsig_catalog_part_size(count, cms_size) != part_size)
		return DIGSIG_CATALOG_SIZE;
	return DIGSIG_CATALOG_GOOD;
}

/* The digests are followed by zeros up to a multiple of 64; end: where the last of them ends. */
DIGSIG_INLINE enum digsig_catalog_defect digsig_catalog_check_filler(const __u8 *end, __u32 count)
{
	return count & 1 && !digsig_all_zero(end, DIGSIG_DIGEST_SIZE) ? DIGSIG_CATALOG_PADDING :
									DIGSIG_CATALOG_GOOD;
}

/* 1 if a digest stands before another: both as numbers, most significant byte first. */
DIGSIG_INLINE int digsig_catalog_ascends(
	const __u8 before[DIGSIG_DIGEST_SIZE], const __u8 after[DIGSIG_DIGEST_SIZE])
{
	for (unsigned int i = 0; i < DIGSIG_DIGEST_SIZE; i++)
		if (before[i] != after[i])
			return before[i] < after[i];
	return 0;
}

#endif
