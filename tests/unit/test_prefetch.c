// SPDX-License-Identifier: GPL-2.0-or-later
/* libprefetch: instructions, addresses, faults. test_prefetch_sweep.c compares the decoder with Zydis. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/user.h>
#include <ucontext.h>
#include "prefetch/decode/quick.h"
#include "prefetch/fault/fault.h"
#include "prefetch/fault/registers.h"
#include "prefetch/prefetch.h"

struct example {
	const char *name;
	unsigned int mode;
	const char *bytes;
	size_t size;
	int answer;
	struct prefetch prefetch;
};

#define BYTES(text) (text), sizeof(text) - 1
#define NO PREFETCH_NO_REGISTER

/* What the sweep cannot compare, since Zydis 4.0 does not know it, and what explains the rest. */
static const struct example examples[] = {
	{ "a base", PREFETCH_64, BYTES("\x0f\x18\x08"), 0, { PREFETCH_T0, 3, 64, PREFETCH_DS, 0, 0, NO, 1, 0, 0 } },
	{ "all of an operand", PREFETCH_64, BYTES("\x65\x67\x4f\x0f\x0d\x8c\xc8\x00\x00\x00\x80"), 0,
		{ PREFETCH_W, 11, 32, PREFETCH_GS, 1, 8, 9, 8, 4, INT32_MIN } },
	{ "RIP", PREFETCH_64, BYTES("\x0f\x18\x05\xf9\xff\xff\xff"), 0,
		{ PREFETCH_NTA, 7, 64, PREFETCH_DS, 0, PREFETCH_RIP, NO, 1, 4, -7 } },
	{ "no RIP in 32 bits", PREFETCH_32, BYTES("\x0f\x18\x05\xf9\xff\xff\xff"), 0,
		{ PREFETCH_NTA, 7, 32, PREFETCH_DS, 0, NO, NO, 1, 4, -7 } },
	{ "the stack's segment", PREFETCH_32, BYTES("\x0f\x18\x4d\x10"), 0,
		{ PREFETCH_T0, 4, 32, PREFETCH_SS, 0, 5, NO, 1, 1, 16 } },
	{ "BX + SI", PREFETCH_16, BYTES("\x0f\x18\x40\xff"), 0, { PREFETCH_NTA, 4, 16, PREFETCH_DS, 0, 3, 6, 1, 1, -1 } },
	{ "a REX prefix that is undone", PREFETCH_64, BYTES("\x41\x66\x0f\x18\x08"), 0,
		{ PREFETCH_T0, 5, 64, PREFETCH_DS, 0, 0, NO, 1, 0, 0 } },
	{ "INC in 32 bits", PREFETCH_32, BYTES("\x40\x0f\x18\x08"), PREFETCH_IS_OTHER, { 0 } },
	{ "LOCK", PREFETCH_64, BYTES("\xf0\x0f\x18\x08"), PREFETCH_IS_LOCKED, { 0 } },
	{ "a register", PREFETCH_64, BYTES("\x0f\x18\xc8"), PREFETCH_IS_REGISTER, { 0 } },
	{ "PREFETCHIT0, of old", PREFETCH_64, BYTES("\x0f\x18\x3d\x00\x00\x00\x00"), PREFETCH_IS_RESERVED, { 0 } },
	{ "PREFETCHIT0", PREFETCH_64 | PREFETCH_NEW, BYTES("\x0f\x18\x3d\x00\x00\x00\x00"), 0,
		{ PREFETCH_IT0, 7, 64, PREFETCH_DS, 0, PREFETCH_RIP, NO, 1, 4, 0 } },
	{ "PREFETCHIT1", PREFETCH_64 | PREFETCH_NEW, BYTES("\x0f\x18\x35\x01\x00\x00\x00"), 0,
		{ PREFETCH_IT1, 7, 64, PREFETCH_DS, 0, PREFETCH_RIP, NO, 1, 4, 1 } },
	{ "PREFETCHIT0 of a register", PREFETCH_64 | PREFETCH_NEW, BYTES("\x0f\x18\x38"), PREFETCH_IS_RESERVED, { 0 } },
	{ "PREFETCHIT0 in 32 bits", PREFETCH_32 | PREFETCH_NEW, BYTES("\x0f\x18\x3d\x00\x00\x00\x00"),
		PREFETCH_IS_RESERVED, { 0 } },
	{ "PREFETCHRST2", PREFETCH_64 | PREFETCH_NEW, BYTES("\x0f\x18\x20"), 0,
		{ PREFETCH_RST2, 3, 64, PREFETCH_DS, 0, 0, NO, 1, 0, 0 } },
	{ "0F 18 /5", PREFETCH_64 | PREFETCH_NEW, BYTES("\x0f\x18\x28"), PREFETCH_IS_RESERVED, { 0 } },
	{ "16 bytes", PREFETCH_64,
		BYTES("\x2e\x2e\x2e\x2e\x2e\x2e\x2e\x2e\x2e\x2e\x2e\x2e\x2e\x0f\x18\x08"), PREFETCH_IS_TOO_LONG, { 0 } },
	{ "nothing", PREFETCH_64, BYTES(""), 3, { 0 } },
	{ "no ModRM", PREFETCH_64, BYTES("\x0f\x18"), 1, { 0 } },
	{ "no displacement", PREFETCH_64, BYTES("\x0f\x18\x88\x00"), 3, { 0 } },
};

