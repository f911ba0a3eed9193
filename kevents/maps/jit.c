// SPDX-License-Identifier: GPL-2.0-or-later
/* Code made at run time, as the files of runtimes tell of it, into the spaces of processes. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "../error.h"
#include "internal.h"

static int add_code(struct jit_target *target, struct span *span, uint64_t start, uint64_t size,
	const char *name, size_t name_length)
{
	struct kevents_maps *maps = target->maps;
	struct subject *subject;

	if (!size || (target->latest && span->earliest > target->latest))
		return 0;
	maps_prune(maps);
	if (!maps_has_room(maps)) {
		maps->refused++;
		return 0;
	}
	subject = subject_of_code(&maps->spans.subjects, name, name_length);
	if (!subject)
		return -ENOMEM;
	span->start = start;
	span->last = start + size - 1;
	if (target->latest && span->time > target->latest)
		span->time = target->latest;
	maps->jit_code++;
	return spans_add(&maps->spans, target->space, span, subject);
}

/* Whether the map only says again what it said before. */
static bool is_still_there(
	struct jit_target *target, const struct perf_map_line *line, uint64_t seen)
{
	struct found found = spans_find(
		&target->maps->spans, target->space, line->start, seen, SPAN_BIT(SPAN_SEEN_CODE));
	struct span *span = (struct span *)found.sure;

	if (!span || span->space != target->space || span->start != line->start ||
		span->last != line->start + line->size - 1 ||
		strlen(span->subject->name) != line->name_length ||
		memcmp(span->subject->name, line->name, line->name_length) != 0)
		return false;
	span->until = seen;
	return true;
}

/* A map that tells of two at one place tells of more than one moment. */
static void note_overlap(struct jit_target *target, const struct perf_map_line *line, uint64_t seen)
{
	struct found found = spans_find(
		&target->maps->spans, target->space, line->start, seen, SPAN_BIT(SPAN_SEEN_CODE));

	if (found.sure && found.sure->space == target->space && target->is_one_file &&
		found.sure->sequence > target->sequence && target->space->seen_kind == SEEN_UNKNOWN)
		target->space->seen_kind = SEEN_LOG;
}

int maps_take_line(
	const struct perf_map_line *line, uint64_t earliest, uint64_t seen, void *context)
{
	struct jit_target *target = context;
	struct span span = {.kind = SPAN_SEEN_CODE, .earliest = earliest, .time = seen};

	if (is_still_there(target, line, seen))
		return 0;
	note_overlap(target, line, seen);
	return add_code(target, &span, line->start, line->size, line->name, line->name_length);
}

static int take_move(struct jit_target *target, const struct jitdump_record *record)
{
	struct spans *spans = &target->maps->spans;
	struct span span = {.kind = SPAN_CODE, .earliest = record->time, .time = record->time};
	struct found found = spans_find(spans, target->space, record->old_start, record->time,
		SPAN_BIT(SPAN_CODE) | SPAN_BIT(SPAN_CODE_GONE));
	const struct subject *subject = found.sure ? found.sure->subject : NULL;
	struct span gone = span;
	int err;

	if (!subject || found.sure->start != record->old_start)
		return 0;
	gone.kind = SPAN_CODE_GONE;
	gone.start = found.sure->start;
	gone.last = found.sure->last;
	err = spans_add(spans, target->space, &gone, NULL);
	return err ? err
		   : add_code(target, &span, record->start, record->size, subject->name,
			     strlen(subject->name));
}

/*
 * HotSpot tells its agents of code from a queue (CompiledMethodLoad is posted by a service thread),
 * when the code may run already. This is far more than was ever seen.
 */
static const uint64_t late_by = 250000000; /* ns */

static uint64_t earliest_of(const struct jit_target *target, uint64_t time)
{
	if (!target->space->has_late_jitdump)
		return time;
	return time > late_by ? time - late_by : 0;
}

int maps_take_record(const struct jitdump_record *record, void *context)
{
	struct jit_target *target = context;
	struct span span = {.kind = SPAN_CODE, .time = record->time};

	span.earliest = earliest_of(target, record->time);
	if (record->kind == JITDUMP_MOVE)
		return take_move(target, record);
	return add_code(
		target, &span, record->start, record->size, record->name, record->name_length);
}

static void look(struct kevents_maps *maps, struct process *process, bool is_last)
{
	struct jit_target target = {.maps = maps, .is_one_file = true};
	struct jit_taker taker = {maps_take_line, maps_take_record, &target};
	struct era *era = process_now(process);

	if (!process->jit || !era || !era->space)
		return;
	target.space = era->space;
	if (jit_files_habit(process->jit) == PERF_MAP_IS_REWRITTEN)
		target.is_one_file = false;
	jit_files_look(process->jit, is_last, &taker, &maps->jit_count);
	switch (jit_files_habit(process->jit)) {
	case PERF_MAP_GROWS:
		era->space->seen_kind = SEEN_LOG;
		break;
	case PERF_MAP_IS_REWRITTEN:
		era->space->seen_kind = SEEN_SNAPSHOTS;
		break;
	case PERF_MAP_HABIT_UNKNOWN:
		break;
	}
}

void maps_follow(struct kevents_maps *maps, struct process *process, const char *mapped_path)
{
	struct era *era = process_now(process);
	bool is_dump = mapped_path && strstr(mapped_path, "/jit-");

	if (!(maps->options.options & KEVENTS_MAPS_JIT) || (mapped_path && !is_dump))
		return;
	if (!process->jit) {
		if (jit_files_open(process->pid, era->from, maps->notify, &process->jit))
			return;
		maps->jit_following++;
	}
	if (is_dump)
		jit_files_note_mapping(process->jit, mapped_path);
}

void maps_stop_following(struct kevents_maps *maps, struct process *process)
{
	if (!process->jit)
		return;
	look(maps, process, true);
	jit_files_close(process->jit);
	process->jit = NULL;
	maps->jit_following--;
}

static void look_at_one(struct process *process, void *context)
{
	look(context, process, false);
}

/* What it tells is only that something changed. Before the look: what comes behind it is told
 * again. */
static void drain(int notify)
{
	char events[4096];

	while (notify >= 0 && read(notify, events, sizeof(events)) > 0)
		;
}

int kevents_maps_fd(const struct kevents_maps *maps)
{
	return maps ? maps->notify : -EINVAL;
}

void kevents_maps_look(struct kevents_maps *maps)
{
	if (!maps || !maps->jit_following)
		return;
	drain(maps->notify);
	processes_each(&maps->processes, look_at_one, maps);
}
