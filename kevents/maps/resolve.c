// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "../error.h"
#include "internal.h"

#define SECONDS(time) ((double)(time) / 1e9)

/* One question, and what is found on the way to its answer. */
struct question {
	struct kevents_maps *maps;
	const struct space *space;
	int32_t pid;
	uint64_t address, time;
	struct found mapping, code;
};

/* What there is of code, unless the place was given to something else after it came. */
static struct found find_code(const struct question *question, unsigned int kinds)
{
	const unsigned int others = SPAN_BIT(SPAN_IMAGE) | SPAN_BIT(SPAN_GONE);
	const struct spans *spans = &question->maps->spans;
	struct found found =
		spans_find(spans, question->space, question->address, question->time, kinds);
	const struct span *other =
		spans_find(spans, question->space, question->address, question->time, others).sure;

	if (found.sure && other && other->time > found.sure->time) {
		found.candidates--;
		found.sure = NULL;
	}
	if (found.sure && found.sure->kind == SPAN_CODE_GONE && !found.maybe) {
		found.candidates = 0;
		found.sure = NULL;
	}
	return found;
}

static const struct span *best_of(const struct found *found)
{
	return found->maybe ? found->maybe : found->sure;
}

/* A jitdump knows its times; but what a perf map saw come later than all the dump has is later. */
static struct found find_any_code(const struct question *question)
{
	struct found timed = find_code(question, SPAN_BIT(SPAN_CODE) | SPAN_BIT(SPAN_CODE_GONE));
	struct found seen = find_code(question, SPAN_BIT(SPAN_SEEN_CODE));
	const struct span *a = best_of(&timed), *b = best_of(&seen);

	return a && (!b || a->time >= b->earliest) ? timed : seen;
}

/* What stands there, by a map without times: is there any other that it may be? */
static uint32_t certainty_of_seen(const struct question *question, const struct found *found)
{
	const struct span *span = best_of(found);

	if (found->candidates > 1)
		return KEVENTS_AMBIGUOUS;
	switch (span->space->seen_kind) {
	case SEEN_LOG:
		return KEVENTS_CERTAIN;
	case SEEN_SNAPSHOTS:
		return question->time >= span->time && question->time <= span->until
			       ? KEVENTS_CERTAIN
			       : KEVENTS_POSSIBLE;
	default:
		return KEVENTS_POSSIBLE;
	}
}

static uint32_t certainty_of(const struct question *question, const struct found *found)
{
	if (best_of(found)->kind == SPAN_SEEN_CODE)
		return certainty_of_seen(question, found);
	if (found->candidates > 1)
		return KEVENTS_AMBIGUOUS;
	return found->sure ? KEVENTS_CERTAIN : KEVENTS_POSSIBLE;
}

/* Whether records are missing between two times. */
static bool is_after_loss(const struct kevents_maps *maps, uint64_t since, uint64_t time)
{
	for (size_t i = maps->loss_count; i--;)
		if (maps->losses[i] <= time)
			return maps->losses[i] > since;
	return false;
}

static struct subject *keep(
	struct kevents_maps *maps, struct subject **kept, struct subject *subject)
{
	struct subject *before = *kept;

	*kept = subject ? subject_get(subject) : NULL;
	subject_put(&maps->spans.subjects, before);
	return subject;
}

static void describe_image(
	struct question *question, const struct span *span, struct kevents_place *place)
{
	struct kevents_maps *maps = question->maps;
	const struct subject *image = keep(maps, &maps->answer_image, span->subject);

	place->image = image->name;
	place->address = span->start;
	place->size = span->last - span->start + 1;
	place->offset = question->address - span->start + span->offset;
	place->since = span->time;
	place->device = image->device;
	place->inode = image->inode;
	place->build_id_size = image->build_id_size;
	memcpy(place->build_id, image->build_id, sizeof(place->build_id));
}

static void describe_code(struct question *question, struct kevents_place *place)
{
	struct kevents_maps *maps = question->maps;
	const struct span *span = best_of(&question->code);

	place->kind = KEVENTS_PLACE_JIT;
	place->certainty = certainty_of(question, &question->code);
	place->candidates = question->code.candidates;
	place->image = "[jit]";
	place->address = span->start;
	place->size = span->last - span->start + 1;
	place->since = span->time;
	place->offset = place->symbol_offset = question->address - span->start;
	place->symbol = keep(maps, &maps->answer_code, span->subject)->name;
}

