// SPDX-License-Identifier: GPL-2.0-or-later
#include "parts.h"

unsigned int fleet_parts_count(__u64 size)
{
	return size ? (unsigned int)((size - 1) / FLEET_PART_SIZE) + 1 : 1;
}

size_t fleet_part_size(__u64 blob_size, unsigned int part)
{
	__u64 before = (__u64)part * FLEET_PART_SIZE;

	if (before >= blob_size)
		return 0;
	return blob_size - before < FLEET_PART_SIZE ? (size_t)(blob_size - before) : FLEET_PART_SIZE;
}
