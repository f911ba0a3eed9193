// SPDX-License-Identifier: GPL-2.0-or-later
/* What the kernel's log says of faults, and what is made of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include "prefetch/explain/log.h"

enum { RECORDS_MAX = 64 };

struct records {
	struct record all[RECORDS_MAX];
	size_t count;
};

static void keep(void *context, const struct record *record)
{
	struct records *records = context;

	assert_true(records->count < RECORDS_MAX);
	records->all[records->count++] = *record;
}

/* The lines of a text, as one log. */
static struct log_reader read_log(struct records *records, const char *text)
{
	struct log_reader reader = { .found = keep, .context = records };
	char line[1024];

	memset(records, 0, sizeof(*records));
	while (*text) {
		size_t size = strcspn(text, "\n");

		assert_true(size < sizeof(line));
		memcpy(line, text, size);
		line[size] = '\0';
		log_read_line(&reader, line);
		text += size + (text[size] == '\n');
	}
	log_end(&reader);
	return reader;
}

#define SEGFAULT \
	"[ 1105.194133] my prog[12663]: segfault at 8 ip 000055ab78d51139 sp 00007ffe883d2890 error 4 in seg[1139,55ab78d51000+1000] likely on CPU 1 (core 1, socket 0)\n"
#define CODE_OF_PREFETCH "[ 1105.194190] Code: 2e 00 00 01 5d c3 0f 18 <0f> 18 08 0f be c0 5d c3 00 00 00 48 83 ec 08 48\n"
#define CODE_OF_LOAD "[ 1105.194190] Code: 2e 00 00 01 5d c3 0f 18 <0f> b6 00 0f be c0 5d c3 00 00 00 48 83 ec 08 48\n"
#define OPTERON \
	"[    0.142130] smpboot: CPU0: AMD Opteron(tm) Processor 248 (family: 0xf, model: 0x5, stepping: 0xa)\n"

static const struct explained_processor nobody;

static struct explanation explained(const struct record *record, const struct explained_processor *processor)
{
	struct explanation explanation;

	record_explain(&explanation, record, RECORD_MODE_UNKNOWN, processor);
	return explanation;
}

static void a_program(void **state)
{
	struct records records;
	struct log_reader reader = read_log(&records, OPTERON SEGFAULT CODE_OF_PREFETCH);
	const struct record *record = records.all;
	struct explanation explanation;

	(void)state;
	assert_int_equal(records.count, 1);
	assert_string_equal(record->name, "my prog");
	assert_int_equal(record->pid, 12663);
	assert_int_equal(record->address, 8);
	assert_true(record->ip == 0x55ab78d51139 && record->sp == 0x7ffe883d2890);
	assert_int_equal(record->error, 4);
	assert_int_equal(record->code_size, 16);
	assert_true(reader.processor.is_known && reader.processor.is_affected);
	assert_int_equal(reader.processor.model, 5);
	explanation = explained(record, &reader.processor);
	assert_int_equal(explanation.verdict, VERDICT_PREFETCH);
	assert_true(explanation.is_erratum);
	explanation = explained(record, &nobody);
	assert_int_equal(explanation.verdict, VERDICT_PREFETCH);
	assert_false(explanation.is_erratum);
	explanation = explained(record, &(const struct explained_processor){ true, false, 23, 1 });
	assert_int_equal(explanation.verdict, VERDICT_PREFETCH);
	assert_false(explanation.is_erratum);
	read_log(&records, SEGFAULT CODE_OF_LOAD);
	assert_int_equal(explained(records.all, &nobody).verdict, VERDICT_OTHER);
	read_log(&records, SEGFAULT);
	assert_int_equal(records.count, 1);
	assert_int_equal(explained(records.all, &nobody).verdict, VERDICT_UNKNOWN);
	read_log(&records, SEGFAULT "Code: Unable to access opcode bytes at 0x55ab78d51119.\n");
	assert_int_equal(records.count, 1);
	assert_string_equal(explained(records.all, &nobody).reason, "the kernel could not read the code");
}

