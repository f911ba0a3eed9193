/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers in bytes that have no alignment. */
#ifndef PTCHECK_BYTES_H
#define PTCHECK_BYTES_H

#include <endian.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <linux/types.h>

static inline __u16 le16(const __u8 *bytes)
{
	__u16 number;

	memcpy(&number, bytes, sizeof(number));
	return le16toh(number);
}

static inline __u32 le32(const __u8 *bytes)
{
	__u32 number;

	memcpy(&number, bytes, sizeof(number));
	return le32toh(number);
}

static inline __u64 le64(const __u8 *bytes)
{
	__u64 number;

	memcpy(&number, bytes, sizeof(number));
	return le64toh(number);
}

static inline __u16 be16(const __u8 *bytes)
{
	return (__u16)(bytes[0] << 8 | bytes[1]);
}

static inline __u32 be32(const __u8 *bytes)
{
	return (__u32)be16(bytes) << 16 | be16(bytes + 2);
}

static inline bool is_power_of_two(__u64 number)
{
	return number && !(number & (number - 1));
}

/* Of a logical sector of a disk, or of a FAT. */
static inline bool is_sector_size(__u64 bytes)
{
	return is_power_of_two(bytes) && bytes >= 512 && bytes <= 4096;
}

/* What the 512 bytes of an MBR, a link of it and a boot sector end with. */
static inline bool has_boot_signature(const __u8 *sector)
{
	return sector[510] == 0x55 && sector[511] == 0xaa;
}

/* Whether all of them are that byte. */
static inline bool is_filled(const __u8 *bytes, size_t size, __u8 byte)
{
	return !size || (bytes[0] == byte && !memcmp(bytes, bytes + 1, size - 1));
}

#endif
