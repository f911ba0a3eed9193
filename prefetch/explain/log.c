// SPDX-License-Identifier: GPL-2.0-or-later
#include "log.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include "../../lib/text/number.h"

/* Hexadecimal digits at *text, with or without 0x; *text then is behind them. False: there are none. */
static bool take_hex(const char **text, __u64 *number)
{
	const char *at = *text;
	__u64 value = 0;
	int digits = 0;

	if (at[0] == '0' && at[1] == 'x')
		at += 2;
	for (; isxdigit((unsigned char)*at); at++, digits++)
		value = value << 4 | (unsigned int)(isdigit((unsigned char)*at) ? *at - '0' : (*at | 0x20) - 'a' + 10);
	if (!digits || digits > 16)
		return false;
	*text = at;
	*number = value;
	return true;
}

/* Behind the label: "ip " in "... ip 55ab sp ...". */
static bool find_hex(const char *line, const char *label, __u64 *number)
{
	const char *at = strstr(line, label);

	if (!at)
		return false;
	at += strlen(label);
	return take_hex(&at, number);
}

static void know(struct record *record, __u32 what, bool is_known)
{
	if (is_known)
		record->known |= what;
}

static void finish(struct log_reader *reader, struct log_caller *caller)
{
	if (caller->is_open)
		reader->found(reader->context, &caller->record);
	caller->is_open = false;
}

static struct record *begin(struct log_reader *reader, struct log_caller *caller, enum record_kind kind)
{
	finish(reader, caller);
	memset(&caller->record, 0, sizeof(caller->record));
	caller->record.kind = kind;
	caller->is_open = true;
	caller->is_over = false;
	return &caller->record;
}

/* What follows about it is of no interest. */
static void end_here(struct log_reader *reader, struct log_caller *caller)
{
	finish(reader, caller);
	caller->is_over = true;
}

static void set_name(struct record *record, const char *from, size_t size)
{
	if (size >= sizeof(record->name))
		size = sizeof(record->name) - 1;
	memcpy(record->name, from, size);
	record->name[size] = '\0';
}

/*
 * "NAME[PID]" before end. A name may hold anything; it begins behind what a log puts before it.
 */
static void read_process(struct record *record, const char *line, const char *end)
{
	const char *open = end, *begin = line;
	static const char *const ends[] = { "] ", "kernel: ", "traps: " };

	while (open > line && *open != '[')
		open--;
	if (*open != '[')
		return;
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
		for (const char *at = begin; (at = strstr(at, ends[i])) && at < open; )
			begin = at += strlen(ends[i]);
	set_name(record, begin, (size_t)(open - begin));
	open++;
	know(record, RECORD_KNOWS_PID, !number_read(&open, &record->pid));
}

/* "PROGRAM[PID]: segfault at ADDRESS ip IP sp SP error CODE ..." */
static bool read_segfault(struct log_reader *reader, struct log_caller *caller, const char *line)
{
	const char *at = strstr(line, "]: segfault at ");
	struct record *record;

	if (!at)
		return false;
	record = begin(reader, caller, RECORD_USER);
	read_process(record, line, at);
	know(record, RECORD_KNOWS_ADDRESS, find_hex(at, "segfault at ", &record->address));
	know(record, RECORD_KNOWS_IP, find_hex(at, " ip ", &record->ip));
	know(record, RECORD_KNOWS_SP, find_hex(at, " sp ", &record->sp));
	know(record, RECORD_KNOWS_ERROR, find_hex(at, " error ", &record->error));
	record->registers.ip = record->ip;
	return true;
}

/* "traps: PROGRAM[PID] general protection fault ip:IP sp:SP error:0 ..." */
static bool read_trap(struct log_reader *reader, struct log_caller *caller, const char *line)
{
	const char *at = strstr(line, "traps: "), *end = at ? strstr(at, " ip:") : NULL;
	struct record *record;

	if (!end)
		return false;
	record = begin(reader, caller, RECORD_TRAP);
	read_process(record, line, end);
	know(record, RECORD_KNOWS_IP, find_hex(end, " ip:", &record->ip));
	know(record, RECORD_KNOWS_SP, find_hex(end, " sp:", &record->sp));
	end_here(reader, caller);
	return true;
}