/* Whatever a log puts before the kernel's own words. */
static void prefixes(void **state)
{
	static const char *const before[] = { "", "<6>", "[    1.000000] ", "[ 1105.194133][ T1266] ",
		"Nov 29 15:06:43 host kernel: ", "Nov 29 15:06:43 host kernel: [   12.3] ",
		"2026-11-29T15:06:43+0000 host kernel: ", "kern  :info  : [    1.0] ", "\x1b[33m[    1.0] " };

	(void)state;
	for (size_t i = 0; i < sizeof(before) / sizeof(*before); i++) {
		struct records records;
		char text[1024];

		snprintf(text, sizeof(text), "%sprog[7]: segfault at 0 ip 00005555000 sp 00007ffe883d2890 error 4\n%sCode: <0f> 18 08\n",
			before[i], before[i]);
		read_log(&records, text);
		assert_int_equal(records.count, 1);
		assert_int_equal(records.all[0].pid, 7);
		assert_non_null(strstr(records.all[0].name, "prog"));
		assert_int_equal(explained(records.all, &nobody).verdict, VERDICT_PREFETCH);
	}
}

/* By the stack: 40 0F 18 08 is a prefetch with a REX prefix, or an INC. */
static void the_size_of_code(void **state)
{
	struct records records;
	struct explanation explanation;

	(void)state;
	read_log(&records, "a[1]: segfault at 0 ip 0000000000401000 sp 00007ffe883d2890 error 4\nCode: <40> 0f 18 08\n");
	assert_int_equal(explained(records.all, &nobody).verdict, VERDICT_PREFETCH);
	read_log(&records, "a[1]: segfault at 0 ip 0000000000401000 sp 00000000ffcd0000 error 4\nCode: <40> 0f 18 08\n");
	assert_int_equal(explained(records.all, &nobody).verdict, VERDICT_OTHER);
	read_log(&records, "Code: <40> 0f 18 08\n");
	assert_int_equal(records.count, 1);
	assert_int_equal(explained(records.all, &nobody).verdict, VERDICT_UNKNOWN);
	record_explain(&explanation, records.all, PREFETCH_64, &nobody);
	assert_int_equal(explanation.verdict, VERDICT_PREFETCH);
	record_explain(&explanation, records.all, PREFETCH_32, &nobody);
	assert_int_equal(explanation.verdict, VERDICT_OTHER);
	read_log(&records, "Code: 00 <0f> 18 08\n");
	assert_int_equal(explained(records.all, &nobody).verdict, VERDICT_PREFETCH);
	read_log(&records, "Code: 00 0f 18 08\n");
	assert_int_equal(explained(records.all, &nobody).verdict, VERDICT_UNKNOWN);
	read_log(&records, "Code: 00 <0f> 18\n");
	assert_int_equal(explained(records.all, &nobody).verdict, VERDICT_UNKNOWN);
}

static void the_address(void **state)
{
	struct records records;
	struct explanation explanation;

	(void)state;
	/* Fetching: by the error code, and where there is none by the address. */
	read_log(&records, "a[1]: segfault at 401000 ip 0000000000401000 sp 00007ffe883d2890 error 14\nCode: <0f> 18 08\n");
	assert_int_equal(explained(records.all, &nobody).verdict, VERDICT_OTHER);
	read_log(&records, "a[1]: segfault at 401002 ip 0000000000401000 sp 00007ffe883d2890 error 4\nCode: <0f> 18 08\n");
	assert_int_equal(explained(records.all, &nobody).verdict, VERDICT_OTHER);
	/* prefetcht0 0(%rip) */
	read_log(&records, "a[1]: segfault at 401007 ip 0000000000401000 sp 00007ffe883d2890 error 4\nCode: <0f> 18 0d 00 00 00 00\n");
	explanation = explained(records.all, &nobody);
	assert_true(explanation.has_operand && explanation.operand == 0x401007);
	read_log(&records, OPTERON "a[1]: segfault at 500000 ip 0000000000401000 sp 00007ffe883d2890 error 4\nCode: <0f> 18 0d 00 00 00 00\n");
	explanation = explained(records.all, &(const struct explained_processor){ true, true, 15, 5 });
	assert_true(explanation.has_operand && explanation.operand != records.all[0].address);
	assert_false(explanation.is_erratum);
}