static void instructions(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(examples) / sizeof(*examples); i++) {
		const struct example *example = &examples[i];
		struct prefetch prefetch = { 0 };

		if (prefetch_decode(example->bytes, example->size, example->mode, &prefetch) != example->answer)
			fail_msg("%s: another answer", example->name);
		if (!example->answer && memcmp(&prefetch, &example->prefetch, sizeof(prefetch)))
			fail_msg("%s: another instruction", example->name);
	}
}

/* Where the rule of the kernel differs from the exact answer, and where it does not. */
static void the_kernels_rule(void **state)
{
	static const struct {
		const char *bytes;
		size_t size;
		unsigned int mode;
		int answer;
	} rules[] = {
		{ BYTES("\x0f\x18\x08"), PREFETCH_64, 1 },
		{ BYTES("\x26\x2e\x36\x3e\x64\x65\x66\x67\xf2\xf3\x48\x0f\x0d"), PREFETCH_64, 1 },
		{ BYTES("\xf0\x0f\x18\x08"), PREFETCH_64, 1 },
		{ BYTES("\x0f\x18\xc0"), PREFETCH_64, 1 },
		{ BYTES("\x0f\x18\x38"), PREFETCH_64, 1 },
		{ BYTES("\x48\x0f\x18\x08"), PREFETCH_32, 0 },
		{ BYTES("\x0f\x1f\x00"), PREFETCH_64, 0 },
		{ BYTES("\x0f"), PREFETCH_64, 0 },
		{ BYTES(""), PREFETCH_64, 0 },
		{ BYTES("\x2e\x2e\x2e\x2e\x2e\x2e\x2e\x2e\x2e\x2e\x2e\x2e\x2e\x2e\x2e\x0f\x18\x08"), PREFETCH_64, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++)
		if (prefetch_kernel_rule(rules[i].bytes, rules[i].size, rules[i].mode) != rules[i].answer)
			fail_msg("rule %zu", i);
}

static void addresses(void **state)
{
	struct prefetch_registers registers = { .ip = 0x1000, .segment_bases = { 1, 2, 3, 0x100, 0x200, 0x300 } };
	static const struct {
		const char *bytes;
		size_t size;
		unsigned int mode;
		__u64 address;
	} operands[] = {
		{ BYTES("\x0f\x18\x08"), PREFETCH_64, 0xffffffff80000000 }, /* (%rax) */
		{ BYTES("\x67\x0f\x18\x08"), PREFETCH_64, 0x80000000 }, /* (%eax) */
		{ BYTES("\x0f\x18\x4c\xc8\x10"), PREFETCH_64, 0xffffffff80000000 + 8 * 1 + 0x10 }, /* 16(%rax,%rcx,8) */
		{ BYTES("\x0f\x18\x0d\xf0\xff\xff\xff"), PREFETCH_64, 0x1000 + 7 - 16 }, /* -16(%rip) */
		{ BYTES("\x64\x0f\x18\x09"), PREFETCH_64, 0x201 }, /* %fs:(%rcx) */
		{ BYTES("\x0f\x18\x09"), PREFETCH_32, 0x101 }, /* (%ecx), with a base of DS */
		{ BYTES("\x0f\x18\x0c\xe5\xff\xff\xff\xff"), PREFETCH_64, ~0ULL }, /* no register at all */
		/* 1(%bx,%si): the offset is cut to 16 bits before the segment is added. */
		{ BYTES("\x0f\x18\x48\x01"), PREFETCH_16, ((0xfff0 + 0x10 + 1) & 0xffff) + 0x100 },
	};

	(void)state;
	registers.general[0] = 0xffffffff80000000;
	registers.general[1] = 1;
	registers.general[3] = 0xfff0;
	registers.general[6] = 0x10;
	for (size_t i = 0; i < sizeof(operands) / sizeof(*operands); i++) {
		struct prefetch prefetch;

		assert_int_equal(prefetch_decode(operands[i].bytes, operands[i].size, operands[i].mode, &prefetch), 0);
		if (prefetch_operand_address(&prefetch, operands[i].mode, &registers) != operands[i].address)
			fail_msg("operand %zu: %llx", i,
				(unsigned long long)prefetch_operand_address(&prefetch, operands[i].mode, &registers));
	}
}

static void names(void **state)
{
	(void)state;
	assert_string_equal(prefetch_kind_name(PREFETCH_T0), "prefetcht0");
	for (unsigned int kind = 0; kind < PREFETCH_KINDS; kind++)
		assert_non_null(prefetch_kind_name(kind));
	assert_null(prefetch_kind_name(PREFETCH_KINDS));
}

static void processors(void **state)
{
	(void)state;
	assert_true(prefetch_processor_is_affected("AuthenticAMD", 6, 4));
	assert_true(prefetch_processor_is_affected("AuthenticAMD", 15, 5));
	assert_true(prefetch_processor_is_affected("AuthenticAMD", 15, 0x3f));
	assert_false(prefetch_processor_is_affected("AuthenticAMD", 15, 0x40));
	assert_false(prefetch_processor_is_affected("AuthenticAMD", 16, 2));
	assert_false(prefetch_processor_is_affected("AuthenticAMD", 5, 8));
	assert_false(prefetch_processor_is_affected("GenuineIntel", 6, 4));
	assert_false(prefetch_processor_is_affected("", 15, 5));
}

static void what_is_of_a_prefetch(void **state)
{
	struct page_fault fault = { .address = 0x5000, .mode = PREFETCH_64, .registers.ip = 0x1000 };
	struct prefetch prefetch;

	(void)state;
	assert_true(fault_is_of_prefetch(&fault, "\x0f\x18\x08", 3, &prefetch));
	assert_false(fault_is_of_prefetch(&fault, "\x0f\x18", 2, &prefetch));
	assert_false(fault_is_of_prefetch(&fault, "", 0, &prefetch));
	assert_false(fault_is_of_prefetch(&fault, "\x0f\xb6\x00", 3, &prefetch));
	/* Fetching it, of which any byte may be the missing one. */
	for (fault.address = 0x1000; fault.address < 0x1003; fault.address++)
		assert_false(fault_is_of_prefetch(&fault, "\x0f\x18\x08", 3, &prefetch));
	assert_true(fault_is_of_prefetch(&fault, "\x0f\x18\x08", 3, &prefetch));
}

static void the_same_again_and_again(void **state)
{
	struct page_fault fault = { .address = 0x5000, .registers.ip = 0x1000 };
	struct fault_repeats repeats = { 0 };

	(void)state;
	for (int i = 0; i < PREFETCH_REPEATS; i++)
		assert_true(fault_may_repeat(&repeats, &fault));
	for (int i = 0; i < 3; i++)
		assert_false(fault_may_repeat(&repeats, &fault));
	/* A loop goes on: another value in a register. */
	for (unsigned int i = 0; i < 10 * PREFETCH_REPEATS; i++) {
		fault.registers.general[i % 16]++;
		assert_true(fault_may_repeat(&repeats, &fault));
	}
	fault.registers.ip++;
	assert_true(fault_may_repeat(&repeats, &fault));
	fault.address++;
	for (int i = 0; i < PREFETCH_REPEATS; i++)
		assert_true(fault_may_repeat(&repeats, &fault));
	assert_false(fault_may_repeat(&repeats, &fault));
}

static void registers_of_both_sizes(void **state)
{
	struct user_regs_struct wide;
	struct page_fault fault;
	__u32 narrow[17];

	(void)state;
	memset(&wide, 0, sizeof(wide));
	wide.rax = 1;
	wide.rcx = 2;
	wide.rsp = 5;
	wide.rdi = 8;
	wide.r15 = 16;
	wide.rip = 0x1234;
	wide.cs = 0x33;
	wide.fs_base = 0x77;
	assert_true(registers_read(&fault, &wide, sizeof(wide)));
	assert_int_equal(fault.mode, PREFETCH_64);
	assert_int_equal(fault.registers.general[0], 1);
	assert_int_equal(fault.registers.general[1], 2);
	assert_int_equal(fault.registers.general[4], 5);
	assert_int_equal(fault.registers.general[7], 8);
	assert_int_equal(fault.registers.general[15], 16);
	assert_int_equal(fault.registers.ip, 0x1234);
	assert_int_equal(fault.registers.segment_bases[PREFETCH_FS], 0x77);
	wide.cs = 0x23;
	assert_true(registers_read(&fault, &wide, sizeof(wide)));
	assert_int_equal(fault.mode, PREFETCH_32);
	for (unsigned int i = 0; i < 17; i++)
		narrow[i] = 100 + i;
	assert_true(registers_read(&fault, narrow, sizeof(narrow)));
	assert_int_equal(fault.mode, PREFETCH_32);
	/* EBX, ECX, EDX, ESI, EDI, EBP, EAX, ... EIP the 13th, ESP the 16th. */
	assert_int_equal(fault.registers.general[3], 100);
	assert_int_equal(fault.registers.general[0], 106);
	assert_int_equal(fault.registers.general[4], 115);
	assert_int_equal(fault.registers.ip, 112);
	assert_false(registers_read(&fault, narrow, 16));
}

/* A handler's arguments, made by hand. */
static void a_fault_as_a_handler_gets_it(void **state)
{
	__u8 *code = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	siginfo_t info = { .si_signo = SIGSEGV, .si_code = SEGV_MAPERR, .si_addr = (void *)0x5000 };
	ucontext_t context = { 0 };
	greg_t *registers = context.uc_mcontext.gregs;
	__u64 before = prefetch_handled();

	(void)state;
	assert_ptr_not_equal(code, MAP_FAILED);
	memcpy(code + 4096 - 3, "\x0f\x18\x08", 3);
	munmap(code + 4096, 4096);
	registers[REG_RIP] = (greg_t)(code + 4096 - 3);
	registers[REG_TRAPNO] = 14;
	registers[REG_ERR] = 4;
	registers[REG_CSGSFS] = 0x33;
	errno = E2BIG;
	for (int i = 0; i < PREFETCH_REPEATS; i++)
		assert_true(prefetch_handle_fault(&info, &context));
	assert_false(prefetch_handle_fault(&info, &context));
	assert_int_equal(prefetch_handled() - before, PREFETCH_REPEATS);
	registers[REG_RAX]++;
	assert_true(prefetch_handle_fault(&info, &context));
	assert_int_equal(errno, E2BIG);
	registers[REG_ERR] = 0x14; /* a fetch */
	assert_false(prefetch_handle_fault(&info, &context));
	registers[REG_ERR] = 4;
	registers[REG_TRAPNO] = 13;
	assert_false(prefetch_handle_fault(&info, &context));
	registers[REG_TRAPNO] = 14;
	info.si_code = SI_USER;
	assert_false(prefetch_handle_fault(&info, &context));
	info.si_code = SEGV_PKUERR;
	assert_false(prefetch_handle_fault(&info, &context));
	info.si_code = SEGV_ACCERR;
	assert_true(prefetch_handle_fault(&info, &context));
	info.si_signo = SIGBUS;
	info.si_code = BUS_ADRALN;
	assert_false(prefetch_handle_fault(&info, &context));
	info.si_code = BUS_ADRERR;
	assert_true(prefetch_handle_fault(&info, &context));
	info.si_signo = SIGTRAP;
	assert_false(prefetch_handle_fault(&info, &context));
	info.si_signo = SIGSEGV;
	info.si_code = SEGV_MAPERR;
	registers[REG_RIP] -= 1; /* the 0 before it: an addition */
	assert_false(prefetch_handle_fault(&info, &context));
	munmap(code, 4096);
	assert_false(prefetch_handle_fault(&info, &context));
	assert_int_equal(errno, E2BIG);
}

/* Whether instructions of any of the bytes that begin with these two are prefetches. */
static bool some_are_prefetches(const unsigned char *begin, unsigned int mode)
{
	static const char *const ends[] = { "\x08", "\x18\x08", "\x0d\x08", "\x0f\x18\x08", "\x66\x0f\x0d\x08" };
	struct prefetch prefetch;

	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		unsigned char bytes[PREFETCH_LENGTH_MAX] = { begin[0], begin[1] };

		memcpy(bytes + 2, ends[i], strlen(ends[i]));
		if (!prefetch_decode(bytes, sizeof(bytes), mode, &prefetch))
			return true;
	}
	return false;
}

/* All pairs of bytes: exactly those that no prefetch begins with. LOCK may stay in question. */
static void what_cannot_be_a_prefetch(void **state)
{
	(void)state;
	for (unsigned int mode = PREFETCH_16; mode <= PREFETCH_64; mode++)
		for (unsigned int pair = 0; pair < 0x10000; pair++) {
			unsigned char begin[2] = { pair & 0xff, pair >> 8 };
			bool cannot = cannot_be_prefetch(begin[0], begin[1], mode);

			if (begin[0] == 0xf0 || begin[1] == 0xf0)
				assert_false(cannot && some_are_prefetches(begin, mode));
			else
				assert_int_equal(cannot, !some_are_prefetches(begin, mode));
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(instructions),
		cmocka_unit_test(the_kernels_rule),
		cmocka_unit_test(what_cannot_be_a_prefetch),
		cmocka_unit_test(addresses),
		cmocka_unit_test(names),
		cmocka_unit_test(processors),
		cmocka_unit_test(what_is_of_a_prefetch),
		cmocka_unit_test(the_same_again_and_again),
		cmocka_unit_test(registers_of_both_sizes),
		cmocka_unit_test(a_fault_as_a_handler_gets_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
