// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * libprefetch's decoder and Zydis' agree on every instruction. KERNKIT_SWEEP=full tries all of them, some
 * 10^8; without it a sample, another one each day.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <Zydis/Zydis.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "prefetch/decode.h"

static const unsigned int modes[] = { PREFETCH_16, PREFETCH_32, PREFETCH_64 };
static ZydisDecoder decoders[3];
static uint64_t cases, prefetches;

static int kind_of(ZydisMnemonic mnemonic)
{
	switch (mnemonic) {
	case ZYDIS_MNEMONIC_PREFETCHNTA:
		return PREFETCH_NTA;
	case ZYDIS_MNEMONIC_PREFETCHT0:
		return PREFETCH_T0;
	case ZYDIS_MNEMONIC_PREFETCHT1:
		return PREFETCH_T1;
	case ZYDIS_MNEMONIC_PREFETCHT2:
		return PREFETCH_T2;
	case ZYDIS_MNEMONIC_PREFETCH:
		return PREFETCH_EXCLUSIVE;
	case ZYDIS_MNEMONIC_PREFETCHW:
		return PREFETCH_W;
	case ZYDIS_MNEMONIC_PREFETCHWT1:
		return PREFETCH_WT1;
	default:
		return -1;
	}
}

static __u8 register_of(ZydisRegister name)
{
	if (name == ZYDIS_REGISTER_NONE)
		return PREFETCH_NO_REGISTER;
	if (name == ZYDIS_REGISTER_RIP || name == ZYDIS_REGISTER_EIP)
		return PREFETCH_RIP;
	return (__u8)ZydisRegisterGetId(name);
}

/* The memory operand, as Zydis has it. */
static bool operand_is_the_same(const struct prefetch *prefetch, const ZydisDecodedOperand *operand)
{
	static const ZydisRegister segments[] = { ZYDIS_REGISTER_ES, ZYDIS_REGISTER_CS, ZYDIS_REGISTER_SS,
		ZYDIS_REGISTER_DS, ZYDIS_REGISTER_FS, ZYDIS_REGISTER_GS };

	return operand->type == ZYDIS_OPERAND_TYPE_MEMORY && segments[prefetch->segment] == operand->mem.segment &&
	       prefetch->base == register_of(operand->mem.base) &&
	       prefetch->index == register_of(operand->mem.index) &&
	       (prefetch->index == PREFETCH_NO_REGISTER || prefetch->scale == operand->mem.scale) &&
	       !!prefetch->displacement_size == operand->mem.disp.has_displacement &&
	       prefetch->displacement == operand->mem.disp.value;
}

