// SPDX-License-Identifier: GPL-2.0-or-later
#include "record.h"
#include "../fault/fault.h"
#include "../prefetch.h"

/* Of the error code of a page fault. */
#define ERROR_FETCH 0x10
#define LARGEST_32 0xffffffffULL

struct explained_processor processor_of(bool is_amd, unsigned int family, unsigned int model)
{
	return (struct explained_processor){ .is_known = true,
		.is_affected = prefetch_processor_is_affected(is_amd ? "AuthenticAMD" : "", family, model),
		.family = family,
		.model = model };
}

/* The stack of code of 32 bits is below 4 GiB, that of 64 bits is not. */
static unsigned int mode_of(const struct record *record)
{
	if (record->known & RECORD_KNOWS_SIZE)
		return record->is_32 ? PREFETCH_32 : PREFETCH_64;
	if (record->kind == RECORD_KERNEL || record->ip > LARGEST_32 || record->sp > LARGEST_32)
		return PREFETCH_64;
	return record->known & RECORD_KNOWS_SP ? PREFETCH_32 : RECORD_MODE_UNKNOWN;
}

static bool knows_register(const struct record *record, unsigned int number)
{
	if (number == PREFETCH_NO_REGISTER)
		return true;
	if (number == PREFETCH_RIP)
		return record->known & RECORD_KNOWS_IP;
	return record->known & (__u32)RECORD_KNOWS_GENERAL << number;
}

static void compute_operand(struct explanation *explanation, const struct record *record)
{
	const struct prefetch *prefetch = &explanation->prefetch;

	explanation->has_operand =
		knows_register(record, prefetch->base) && knows_register(record, prefetch->index) &&
		((prefetch->segment != PREFETCH_FS && prefetch->segment != PREFETCH_GS) ||
			record->registers.segment_bases[prefetch->segment]);
	if (explanation->has_operand)
		explanation->operand = prefetch_operand_address(prefetch, explanation->mode, &record->registers);
}

/* The same answer whatever the size of the code is: then the size does not matter. */
static int decode(struct explanation *explanation, const struct record *record, unsigned int mode)
{
	struct prefetch other;
	int answer, second;

	explanation->mode = mode == RECORD_MODE_UNKNOWN ? PREFETCH_64 : mode;
	answer = prefetch_decode(record->code, record->code_size, explanation->mode, &explanation->prefetch);
	if (mode != RECORD_MODE_UNKNOWN)
		return answer;
	second = prefetch_decode(record->code, record->code_size, PREFETCH_32, &other);
	if ((answer == 0) == (second == 0))
		return answer;
	explanation->reason = "it is a prefetch in code of one size, and not in that of the other: say which with --mode";
	return 1;
}

static void set(struct explanation *explanation, enum verdict verdict, const char *reason)
{
	explanation->verdict = verdict;
	explanation->reason = reason;
}

static void explain_prefetch(struct explanation *explanation, const struct record *record,
	const struct explained_processor *processor)
{
	bool has_address = record->known & RECORD_KNOWS_ADDRESS;

	compute_operand(explanation, record);
	if (has_address && (record->known & RECORD_KNOWS_IP) &&
		fault_is_of_fetching(record->address, record->ip, &explanation->prefetch)) {
		set(explanation, VERDICT_OTHER, "the fault is that of fetching the instruction itself");
		return;
	}
	set(explanation, VERDICT_PREFETCH, "the instruction is a prefetch, which cannot fault");
	if (has_address && explanation->has_operand && explanation->operand != record->address)
		explanation->advice = "the address of the fault is not that of the prefetch: the code changed "
				      "while it ran, or the report is off";
	else if (processor->is_known && processor->is_affected) {
		explanation->is_erratum = true;
		explanation->advice = record->kind == RECORD_KERNEL ?
			"this is the processor's erratum: load the module prefetch_fixup" :
			"this is the processor's erratum: load the module prefetch_fixup, or use prefetch run";
	} else if (processor->is_known)
		explanation->advice = "the processor does not have the erratum: the code changed while it ran, or an "
				      "emulator or a hypervisor is wrong";
	else
		explanation->advice = "whether the processor has the erratum is not known: say which it is with --cpu";
}

void record_explain(struct explanation *explanation, const struct record *record, unsigned int mode,
	const struct explained_processor *processor)
{
	int answer;

	*explanation = (struct explanation){ .verdict = VERDICT_UNKNOWN };
	if (record->kind == RECORD_TRAP) {
		set(explanation, VERDICT_OTHER, "it is no page fault, so a prefetch cannot be the cause");
		return;
	}
	if ((record->known & RECORD_KNOWS_ERROR) && (record->error & ERROR_FETCH)) {
		set(explanation, VERDICT_OTHER, "the fault is that of fetching the instruction itself");
		return;
	}
	if (!record->code_size) {
		explanation->reason = record->no_code ? record->no_code : "there is no line \"Code:\" for it";
		return;
	}
	answer = decode(explanation, record, mode == RECORD_MODE_UNKNOWN ? mode_of(record) : mode);
	if (!answer)
		explain_prefetch(explanation, record, processor);
	else if (answer < 0)
		set(explanation, VERDICT_OTHER, "the instruction is no prefetch");
	else if (!explanation->reason)
		explanation->reason = "the instruction is cut off";
}