static void find_symbol(struct question *question, struct kevents_place *place)
{
	struct kevents_maps *maps = question->maps;
	const char *symbol;

	if (maps->options.options & KEVENTS_MAPS_NO_SYMBOLS) {
		place->why_no_symbol = "symbols are not wanted";
		return;
	}
	symbol = symbol_cache_find(maps->symbols, maps->answer_image, question->pid, place->offset,
		&place->symbol_offset, &place->why_no_symbol);
	free(maps->answer_symbol);
	place->symbol = maps->answer_symbol = symbol ? strdup(symbol) : NULL;
}

static int answer(struct question *question, struct kevents_place *place)
{
	const struct span *span;

	question->code = find_any_code(question);
	if (best_of(&question->code)) {
		describe_code(question, place);
		return 0;
	}
	question->mapping = spans_find(&question->maps->spans, question->space, question->address,
		question->time, SPAN_BIT(SPAN_IMAGE) | SPAN_BIT(SPAN_MEMORY) | SPAN_BIT(SPAN_GONE));
	span = best_of(&question->mapping);
	if (!span || span->kind == SPAN_GONE)
		return -ENOENT;
	place->certainty = certainty_of(question, &question->mapping);
	place->candidates = question->mapping.candidates;
	describe_image(question, span, place);
	if (span->kind == SPAN_MEMORY) {
		place->kind = KEVENTS_PLACE_MEMORY;
		place->offset = question->address - span->start;
		place->why_no_symbol = "memory that no file and no compiler tells of";
	} else {
		place->kind = KEVENTS_PLACE_IMAGE;
		find_symbol(question, place);
	}
	return 0;
}

static bool is_kernel_address(uint64_t address)
{
	return address >> 63;
}

/* What ftrace and BPF put there has a name of its own; of modules and the kernel kallsyms knows it.
 */
static int answer_kernel(struct question *question, struct kevents_place *place)
{
	struct kevents_maps *maps = question->maps;
	const struct span *span;

	question->mapping = spans_find(&maps->spans, maps->kernel, question->address,
		question->time, SPAN_BIT(SPAN_IMAGE) | SPAN_BIT(SPAN_GONE));
	span = best_of(&question->mapping);
	place->kind = KEVENTS_PLACE_KERNEL;
	place->certainty = KEVENTS_CERTAIN;
	place->candidates = 1;
	place->image = "[kernel]";
	if (span && span->kind == SPAN_GONE)
		return -ENOENT;
	if (span) {
		describe_image(question, span, place);
		place->certainty = certainty_of(question, &question->mapping);
		place->device = 0;
		place->offset = place->symbol_offset = question->address - span->start;
		if (span->subject->device != KEVENTS_MODULE) {
			place->symbol = span->subject->name;
			return 0;
		}
	}
	if (maps->options.options & KEVENTS_MAPS_THIS_KERNEL)
		place->symbol = symbol_cache_find_kernel(maps->symbols, question->address,
			&place->symbol_offset, &place->why_no_symbol);
	else
		place->why_no_symbol = "the records may be of another kernel than this one";
	return 0;
}

static int explain(const struct question *question, int err, struct kevents_error *error)
{
	const struct kevents_maps *maps = question->maps;
	double time = SECONDS(question->time);

	if (question->time < maps->forgotten)
		return kevents_fail(error, -ESTALE,
			"process %d at %.9f: what was before %.9f was let go of", question->pid,
			time, SECONDS(maps->forgotten));
	if (err == -ESRCH)
		return kevents_fail(error, err, "process %d at %.9f: no such process at that time",
			question->pid, time);
	return kevents_fail(error, err, "process %d at %.9f: nothing executable is known at %#llx",
		question->pid, time, (unsigned long long)question->address);
}

int kevents_resolve(struct kevents_maps *maps, int32_t pid, uint64_t address, uint64_t time,
	struct kevents_place *place, struct kevents_error *error)
{
	struct question question = {.maps = maps, .pid = pid, .address = address, .time = time};
	const struct era *era;
	int err;

	if (!maps || !place)
		return kevents_fail(error, -EINVAL, "no maps, or no place for the answer");
	memset(place, 0, sizeof(*place));
	era = process_at(process_find(&maps->processes, pid), time);
	if (era) {
		memcpy(place->comm, era->comm, sizeof(place->comm));
		place->process_time = era->from;
		question.space = era->space;
	}
	if (is_kernel_address(address))
		err = answer_kernel(&question, place);
	else
		err = question.space ? answer(&question, place) : -ESRCH;
	if (err)
		return explain(&question, err, error);
	place->is_after_loss = is_after_loss(maps, place->since, time);
	return 0;
}