static void disagree(const __u8 *bytes, size_t length, unsigned int mode, const char *about)
{
	char text[64] = "";

	for (size_t i = 0; i < length; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%02x ", bytes[i]);
	fail_msg("mode %u: %s: %s", mode, text, about);
}

/* All of the bytes, and every shorter part of them if truncated is true. */
static void compare(const __u8 *bytes, size_t length, unsigned int mode, bool truncated)
{
	ZydisDecodedInstruction instruction;
	ZydisDecodedOperand operands[ZYDIS_MAX_OPERAND_COUNT];
	struct prefetch prefetch;
	int kind = -1, answer = prefetch_decode(bytes, length, modes[mode], &prefetch);

	cases++;
	if (ZYAN_SUCCESS(ZydisDecoderDecodeFull(&decoders[mode], bytes, length, &instruction, operands)))
		kind = kind_of(instruction.mnemonic);
	if (answer > 0 && length >= PREFETCH_LENGTH_MAX)
		disagree(bytes, length, mode, "more than 15 bytes are asked for");
	if ((answer == 0) != (kind >= 0))
		disagree(bytes, length, mode, kind >= 0 ? "a PREFETCH was not found" : "it is no PREFETCH");
	if (answer == 0) {
		prefetches++;
		if (prefetch.kind != kind || prefetch.length != instruction.length ||
			prefetch.address_bits != instruction.address_width)
			disagree(bytes, length, mode, "another kind, length or size of address");
		if (!operand_is_the_same(&prefetch, &operands[0]))
			disagree(bytes, length, mode, "another operand");
	}
	for (size_t part = 0; truncated && part < length; part++) {
		struct prefetch other;
		int needs = prefetch_decode(bytes, part, modes[mode], &other);

		cases++;
		if (kind < 0 ? needs == 0 : part >= instruction.length ? needs != 0 : needs <= 0)
			disagree(bytes, part, mode, "a part of it is judged otherwise");
		if (kind >= 0 && part < instruction.length && part + (size_t)needs > instruction.length)
			disagree(bytes, part, mode, "more bytes are asked for than it has");
	}
}

static uint64_t random_state;

static uint64_t random_number(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state;
}

/* One of so many is tried. */
static unsigned int sample;

static bool is_skipped(void)
{
	return sample > 1 && random_number() % sample;
}

static void fill(__u8 *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		bytes[i] = (__u8)random_number();
}

static void every_two_bytes_before_every_modrm(void **state)
{
	__u8 bytes[16];

	(void)state;
	for (unsigned int mode = 0; mode < 3; mode++)
		for (unsigned int leading = 0; leading < 0x10000; leading++) {
			if (is_skipped())
				continue;
			fill(bytes, sizeof(bytes));
			bytes[0] = (__u8)(leading >> 8);
			bytes[1] = (__u8)leading;
			bytes[2] = 0x0f;
			for (unsigned int rest = 0; rest < 0x200; rest++) {
				bytes[3] = rest & 0x100 ? 0x18 : 0x0d;
				bytes[4] = (__u8)rest;
				compare(bytes, 15, mode, false);
			}
		}
}

static void every_sib_behind_every_prefix(void **state)
{
	static const __u8 prefixes[] = { 0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65, 0x66, 0x67, 0xf0, 0xf2, 0xf3, 0x40, 0x41,
		0x42, 0x43, 0x44, 0x48, 0x4f };
	__u8 bytes[16];

	(void)state;
	for (unsigned int mode = 0; mode < 3; mode++)
		for (unsigned int prefix = 0; prefix <= sizeof(prefixes); prefix++)
			for (unsigned int rest = 0; rest < 0x20000; rest++) {
				unsigned int at = 0;

				if (is_skipped())
					continue;
				fill(bytes, sizeof(bytes));
				if (prefix < sizeof(prefixes))
					bytes[at++] = prefixes[prefix];
				bytes[at++] = 0x0f;
				bytes[at++] = rest & 0x10000 ? 0x18 : 0x0d;
				bytes[at++] = (__u8)(rest >> 8);
				bytes[at] = (__u8)rest;
				compare(bytes, 15, mode, !(rest % 16));
			}
}

/* VEX, EVEX, XOP, 3DNow!, and maps of opcodes that contain the bytes of a PREFETCH. */
static void what_only_looks_like_one(void **state)
{
	static const __u8 leads[][3] = { { 0xc5, 0xf8 }, { 0xc4, 0xe1, 0x78 }, { 0x62, 0xf1, 0x7c }, { 0x8f, 0xe8, 0x78 },
		{ 0x0f, 0x0f }, { 0x0f, 0x38 }, { 0x0f, 0x3a }, { 0x0f, 0x18 }, { 0xd5, 0x80 } };
	__u8 bytes[16];

	(void)state;
	for (unsigned int mode = 0; mode < 3; mode++)
		for (unsigned int lead = 0; lead < sizeof(leads) / sizeof(*leads); lead++)
			for (unsigned int rest = 0; rest < 0x10000; rest++) {
				size_t size = leads[lead][2] ? 3 : 2;

				if (is_skipped())
					continue;
				fill(bytes, sizeof(bytes));
				memcpy(bytes, leads[lead], size);
				bytes[size] = (__u8)(rest >> 8);
				bytes[size + 1] = (__u8)rest;
				compare(bytes, 15, mode, !(rest % 64));
			}
}

/* As many prefixes as fit, and one more. */
static void the_limit_of_fifteen_bytes(void **state)
{
	static const __u8 prefixes[] = { 0x2e, 0x66, 0xf2, 0x67, 0x48 };
	__u8 bytes[16];

	(void)state;
	for (unsigned int mode = 0; mode < 3; mode++)
		for (unsigned int count = 0; count <= 15; count++)
			for (unsigned int rest = 0; rest < 0x10000 * sizeof(prefixes); rest++) {
				if (is_skipped())
					continue;
				fill(bytes, sizeof(bytes));
				memset(bytes, prefixes[rest >> 16], count);
				if (count < 15)
					bytes[count] = 0x0f;
				if (count < 14)
					bytes[count + 1] = 0x18;
				if (count < 13)
					bytes[count + 2] = (__u8)(rest >> 8);
				if (count < 12)
					bytes[count + 3] = (__u8)rest;
				compare(bytes, 15, mode, !(rest % 64));
			}
}

static void random_bytes(void **state)
{
	__u8 bytes[16];

	(void)state;
	for (unsigned int i = 0; i < 6000000 / sample; i++) {
		fill(bytes, sizeof(bytes));
		if (i % 2)
			bytes[random_number() % 6] = 0x0f;
		compare(bytes, 15, i % 3, false);
	}
}

static int prepare(void **state)
{
	static const ZydisMachineMode machine_modes[] = { ZYDIS_MACHINE_MODE_LEGACY_16, ZYDIS_MACHINE_MODE_LEGACY_32,
		ZYDIS_MACHINE_MODE_LONG_64 };
	static const ZydisStackWidth widths[] = { ZYDIS_STACK_WIDTH_16, ZYDIS_STACK_WIDTH_32, ZYDIS_STACK_WIDTH_64 };
	const char *wanted = getenv("KERNKIT_SWEEP");

	(void)state;
	sample = wanted && !strcmp(wanted, "full") ? 1 : 100;
	random_state = (uint64_t)(time(NULL) / 86400) * 0x9e3779b97f4a7c15;
	for (int i = 0; i < 3; i++)
		ZydisDecoderInit(&decoders[i], machine_modes[i], widths[i]);
	return 0;
}

static int say_how_many(void **state)
{
	(void)state;
	print_message("# %llu cases, %llu of them a PREFETCH; seed: days since 1970\n", (unsigned long long)cases,
		(unsigned long long)prefetches);
	return prefetches < 1000;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_two_bytes_before_every_modrm),
		cmocka_unit_test(every_sib_behind_every_prefix),
		cmocka_unit_test(what_only_looks_like_one),
		cmocka_unit_test(the_limit_of_fifteen_bytes),
		cmocka_unit_test(random_bytes),
	};

	return cmocka_run_group_tests(tests, prepare, say_how_many);
}
