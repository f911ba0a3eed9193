/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether bytes are a PREFETCH instruction, of x86 code of 16, 32 and 64 bits. Pure functions without a
 * library, so that they also run in a signal handler and in the kernel.
 *
 * Sources: AMD64 Architecture Programmer's Manual, volume 3: PREFETCH, PREFETCHW, PREFETCHlevel; Intel
 * Software Developer's Manual, volume 2: PREFETCHh, PREFETCHW, PREFETCHWT1; Intel Architecture Instruction
 * Set Extensions Programming Reference: PREFETCHIT0, PREFETCHIT1, PREFETCHRST2.
 */
#ifndef PREFETCH_DECODE_H
#define PREFETCH_DECODE_H

#include <linux/types.h>
#ifndef __KERNEL__
#include <stddef.h>
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* The size of code. PREFETCH_NEW may be added to it. */
enum {
	PREFETCH_16,
	PREFETCH_32,
	PREFETCH_64,

	/*
	 * Also what is a PREFETCH on recent processors alone, and does nothing on the others: PREFETCHIT0 and
	 * PREFETCHIT1 (64 bits, relative to RIP), PREFETCHRST2.
	 */
	PREFETCH_NEW = 1 << 4,
};

/* x86 executes no longer instruction. */
#define PREFETCH_LENGTH_MAX 15

enum prefetch_kind {
	PREFETCH_NTA, /* 0F 18 /0 */
	PREFETCH_T0, /* 0F 18 /1 */
	PREFETCH_T1, /* 0F 18 /2 */
	PREFETCH_T2, /* 0F 18 /3 */
	PREFETCH_EXCLUSIVE, /* 0F 0D /0, and /3 to /7, which are reserved as its aliases */
	PREFETCH_W, /* 0F 0D /1 */
	PREFETCH_WT1, /* 0F 0D /2; an alias of /0 on AMD's processors */
	PREFETCH_RST2, /* 0F 18 /4: PREFETCH_NEW */
	PREFETCH_IT1, /* 0F 18 /6: PREFETCH_NEW */
	PREFETCH_IT0, /* 0F 18 /7: PREFETCH_NEW */
	PREFETCH_KINDS,
};

enum prefetch_segment {
	PREFETCH_ES,
	PREFETCH_CS,
	PREFETCH_SS,
	PREFETCH_DS,
	PREFETCH_FS,
	PREFETCH_GS,
};

/* No register; RIP. Others have the numbers that instructions use: 0 RAX, 1 RCX, ..., 15 R15. */
#define PREFETCH_NO_REGISTER 0xff
#define PREFETCH_RIP 0x10

/* An instruction. */
struct prefetch {
	__u8 kind; /* enum prefetch_kind */
	__u8 length; /* bytes, prefixes included */
	__u8 address_bits; /* 16, 32 or 64 */
	/* The operand: segment:base + index * scale + displacement, cut to address_bits. */
	__u8 segment; /* enum prefetch_segment */
	__u8 has_segment; /* a prefix names it */
	__u8 base; /* a register, PREFETCH_RIP (the next instruction) or PREFETCH_NO_REGISTER */
	__u8 index; /* a register or PREFETCH_NO_REGISTER */
	__u8 scale; /* 1, 2, 4 or 8 */
	__u8 displacement_size; /* bytes; 0: there is none */
	__s32 displacement;
};

/* Why bytes are no PREFETCH. All are negative. */
enum {
	PREFETCH_IS_OTHER = -1, /* another instruction, or none */
	PREFETCH_IS_LOCKED = -2, /* the opcode of one with a LOCK prefix: an invalid opcode */
	PREFETCH_IS_REGISTER = -3, /* the opcode of one with a register as operand: it does nothing */
	PREFETCH_IS_RESERVED = -4, /* 0F 18 with a number in ModRM that stands for no hint: it does nothing */
	PREFETCH_IS_TOO_LONG = -5, /* more than 15 bytes: a general protection fault */
};

/*
 * Decodes the instruction that begins at bytes, of which there are length; no byte behind them is read.
 *
 * Returns 0: it is a PREFETCH, and *prefetch is filled. Positive: so many bytes more, at least, are needed
 * to say; *prefetch is undefined. Negative: it is none, and why.
 */
int prefetch_decode(const void *bytes, size_t length, unsigned int mode, struct prefetch *prefetch);

/*
 * The rule of Linux's is_prefetch() since 2003, for the same bytes: prefixes are skipped, and 0F 18 or 0F 0D
 * behind them is a PREFETCH whatever follows; true or false. It takes the register forms, the reserved ones and
 * those with LOCK for one.
 */
int prefetch_kernel_rule(const void *bytes, size_t length, unsigned int mode);

/* "prefetcht0": as assemblers write it; NULL: there is no such kind. */
const char *prefetch_kind_name(unsigned int kind);

/* What the operand's address is made of. */
struct prefetch_registers {
	__u64 general[16]; /* RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, R8 to R15 */
	__u64 ip; /* where the instruction begins */
	__u64 segment_bases[6]; /* by enum prefetch_segment */
};

/*
 * The address that the instruction is about. In code of 64 bits the bases of ES, CS, SS and DS count as
 * 0.
 */
__u64 prefetch_operand_address(
	const struct prefetch *prefetch, unsigned int mode, const struct prefetch_registers *registers);

#ifdef __cplusplus
}
#endif
#endif
