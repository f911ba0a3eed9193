// SPDX-License-Identifier: GPL-2.0-or-later
#include "../decode.h"
#include "prefix.h"

static __u64 cut(__u64 value, unsigned int bits)
{
	return bits >= 64 ? value : value & ((1ULL << bits) - 1);
}

__u64 prefetch_operand_address(
	const struct prefetch *prefetch, unsigned int mode, const struct prefetch_registers *registers)
{
	int is_64 = SIZE_OF_CODE(mode) == PREFETCH_64;
	__u64 offset = (__u64)(__s64)prefetch->displacement;

	if (prefetch->base == PREFETCH_RIP)
		offset += registers->ip + prefetch->length;
	else if (prefetch->base != PREFETCH_NO_REGISTER)
		offset += registers->general[prefetch->base & 15];
	if (prefetch->index != PREFETCH_NO_REGISTER)
		offset += registers->general[prefetch->index & 15] * prefetch->scale;
	offset = cut(offset, prefetch->address_bits);
	if (!is_64 || prefetch->segment == PREFETCH_FS || prefetch->segment == PREFETCH_GS)
		offset += registers->segment_bases[prefetch->segment];
	return cut(offset, is_64 ? 64 : 32);
}
