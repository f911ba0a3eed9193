// SPDX-License-Identifier: GPL-2.0-or-later
/* Apart, so that a fuzzer can have checksums that always fit. */
#include <zlib.h>
#include "record.h"

__u32 record_checksum(const void *first, size_t first_size, const void *second, size_t second_size)
{
	uLong sum = crc32_z(crc32(0, NULL, 0), first, first_size);

	return (__u32)crc32_z(sum, second, second_size);
}
