// SPDX-License-Identifier: GPL-2.0-or-later
#include "rules.h"
#include <stdlib.h>
#include <string.h>
#include "decoder.h"

/*
 * Longer functions have no jumps and loops that are looked at: they are made of tables, or are none. LOOP_MAX is in
 * bytes: what is done for a prefetch must not grow with the file.
 */
enum { JUMPS_MAX = 4096, LOOP_MAX = 4096, OPEN_MAX = 32, GENERAL_REGISTERS = 16 };

struct jump {
	__u64 from, to;
};

/* A stretch of code while it is walked. */
struct walk {
	const __u8 *bytes;
	size_t size;
	__u64 address;
	ZydisDecoder decoder;
	struct jump jumps[JUMPS_MAX]; /* by where they lead */
	size_t jump_count;
	/* Prefetches whose registers still have the values that they had there. */
	struct scan_finding *open[OPEN_MAX];
	size_t open_count;
	/* By how much a round of the loop moves each register; NULL: of none yet. */
	const struct jump *loop;
	__s64 moved[GENERAL_REGISTERS];
};

struct step {
	ZydisDecodedInstruction instruction;
	ZydisDecodedOperand operands[ZYDIS_MAX_OPERAND_COUNT];
	__u64 at;
};

/* The instruction at *offset; *offset then is behind it. What is none is stepped over, and not returned. */
static bool next_step(struct walk *walk, size_t *offset, struct step *step)
{
	while (*offset < walk->size) {
		size_t at = *offset;

		if (ZYAN_SUCCESS(ZydisDecoderDecodeFull(&walk->decoder, walk->bytes + at, walk->size - at,
			    &step->instruction, step->operands))) {
			step->at = walk->address + at;
			*offset += step->instruction.length;
			return true;
		}
		*offset += 1;
	}
	return false;
}

static bool is_branch(const struct step *step)
{
	return step->instruction.meta.branch_type != ZYDIS_BRANCH_TYPE_NONE ||
	       step->instruction.meta.category == ZYDIS_CATEGORY_CALL ||
	       step->instruction.meta.category == ZYDIS_CATEGORY_RET;
}

static int compare_jumps(const void *left, const void *right)
{
	const struct jump *a = left, *b = right;

	return a->to < b->to ? -1 : a->to > b->to;
}

static void find_jumps(struct walk *walk)
{
	struct step step;

	for (size_t offset = 0; walk->jump_count < JUMPS_MAX && next_step(walk, &offset, &step);) {
		const ZydisDecodedOperand *target = &step.operands[0];

		if (step.instruction.meta.category != ZYDIS_CATEGORY_COND_BR &&
			step.instruction.meta.category != ZYDIS_CATEGORY_UNCOND_BR)
			continue;
		if (target->type != ZYDIS_OPERAND_TYPE_IMMEDIATE || !target->imm.is_relative)
			continue;
		walk->jumps[walk->jump_count++] =
			(struct jump){ step.at, step.at + step.instruction.length + (__u64)target->imm.value.s };
	}
	qsort(walk->jumps, walk->jump_count, sizeof(*walk->jumps), compare_jumps);
}

/* Addresses are asked for in their order: *next is the first jump that leads behind the last of them. */
static bool is_jumped_to(const struct walk *walk, size_t *next, __u64 address)
{
	while (*next < walk->jump_count && walk->jumps[*next].to < address)
		++*next;
	return *next < walk->jump_count && walk->jumps[*next].to == address;
}

/* The number of the general register that it is part of; -1: it is none. */
static int register_number(const struct walk *walk, ZydisRegister name)
{
	ZydisRegister largest = ZydisRegisterGetLargestEnclosing(walk->decoder.machine_mode, name);

	if (largest >= ZYDIS_REGISTER_RAX && largest <= ZYDIS_REGISTER_R15)
		return largest - ZYDIS_REGISTER_RAX;
	if (largest >= ZYDIS_REGISTER_EAX && largest <= ZYDIS_REGISTER_EDI)
		return largest - ZYDIS_REGISTER_EAX;
	return -1;
}

static void close_those_with(struct walk *walk, int number)
{
	size_t kept = 0;

	for (size_t i = 0; i < walk->open_count; i++)
		if (walk->open[i]->prefetch.base != number && walk->open[i]->prefetch.index != number)
			walk->open[kept++] = walk->open[i];
	walk->open_count = kept;
}

static void forget_what_is_written(struct walk *walk, const struct step *step)
{
	for (int i = 0; i < step->instruction.operand_count; i++) {
		const ZydisDecodedOperand *operand = &step->operands[i];
		int number;

		if (operand->type != ZYDIS_OPERAND_TYPE_REGISTER || !(operand->actions & ZYDIS_OPERAND_ACTION_MASK_WRITE))
			continue;
		number = register_number(walk, operand->reg.value);
		if (number >= 0)
			close_those_with(walk, number);
	}
}

/* Where the instruction's own place counts, only those with that operand in bytes are the same. */
static __u64 place(const struct scan_finding *finding)
{
	__u64 displacement = (__u64)finding->prefetch.displacement;

	return finding->prefetch.base == PREFETCH_RIP
		       ? displacement + finding->address + finding->prefetch.length
		       : displacement;
}

static unsigned int compare_lines(const struct scan_finding *before, const struct scan_finding *now)
{
	const struct prefetch *a = &before->prefetch, *b = &now->prefetch;
	__s64 distance = (__s64)(place(now) - place(before));

	if (a->base != b->base || a->index != b->index || a->scale != b->scale || a->segment != b->segment ||
		a->address_bits != b->address_bits)
		return 0;
	if (!distance)
		return SCAN_SAME_LINE;
	return distance > -SCAN_LINE && distance < SCAN_LINE ? SCAN_NEAR_LINE : 0;
}

