// SPDX-License-Identifier: GPL-2.0-or-later
#include "../decode.h"
#include "prefix.h"

/* What stands before the opcode. */
struct prefixes {
	__u8 size;
	__u8 rex; /* 0: none */
	__u8 segment;
	__u8 has_segment, has_lock, has_address_size;
};

enum { REX_B = 1, REX_X = 2 };

/* A REX prefix counts only directly before the opcode: any other one behind it undoes it. */
static void take_prefix(struct prefixes *prefixes, __u8 byte, unsigned int mode)
{
	prefixes->size++;
	prefixes->rex = 0;
	switch (byte) {
	case 0x26:
	case 0x2e:
	case 0x36:
	case 0x3e:
		/* In 64-bit code they are read and mean nothing. */
		if (SIZE_OF_CODE(mode) != PREFETCH_64) {
			prefixes->segment = (byte - 0x26) >> 3;
			prefixes->has_segment = 1;
		}
		break;
	case 0x64:
	case 0x65:
		prefixes->segment = PREFETCH_FS + (byte - 0x64);
		prefixes->has_segment = 1;
		break;
	case 0x67:
		prefixes->has_address_size = 1;
		break;
	case 0xf0:
		prefixes->has_lock = 1;
		break;
	case 0x66:
	case 0xf2:
	case 0xf3:
		break;
	default:
		prefixes->rex = byte;
	}
}

static __u8 bits_of_address(const struct prefixes *prefixes, unsigned int mode)
{
	if (SIZE_OF_CODE(mode) == PREFETCH_64)
		return prefixes->has_address_size ? 32 : 64;
	return (SIZE_OF_CODE(mode) == PREFETCH_32) != prefixes->has_address_size ? 32 : 16;
}

/* The kind by opcode and the number in ModRM; PREFETCH_KINDS: there is none. */
static __u8 kind_of(__u8 opcode, unsigned int number, unsigned int mode)
{
	static const __u8 of_0f18[8] = { PREFETCH_NTA, PREFETCH_T0, PREFETCH_T1, PREFETCH_T2, PREFETCH_RST2,
		PREFETCH_KINDS, PREFETCH_IT1, PREFETCH_IT0 };

	if (opcode == 0x0d)
		return number == 1 ? PREFETCH_W : number == 2 ? PREFETCH_WT1 : PREFETCH_EXCLUSIVE;
	if (number >= 4 && !(mode & PREFETCH_NEW))
		return PREFETCH_KINDS;
	return of_0f18[number];
}

/* What the operand consists of, in bytes: ModRM is the first, SIB may be the second. */
struct operand {
	__u8 mod, rm, sib;
	__u8 has_sib;
	__u8 displacement_size;
};

/* 0; or how many bytes more are needed. */
static int measure_operand(
	struct operand *operand, const __u8 *bytes, size_t length, __u8 address_bits)
{
	operand->mod = bytes[0] >> 6;
	operand->rm = bytes[0] & 7;
	operand->has_sib = address_bits != 16 && operand->rm == 4;
	operand->sib = 0;
	if (operand->has_sib) {
		if (length < 2)
			return 1;
		operand->sib = bytes[1];
	}
	operand->displacement_size = 0;
	if (operand->mod == 1)
		operand->displacement_size = 1;
	else if (address_bits == 16)
		operand->displacement_size = operand->mod == 2 || operand->rm == 6 ? 2 : 0;
	else if (operand->mod == 2 || operand->rm == 5 || (operand->has_sib && (operand->sib & 7) == 5))
		operand->displacement_size = 4;
	return 0;
}

static __s32 read_displacement(const __u8 *bytes, __u8 size)
{
	__u32 value = 0;

	for (unsigned int i = 0; i < size; i++)
		value |= (__u32)bytes[i] << (8 * i);
	if (size == 1)
		return (__s8)value;
	return size == 2 ? (__s16)value : (__s32)value;
}

static void name_registers_16(struct prefetch *prefetch, const struct operand *operand)
{
	/* BX + SI, BX + DI, BP + SI, BP + DI, SI, DI, BP, BX */
	static const __u8 bases[8] = { 3, 3, 5, 5, 6, 7, 5, 3 };

	prefetch->base = operand->rm == 6 && !operand->mod ? PREFETCH_NO_REGISTER : bases[operand->rm];
	if (operand->rm < 4)
		prefetch->index = operand->rm & 1 ? 7 : 6;
}

static void name_registers(
	struct prefetch *prefetch, const struct operand *operand, __u8 rex, unsigned int mode)
{
	__u8 base = operand->has_sib ? operand->sib & 7 : operand->rm, index = operand->sib >> 3 & 7;

