/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A fault, as a log or a core file tells of it, and what can be said of it. */
#ifndef PREFETCH_EXPLAIN_RECORD_H
#define PREFETCH_EXPLAIN_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include "../decode.h"

enum record_kind {
	RECORD_USER, /* a program's page fault */
	RECORD_KERNEL, /* the kernel's */
	RECORD_TRAP, /* another exception, of either */
	RECORD_CODE, /* a line "Code:" alone */
};

enum { RECORD_CODE_MAX = 128, RECORD_NAME_MAX = 64 };

/* What is not known is 0, and has no bit in known. */
struct record {
	enum record_kind kind;
	char name[RECORD_NAME_MAX]; /* of the program, or of the exception; any bytes */
	__u64 pid, ip, sp, address, error; /* error: of the page fault, as the processor gives it */
	struct prefetch_registers registers;
	__u32 known; /* bits: RECORD_KNOWS_ and, from RECORD_KNOWS_GENERAL on, each general register */
	bool is_32; /* the registers are those of 32 bits */
	/* The instruction and what follows it. */
	__u8 code[RECORD_CODE_MAX];
	size_t code_size;
	const char *no_code; /* why there is none; NULL: nobody said */
};

enum {
	RECORD_KNOWS_PID = 1 << 0,
	RECORD_KNOWS_IP = 1 << 1,
	RECORD_KNOWS_SP = 1 << 2,
	RECORD_KNOWS_ADDRESS = 1 << 3,
	RECORD_KNOWS_ERROR = 1 << 4,
	RECORD_KNOWS_SIZE = 1 << 5, /* is_32 is so */
	RECORD_KNOWS_GENERAL = 1 << 8,
};

/* The processor that the faults happened on. */
struct explained_processor {
	bool is_known, is_affected;
	unsigned int family, model;
};

/* One that is known, and whose it is. */
struct explained_processor processor_of(bool is_amd, unsigned int family, unsigned int model);

enum verdict {
	VERDICT_PREFETCH, /* the instruction is one */
	VERDICT_OTHER, /* it is none, or the fault is of another kind */
	VERDICT_UNKNOWN,
};

struct explanation {
	enum verdict verdict;
	const char *reason; /* one sentence without a full stop */
	unsigned int mode; /* of the code */
	struct prefetch prefetch; /* if it is one */
	bool has_operand; /* its address could be computed */
	__u64 operand;
	bool is_erratum; /* everything fits: the processor, the address */
	const char *advice; /* another sentence, or NULL */
};

/*
 * Judges a record. mode: PREFETCH_16, 32 or 64, of the code, if the user says it; RECORD_MODE_UNKNOWN:
 * from the record.
 */
#define RECORD_MODE_UNKNOWN 0xff
void record_explain(struct explanation *explanation, const struct record *record, unsigned int mode,
	const struct explained_processor *processor);

#endif