/* The first line of an oops, of kernels since 2.6. */
static bool read_oops(struct log_reader *reader, struct log_caller *caller, const char *line)
{
	static const char *const faults[] = { "unable to handle page fault for address: ",
		"kernel NULL pointer dereference, address: ", "unable to handle kernel paging request at ",
		"unable to handle kernel NULL pointer dereference at " };
	static const char *const traps[] = { "general protection fault", "kernel BUG at ", "invalid opcode: ",
		"divide error: ", "stack segment: ", "double fault: " };
	struct record *record;

	for (size_t i = 0; i < sizeof(faults) / sizeof(*faults); i++)
		if (strstr(line, faults[i])) {
			record = begin(reader, caller, RECORD_KERNEL);
			set_name(record, "kernel", strlen("kernel"));
			know(record, RECORD_KNOWS_ADDRESS, find_hex(line, faults[i], &record->address));
			return true;
		}
	for (size_t i = 0; i < sizeof(traps) / sizeof(*traps); i++)
		if (strstr(line, traps[i])) {
			record = begin(reader, caller, RECORD_TRAP);
			set_name(record, "kernel", strlen("kernel"));
			end_here(reader, caller);
			return true;
		}
	return false;
}

static bool is_fault_of_kernel(const struct log_caller *caller)
{
	return caller->is_open && caller->record.kind == RECORD_KERNEL;
}

/* Names as an oops has them, by number. */
static void read_registers(struct record *record, const char *line)
{
	static const char names[][2][6] = { { "RAX: ", "EAX: " }, { "RCX: ", "ECX: " }, { "RDX: ", "EDX: " },
		{ "RBX: ", "EBX: " }, { "RSP: ", "ESP: " }, { "RBP: ", "EBP: " }, { "RSI: ", "ESI: " },
		{ "RDI: ", "EDI: " }, { "R08: " }, { "R09: " }, { "R10: " }, { "R11: " }, { "R12: " }, { "R13: " },
		{ "R14: " }, { "R15: " } };

	for (unsigned int i = 0; i < 16; i++)
		for (int narrow = 0; narrow < 2 && *names[i][narrow]; narrow++) {
			const char *at = strstr(line, names[i][narrow]);
			__u32 bit = (__u32)RECORD_KNOWS_GENERAL << i;

			if (!at || (record->known & bit))
				continue;
			at += 5;
			/* RSP may have its segment before it. */
			if (!strncmp(at, "0018:", 5))
				at += 5;
			if (take_hex(&at, &record->registers.general[i]))
				record->known |= bit;
			if (narrow) {
				record->is_32 = true;
				record->known |= RECORD_KNOWS_SIZE;
			}
		}
}

/* The lines of an oops behind its first. */
static void read_oops_line(struct log_reader *reader, struct log_caller *caller, const char *line)
{
	struct record *record = &caller->record;
	__u64 number;

	if (!(record->known & RECORD_KNOWS_ERROR) &&
		(find_hex(line, "#PF: error_code(", &number) || find_hex(line, "Oops: ", &number))) {
		record->error = number;
		record->known |= RECORD_KNOWS_ERROR;
	}
	/* As kernels before 4.10 have it. */
	if (find_hex(line, "IP: [<", &number) || find_hex(line, "IP: 0010:[<", &number)) {
		record->ip = record->registers.ip = number;
		record->known |= RECORD_KNOWS_IP;
	}
	read_registers(record, line);
	if (!record->registers.segment_bases[PREFETCH_GS])
		find_hex(line, "GS:", &record->registers.segment_bases[PREFETCH_GS]);
	if (!strstr(line, "CR2: "))
		return;
	if (!(record->known & RECORD_KNOWS_ADDRESS))
		know(record, RECORD_KNOWS_ADDRESS, find_hex(line, "CR2: ", &record->address));
	end_here(reader, caller);
}

