// SPDX-License-Identifier: GPL-2.0-or-later
#include "registers.h"
#include <string.h>

/* Where they stand in struct user_regs_struct: RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, R8 to R15. */
static const unsigned char places_64[16] = { 10, 11, 12, 5, 19, 4, 13, 14, 9, 8, 7, 6, 3, 2, 1, 0 };
enum { IP_64 = 16, CS_64 = 17, FS_BASE_64 = 21, GS_BASE_64 = 22 };
static const unsigned char places_32[8] = { 6, 1, 2, 0, 15, 5, 3, 4 };
enum { IP_32 = 12, COUNT_32 = 17 };

bool registers_read(struct page_fault *fault, const void *registers, size_t size)
{
	__u64 wide[REGISTERS_SIZE_MAX / sizeof(__u64)];
	__u32 narrow[COUNT_32];

	memset(&fault->registers, 0, sizeof(fault->registers));
	if (size == sizeof(wide)) {
		memcpy(wide, registers, sizeof(wide));
		for (int i = 0; i < 16; i++)
			fault->registers.general[i] = wide[places_64[i]];
		fault->registers.ip = wide[IP_64];
		fault->registers.segment_bases[PREFETCH_FS] = wide[FS_BASE_64];
		fault->registers.segment_bases[PREFETCH_GS] = wide[GS_BASE_64];
		fault->mode = wide[CS_64] == FAULT_CS_64 ? PREFETCH_64 : PREFETCH_32;
		return true;
	}
	if (size != sizeof(narrow))
		return false;
	memcpy(narrow, registers, sizeof(narrow));
	for (int i = 0; i < 8; i++)
		fault->registers.general[i] = narrow[places_32[i]];
	fault->registers.ip = narrow[IP_32];
	fault->mode = PREFETCH_32;
	return true;
}