/* As 6.1 prints it; then what it says of the program that called, which is not the fault. */
static const char oops[] =
	"[   12.1] BUG: kernel NULL pointer dereference, address: 0000000000000010\n"
	"[   12.1] #PF: supervisor read access in kernel mode\n"
	"[   12.1] #PF: error_code(0x0000) - not-present page\n"
	"[   12.1] PGD 0 P4D 0 \n"
	"[   12.1] Oops: 0000 [#1] PREEMPT SMP NOPTI\n"
	"[   12.1] CPU: 0 PID: 99 Comm: insmod Tainted: G           OE      6.1.0-50-cloud-amd64 #1  Debian 6.1.1-1\n"
	"[   12.1] RIP: 0010:fault_init+0x5/0x1000 [fault]\n"
	"[   12.1] Code: Unable to access opcode bytes at 0xffffffffc0200fdb.\n"
	"[   12.1] RSP: 0018:ffffb0c0402b7c30 EFLAGS: 00010246\n"
	"[   12.1] RAX: 0000000000000010 RBX: 0000000000000000 RCX: 0000000000000001\n"
	"[   12.1] RDX: 0000000000000002 RSI: 0000000000000003 RDI: 0000000000000004\n"
	"[   12.1] FS:  00007f5b28da6740(0000) GS:ffff8d2b7ba00000(0000) knlGS:0000000000000000\n"
	"[   12.1] CS:  0010 DS: 0000 ES: 0000 CR0: 0000000080050033\n"
	"[   12.1] CR2: 0000000000000010 CR3: 0000000004b9e000 CR4: 00000000000006f0\n"
	"[   12.1] Call Trace:\n"
	"[   12.1]  do_one_initcall+0x56/0x220\n"
	"[   12.1] RIP: 0033:0x7f5b28ebd719\n"
	"[   12.1] Code: 08 89 e8 5b 5d c3 <48> 3d 01 f0 ff ff 73 01 c3\n"
	"[   12.1] RAX: ffffffffffffffda RBX: 00005617a1f0a2a0 RCX: 00007f5b28ebd719\n";

static void the_kernel(void **state)
{
	static const char code[] = "[   12.1] Code: 55 48 89 e5 <0f> 18 08 5d c3 cc cc cc cc 00 00 00 00 00 00\n";
	struct records records;
	struct explanation explanation;
	char text[sizeof(oops) + sizeof(code)], *place;

	(void)state;
	read_log(&records, oops);
	assert_int_equal(records.count, 1);
	assert_int_equal(records.all[0].kind, RECORD_KERNEL);
	assert_int_equal(explained(records.all, &nobody).verdict, VERDICT_UNKNOWN);
	/* The same with its code. */
	strcpy(text, oops);
	place = strstr(text, "[   12.1] Code: Unable");
	*place = '\0';
	strcat(text, code);
	strcat(text, strstr(oops, "[   12.1] RSP"));
	read_log(&records, text);
	assert_int_equal(records.count, 1);
	assert_int_equal(records.all[0].error, 0);
	assert_true(records.all[0].known & RECORD_KNOWS_ERROR);
	explanation = explained(records.all, &nobody);
	assert_int_equal(explanation.verdict, VERDICT_PREFETCH);
	assert_true(explanation.has_operand && explanation.operand == 0x10);
	assert_int_equal(records.all[0].address, 0x10);
	assert_true(records.all[0].registers.general[4] == 0xffffb0c0402b7c30);
	assert_int_equal(records.all[0].registers.general[7], 4);
}