static void look_for_lines(struct walk *walk, struct scan_finding *finding)
{
	for (size_t i = 0; i < walk->open_count; i++)
		finding->odd |= compare_lines(walk->open[i], finding);
	if (finding->odd & SCAN_SAME_LINE)
		finding->odd &= ~(unsigned int)SCAN_NEAR_LINE;
	if (walk->open_count < OPEN_MAX)
		walk->open[walk->open_count++] = finding;
}

static void compare_in_order(struct walk *walk, struct scan_finding *findings, size_t count)
{
	struct step step;
	size_t next = 0, jump = 0;

	for (size_t offset = findings[0].address - walk->address; next < count && next_step(walk, &offset, &step);) {
		while (next < count && findings[next].address < step.at)
			next++;
		if (is_branch(&step) || is_jumped_to(walk, &jump, step.at))
			walk->open_count = 0;
		if (next < count && findings[next].address == step.at)
			look_for_lines(walk, &findings[next++]);
		else
			forget_what_is_written(walk, &step);
	}
}

/* Adds by how much the instruction moves a register, so far as that can be said. */
static void add_movement(struct walk *walk, const struct step *step)
{
	const ZydisDecodedOperand *to = &step->operands[0], *by = &step->operands[1];
	int number = to->type == ZYDIS_OPERAND_TYPE_REGISTER ? register_number(walk, to->reg.value) : -1;

	if (number < 0)
		return;
	switch (step->instruction.mnemonic) {
	case ZYDIS_MNEMONIC_ADD:
		walk->moved[number] += by->type == ZYDIS_OPERAND_TYPE_IMMEDIATE ? by->imm.value.s : 0;
		break;
	case ZYDIS_MNEMONIC_SUB:
		walk->moved[number] -= by->type == ZYDIS_OPERAND_TYPE_IMMEDIATE ? by->imm.value.s : 0;
		break;
	case ZYDIS_MNEMONIC_INC:
		walk->moved[number]++;
		break;
	case ZYDIS_MNEMONIC_DEC:
		walk->moved[number]--;
		break;
	case ZYDIS_MNEMONIC_LEA:
		if (register_number(walk, by->mem.base) == number && by->mem.index == ZYDIS_REGISTER_NONE)
			walk->moved[number] += by->mem.disp.value;
		break;
	default:
		break;
	}
}

/* The innermost loop around the address; NULL: there is none. */
static const struct jump *loop_around(const struct walk *walk, __u64 address)
{
	const struct jump *loop = NULL;

	for (size_t i = 0; i < walk->jump_count && walk->jumps[i].to <= address; i++) {
		const struct jump *jump = &walk->jumps[i];

		if (jump->from > address && jump->from - jump->to <= LOOP_MAX && jump->to >= walk->address &&
			(!loop || jump->from - jump->to < loop->from - loop->to))
			loop = jump;
	}
	return loop;
}

static void follow_loop(struct walk *walk, const struct jump *loop)
{
	struct step step;

	if (walk->loop == loop)
		return;
	walk->loop = loop;
	memset(walk->moved, 0, sizeof(walk->moved));
	for (size_t offset = loop->to - walk->address; next_step(walk, &offset, &step) && step.at < loop->from;)
		add_movement(walk, &step);
}

static bool runs_ahead(struct walk *walk, const struct scan_finding *finding)
{
	const struct prefetch *prefetch = &finding->prefetch;
	const struct jump *loop;
	__s64 moved;

	if (prefetch->base >= GENERAL_REGISTERS || !prefetch->displacement)
		return false;
	loop = loop_around(walk, finding->address);
	if (!loop)
		return false;
	follow_loop(walk, loop);
	moved = walk->moved[prefetch->base];
	/* In the direction of the loop, by a round at least. */
	return moved > 0 ? prefetch->displacement >= moved : moved < 0 && prefetch->displacement <= moved;
}

static bool is_loaded(const struct image *image, __u64 address)
{
	for (size_t i = 0; i < image->segment_count; i++)
		if (address >= (image->segments[i].begin & ~4095ULL) && address < ((image->segments[i].end + 4095) & ~4095ULL))
			return true;
	return false;
}

static bool has_no_page(const struct image *image, const struct scan_finding *finding)
{
	const struct prefetch *prefetch = &finding->prefetch;

	if (prefetch->segment == PREFETCH_FS || prefetch->segment == PREFETCH_GS ||
		prefetch->index != PREFETCH_NO_REGISTER || image->is_object)
		return false;
	if (prefetch->base == PREFETCH_RIP)
		return !is_loaded(image, place(finding));
	return prefetch->base == PREFETCH_NO_REGISTER && (__u32)prefetch->displacement < 4096;
}

void rules_apply(const struct image *image, const __u8 *bytes, size_t size, __u64 address,
	struct scan_finding *findings, size_t count)
{
	struct walk *walk = calloc(1, sizeof(*walk));

	for (size_t i = 0; i < count; i++)
		if (has_no_page(image, &findings[i]))
			findings[i].odd |= SCAN_NO_PAGE;
	/* Nothing is said without memory, which is no more than what is not known otherwise. */
	if (!walk)
		return;
	*walk = (struct walk){ .bytes = bytes, .size = size, .address = address };
	decoder_init(&walk->decoder, image->mode);
	find_jumps(walk);
	if (count > 1)
		compare_in_order(walk, findings, count);
	for (size_t i = 0; i < count; i++)
		if (runs_ahead(walk, &findings[i]))
			findings[i].odd |= SCAN_AHEAD;
	free(walk);
}