/* Bytes from the marked one on. False: the line names none. */
static bool read_code(struct record *record, const char *text)
{
	bool marked = false;

	while (*text) {
		bool opens = *text == '<' || *text == '(';
		__u64 byte;

		if (*text == ' ') {
			text++;
			continue;
		}
		if (opens) {
			text++;
			marked = true;
		}
		if (!isxdigit((unsigned char)text[0]) || !isxdigit((unsigned char)text[1]) ||
			isxdigit((unsigned char)text[2]) || !take_hex(&text, &byte))
			break;
		if (opens && (*text == '>' || *text == ')'))
			text++;
		if (marked && record->code_size < RECORD_CODE_MAX)
			record->code[record->code_size++] = (__u8)byte;
	}
	return marked && record->code_size;
}

static void read_code_line(struct log_reader *reader, struct log_caller *caller, const char *text)
{
	struct record *record = &caller->record;

	if (caller->is_over)
		return;
	if (!caller->is_open)
		record = begin(reader, caller, RECORD_CODE);
	if (!record->code_size && !read_code(record, text)) {
		record->code_size = 0;
		record->no_code = strstr(text, "Bad") || strstr(text, "Unable") ?
			"the kernel could not read the code" : "no byte of its line \"Code:\" is marked";
	}
	/* An oops goes on with its registers. */
	if (record->kind == RECORD_USER || record->kind == RECORD_CODE)
		finish(reader, caller);
}

/* "smpboot: CPU0: AMD Opteron(tm) Processor 248 (family: 0xf, model: 0x5, stepping: 0xa)" */
static void read_processor(struct log_reader *reader, const char *line)
{
	__u64 family, model;

	if (!strstr(line, "CPU0: ") || !find_hex(line, "(family: ", &family) || !find_hex(line, ", model: ", &model))
		return;
	reader->processor =
		processor_of(strstr(line, "AMD") || strstr(line, "QEMU"), (unsigned int)family, (unsigned int)model);
}

/* "[ 1105.194133][ T1266]": the caller, "T1266"; "": none. */
static void find_caller(const char *line, char name[16])
{
	const char *at = strstr(line, "]["), *end;

	*name = '\0';
	if (!at)
		return;
	at += 2;
	at += strspn(at, " ");
	if (*at != 'T' && *at != 'C')
		return;
	end = at + 1 + strspn(at + 1, "0123456789");
	if (end == at + 1 || *end != ']' || end - at >= 16)
		return;
	memcpy(name, at, (size_t)(end - at));
	name[end - at] = '\0';
}

static struct log_caller *caller_of(struct log_reader *reader, const char *line)
{
	struct log_caller *caller;
	char name[16];

	find_caller(line, name);
	for (size_t i = 0; i < reader->count; i++)
		if (!strcmp(reader->callers[i].name, name))
			return &reader->callers[i];
	if (reader->count < LOG_CALLERS_MAX) {
		caller = &reader->callers[reader->count++];
	} else {
		caller = &reader->callers[reader->next++ % LOG_CALLERS_MAX];
		finish(reader, caller);
	}
	memset(caller, 0, sizeof(*caller));
	strcpy(caller->name, name);
	return caller;
}

void log_read_line(struct log_reader *reader, const char *line)
{
	struct log_caller *caller = caller_of(reader, line);
	const char *code = strstr(line, "Code: ");

	read_processor(reader, line);
	if (read_segfault(reader, caller, line) || read_trap(reader, caller, line) ||
		read_oops(reader, caller, line))
		return;
	if (code)
		read_code_line(reader, caller, code + strlen("Code: "));
	else if (is_fault_of_kernel(caller))
		read_oops_line(reader, caller, line);
}

void log_end(struct log_reader *reader)
{
	for (size_t i = 0; i < reader->count; i++)
		finish(reader, &reader->callers[i]);
}