	if (operand->has_sib) {
		index |= rex & REX_X ? 8 : 0;
		/* Number 4 without REX.X: no index. */
		if (index != 4) {
			prefetch->index = index;
			prefetch->scale = (__u8)(1 << (operand->sib >> 6));
		}
	}
	if (base == 5 && !operand->mod)
		prefetch->base = !operand->has_sib && SIZE_OF_CODE(mode) == PREFETCH_64
					 ? PREFETCH_RIP
					 : PREFETCH_NO_REGISTER;
	else
		prefetch->base = base | (rex & REX_B ? 8 : 0);
}

/* The stack's, if the base is RSP or RBP. */
static __u8 usual_segment(const struct prefetch *prefetch)
{
	return prefetch->base == 5 || (prefetch->base == 4 && prefetch->address_bits != 16) ? PREFETCH_SS
											    : PREFETCH_DS;
}

static int decode_operand(struct prefetch *prefetch, const __u8 *bytes, size_t length,
	const struct prefixes *prefixes, unsigned int mode)
{
	struct operand operand;
	size_t head, size;
	int missing = measure_operand(&operand, bytes, length, prefetch->address_bits);

	if (missing)
		return prefixes->size + 4 > PREFETCH_LENGTH_MAX ? PREFETCH_IS_TOO_LONG : missing;
	head = 1 + operand.has_sib;
	size = prefixes->size + 2 + head + operand.displacement_size;
	if (size > PREFETCH_LENGTH_MAX)
		return PREFETCH_IS_TOO_LONG;
	if (length < head + operand.displacement_size)
		return (int)(head + operand.displacement_size - length);
	prefetch->length = (__u8)size;
	prefetch->index = PREFETCH_NO_REGISTER;
	prefetch->scale = 1;
	if (prefetch->address_bits == 16)
		name_registers_16(prefetch, &operand);
	else
		name_registers(prefetch, &operand, prefixes->rex, mode);
	prefetch->displacement_size = operand.displacement_size;
	prefetch->displacement = read_displacement(bytes + head, operand.displacement_size);
	prefetch->has_segment = prefixes->has_segment;
	prefetch->segment = prefixes->has_segment ? prefixes->segment : usual_segment(prefetch);
	return 0;
}

/* From ModRM on, which is the first of length bytes. */
static int decode_from_modrm(struct prefetch *prefetch, __u8 opcode, const __u8 *bytes, size_t length,
	const struct prefixes *prefixes, unsigned int mode)
{
	__u8 kind = kind_of(opcode, bytes[0] >> 3 & 7, mode);
	int answer;

	if (bytes[0] >= 0xc0)
		return PREFETCH_IS_REGISTER;
	if (kind == PREFETCH_KINDS)
		return PREFETCH_IS_RESERVED;
	if (prefixes->has_lock)
		return PREFETCH_IS_LOCKED;
	prefetch->kind = kind;
	prefetch->address_bits = bits_of_address(prefixes, mode);
	answer = decode_operand(prefetch, bytes, length, prefixes, mode);
	if (!answer && (kind == PREFETCH_IT0 || kind == PREFETCH_IT1) && prefetch->base != PREFETCH_RIP)
		return PREFETCH_IS_RESERVED;
	return answer;
}

int prefetch_decode(const void *bytes, size_t length, unsigned int mode, struct prefetch *prefetch)
{
	const __u8 *code = bytes;
	struct prefixes prefixes = { 0 };
	size_t at;

	while (prefixes.size < length && prefixes.size < PREFETCH_LENGTH_MAX && is_prefix(code[prefixes.size], mode))
		take_prefix(&prefixes, code[prefixes.size], mode);
	at = prefixes.size;
	/* Two bytes of opcode and ModRM are the least. */
	if (at + 3 > PREFETCH_LENGTH_MAX)
		return PREFETCH_IS_TOO_LONG;
	if (at == length)
		return 3;
	if (code[at] != 0x0f)
		return PREFETCH_IS_OTHER;
	if (at + 1 == length)
		return 2;
	if (code[at + 1] != 0x18 && code[at + 1] != 0x0d)
		return PREFETCH_IS_OTHER;
	if (at + 2 == length)
		return 1;
	return decode_from_modrm(prefetch, code[at + 1], code + at + 2, length - at - 2, &prefixes, mode);
}

const char *prefetch_kind_name(unsigned int kind)
{
	static const char *const names[PREFETCH_KINDS] = {
		[PREFETCH_NTA] = "prefetchnta",
		[PREFETCH_T0] = "prefetcht0",
		[PREFETCH_T1] = "prefetcht1",
		[PREFETCH_T2] = "prefetcht2",
		[PREFETCH_EXCLUSIVE] = "prefetch",
		[PREFETCH_W] = "prefetchw",
		[PREFETCH_WT1] = "prefetchwt1",
		[PREFETCH_RST2] = "prefetchrst2",
		[PREFETCH_IT1] = "prefetchit1",
		[PREFETCH_IT0] = "prefetchit0",
	};

	return kind < PREFETCH_KINDS ? names[kind] : NULL;
}
