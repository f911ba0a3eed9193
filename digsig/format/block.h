/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The bytes of a DigSig signature block, version 1: docs/signature-format.md.
 *
 *   file  = content (a multiple of 64 bytes) || block (a multiple of 64 bytes, 384 to 16,384)
 *   block = manifest (256) || CMS SignedData, DER || zero padding (0 to 63) || footer (64)
 *
 * All integers are little endian, all sizes and offsets are in bytes. Everything here is pure:
 * no I/O, no allocation, no libc; it is compiled into the commands and into the kernel program.
 */
#ifndef DIGSIG_FORMAT_BLOCK_H
#define DIGSIG_FORMAT_BLOCK_H

#include <linux/types.h>

#define DIGSIG_VERSION 1
#define DIGSIG_HASH_SHA256 1

#define DIGSIG_MANIFEST_MAGIC "DIGSIG-M"
#define DIGSIG_FOOTER_MAGIC "DIGSIG-F"
#define DIGSIG_MAGIC_SIZE 8

#define DIGSIG_DIGEST_SIZE 32
#define DIGSIG_IDENTITY_SIZE 64
#define DIGSIG_KEY_ID_SIZE 20

#define DIGSIG_MANIFEST_SIZE 256
#define DIGSIG_FOOTER_SIZE 64
#define DIGSIG_BLOCK_ALIGN 64
#define DIGSIG_BLOCK_MIN 384
#define DIGSIG_BLOCK_MAX 16384
#define DIGSIG_CMS_MAX (DIGSIG_BLOCK_MAX - DIGSIG_MANIFEST_SIZE - DIGSIG_FOOTER_SIZE)

/* digsig_manifest.flags: the low four bits say what the file is, the others what it may do. */
#define DIGSIG_CLASS_MASK 0xfu
#define DIGSIG_CLASS_EXECUTABLE 1u
#define DIGSIG_CLASS_LIBRARY 2u
#define DIGSIG_CLASS_MODULE 3u
#define DIGSIG_CLASS_SCRIPT 4u
#define DIGSIG_CLASS_OTHER 5u
#define DIGSIG_FLAG_WX 0x100u /* may map memory writable and executable (JIT compilers) */
#define DIGSIG_FLAGS_KNOWN (DIGSIG_CLASS_MASK | DIGSIG_FLAG_WX)

/* The signed statement. */
struct digsig_manifest {
	__u8 magic[DIGSIG_MAGIC_SIZE];
	__u16 version;
	__u16 hash_algorithm;
	__u32 flags;
	__u64 content_size; /* where the block begins; a multiple of 64 */
	__u64 original_size; /* the file before it was signed */
	__u64 original_shoff; /* the four ELF header fields that embedding changes, */
	__u16 original_shentsize; /* as they were, in the host's order; zero for other files */
	__u16 original_shnum;
	__u16 original_shstrndx;
	__u16 reserved0;
	__u32 block_size;
	__u32 reserved1;
	__u64 signing_time; /* seconds since 1970, by the signer's clock */
	__u64 epoch; /* counts up with the builds of one identity */
	__u32 chaining_value[8]; /* SHA-256's eight state words after content_size bytes */
	__u8 identity[DIGSIG_IDENTITY_SIZE]; /* UTF-8, padded with zeros; empty: none */
	__u8 key_id[DIGSIG_KEY_ID_SIZE]; /* the signer certificate's subject key identifier */
	__u8 reserved2[68];
};

struct digsig_footer {
	__u8 magic[DIGSIG_MAGIC_SIZE];
	__u16 version;
	__u16 reserved0;
	__u32 block_size;
	__u32 cms_size; /* the DER's length, without padding */
	__u8 reserved1[44];
};

_Static_assert(sizeof(struct digsig_manifest) == DIGSIG_MANIFEST_SIZE, "manifest size");
_Static_assert(sizeof(struct digsig_footer) == DIGSIG_FOOTER_SIZE, "footer size");

/* The first rule of the format that a block breaks. */
enum digsig_defect {
	DIGSIG_DEFECT_NONE = 0,
	DIGSIG_DEFECT_NO_FOOTER, /* no signature block at all */
	DIGSIG_DEFECT_FOOTER_VERSION,
	DIGSIG_DEFECT_FOOTER_RESERVED,
	DIGSIG_DEFECT_BLOCK_SIZE, /* not a multiple of 64, or not 384 to 16,384 */
	DIGSIG_DEFECT_BLOCK_OVERRUN, /* larger than the file */
	DIGSIG_DEFECT_CMS_SIZE, /* does not fill the block up to less than 64 bytes of padding */
	DIGSIG_DEFECT_CMS_LENGTH, /* the DER states another length */
	DIGSIG_DEFECT_PADDING, /* not zero */
	DIGSIG_DEFECT_MANIFEST_MAGIC,
	DIGSIG_DEFECT_MANIFEST_VERSION,
	DIGSIG_DEFECT_MANIFEST_HASH, /* an unknown hash algorithm */
	DIGSIG_DEFECT_MANIFEST_FLAGS, /* unknown bits or class */
	DIGSIG_DEFECT_MANIFEST_RESERVED,
	DIGSIG_DEFECT_CONTENT_SIZE, /* not a multiple of 64, or not the file's size less the block's */
	DIGSIG_DEFECT_ORIGINAL_SIZE, /* larger than the content */
	DIGSIG_DEFECT_SIZES_DISAGREE, /* manifest and footer state different block sizes */
	DIGSIG_DEFECT_IDENTITY, /* bytes after the terminating zero */
	DIGSIG_DEFECT_COUNT,
};

#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define digsig_le16(x) __builtin_bswap16(x)
#define digsig_le32(x) __builtin_bswap32(x)
#define digsig_le64(x) __builtin_bswap64(x)
#else
#define digsig_le16(x) ((__u16)(x))
#define digsig_le32(x) ((__u32)(x))
#define digsig_le64(x) ((__u64)(x))
#endif

#endif