static void i386(void **state)
{
	struct records records;
	struct explanation explanation;

	(void)state;
	read_log(&records,
		"BUG: unable to handle page fault for address: 00000fff\n"
		"Oops: 0000 [#1] SMP\n"
		"EIP: fault_init+0x5/0x1000 [fault]\n"
		"Code: 55 89 e5 <0f> 0d 48 ff 5d c3\n"
		"EAX: 00001000 EBX: 00000000 ECX: 00000001 EDX: 00000002\n"
		"ESI: 00000003 EDI: 00000004 EBP: c1234567 ESP: c1234560\n"
		"CR0: 80050033 CR2: 00000fff CR3: 04b9e000 CR4: 000006d0\n");
	assert_int_equal(records.count, 1);
	explanation = explained(records.all, &nobody);
	assert_int_equal(explanation.verdict, VERDICT_PREFETCH);
	assert_int_equal(explanation.mode, PREFETCH_32);
	assert_true(explanation.has_operand && explanation.operand == 0xfff);
}

/* Two processors at once, where the kernel says who speaks; and other exceptions. */
static void mixed(void **state)
{
	struct records records;

	(void)state;
	read_log(&records,
		"[ 1.0][ T10] a[10]: segfault at 0 ip 0000000000401000 sp 00007ffe883d2890 error 4\n"
		"[ 1.0][ T11] b[11]: segfault at 0 ip 0000000000401000 sp 00007ffe883d2890 error 4\n"
		"[ 1.0][ T10] Code: <0f> 18 08\n"
		"[ 1.0][ T11] Code: <0f> b6 00\n");
	assert_int_equal(records.count, 2);
	assert_int_equal(records.all[0].pid, 10);
	assert_int_equal(explained(&records.all[0], &nobody).verdict, VERDICT_PREFETCH);
	assert_int_equal(explained(&records.all[1], &nobody).verdict, VERDICT_OTHER);
	/* Without: the line of the first is lost, and nothing of the second is taken for it. */
	read_log(&records,
		"a[10]: segfault at 0 ip 0000000000401000 sp 00007ffe883d2890 error 4\n"
		"b[11]: segfault at 0 ip 0000000000401000 sp 00007ffe883d2890 error 4\n"
		"Code: <0f> 18 08\n");
	assert_int_equal(records.count, 2);
	assert_int_equal(explained(&records.all[0], &nobody).verdict, VERDICT_UNKNOWN);
	assert_int_equal(records.all[1].pid, 11);
	read_log(&records,
		"traps: c[12] general protection fault ip:401000 sp:7ffe883d2890 error:0 in c[401000+1000]\n"
		"general protection fault, probably for non-canonical address 0xdead: 0000 [#1] SMP\n"
		"RIP: 0010:f+0x5/0x10\nCode: <0f> 18 08\nCR2: 0\n");
	assert_int_equal(records.count, 2);
	assert_int_equal(explained(&records.all[0], &nobody).verdict, VERDICT_OTHER);
	assert_int_equal(records.all[0].pid, 12);
	assert_int_equal(explained(&records.all[1], &nobody).verdict, VERDICT_OTHER);
	read_log(&records, "nothing\n[1]: segfault\nCode:\nCode: \nRIP: 0010:x\n<0f>\n");
	assert_true(records.count <= 1);
	{
		static char text[8192];
		size_t used = 0;

		for (int i = 0; i < 60; i++)
			used += (size_t)snprintf(text + used, sizeof(text) - used,
				"[ 1.0][ T%d] a[%d]: segfault at 0 ip 401000 sp 7ffe883d2890 error 4\n", i, i);
		read_log(&records, text);
		assert_int_equal(records.count, 60);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_program),
		cmocka_unit_test(prefixes),
		cmocka_unit_test(the_size_of_code),
		cmocka_unit_test(the_address),
		cmocka_unit_test(the_kernel),
		cmocka_unit_test(i386),
		cmocka_unit_test(mixed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
