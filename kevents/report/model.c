// SPDX-License-Identifier: GPL-2.0-or-later
#include "model.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "../../lib/text/shell.h"
#include "../../lib/text/text.h"
#include "strings.h"

enum {
	BUCKETS = 1 << 16,
	ARGS_MAX = 400, /* bytes of a command line */
};

static const uint64_t bin_width_min = 1000000; /* ns */

int model_init(struct report_model *model, const struct kevents_recording_info *info)
{
	memset(model, 0, sizeof(*model));
	model->info = *info;
	model->bin_width = bin_width_min;
	model->bucket_count = BUCKETS;
	model->buckets = malloc(BUCKETS * sizeof(*model->buckets));
	if (!model->buckets || strings_init(model))
		return -ENOMEM;
	memset(model->buckets, 0xff, BUCKETS * sizeof(*model->buckets));
	return 0;
}

void model_free(struct report_model *model)
{
	for (uint32_t i = 0; i < model->process_count; i++)
		free(model->processes[i].execs);
	free(model->processes);
	free(model->buckets);
	strings_free(model);
}

/* -- rates -- */

static void widen_bins(struct report_model *model)
{
	for (size_t rate = 0; rate < REPORT_RATES; rate++) {
		uint64_t *bins = model->bins[rate];

		for (size_t i = 0; i < REPORT_BINS / 2; i++)
			bins[i] = bins[2 * i] + bins[2 * i + 1];
		memset(bins + REPORT_BINS / 2, 0, REPORT_BINS / 2 * sizeof(*bins));
	}
	model->bin_width *= 2;
}

static void count(struct report_model *model, enum report_rate rate, uint64_t time, uint64_t number)
{
	uint64_t bin;

	/* One that is late belongs to the first. */
	for (;;) {
		bin = time > model->begin ? (time - model->begin) / model->bin_width : 0;
		if (bin < REPORT_BINS)
			break;
		widen_bins(model);
	}
	model->bins[rate][bin] += number;
}

static void count_record(struct report_model *model, const struct kevents_record *record)
{
	static const uint8_t rates[KEVENTS_TYPE_MAX + 1] = {[KEVENTS_FORK] = REPORT_FORK,
		[KEVENTS_EXEC] = REPORT_EXEC,
		[KEVENTS_EXIT] = REPORT_EXIT,
		[KEVENTS_IMAGE_LOAD] = REPORT_LOAD,
		[KEVENTS_IMAGE_UNLOAD] = REPORT_UNLOAD,
		[KEVENTS_ANON_EXEC] = REPORT_ANON,
		[KEVENTS_KERNEL_LOAD] = REPORT_KERNEL,
		[KEVENTS_KERNEL_UNLOAD] = REPORT_KERNEL,
		[KEVENTS_LOST] = REPORT_LOST};
	uint64_t number = 1;
	uint8_t rate;

	if (record->type > KEVENTS_TYPE_MAX || record->type == KEVENTS_COMM ||
		record->type == KEVENTS_CGROUP)
		return;
	rate = rates[record->type];
	if (record->type == KEVENTS_FORK && record->fork.is_thread)
		rate = REPORT_THREAD;
	if (record->type == KEVENTS_EXIT && record->exit.is_thread)
		return;
	if (record->type == KEVENTS_LOST) {
		number = record->lost.count;
		model->lost += number;
	}
	count(model, rate, record->time, number);
}

/* -- processes -- */

static uint32_t *bucket_of(struct report_model *model, int32_t pid)
{
	return &model->buckets[(uint32_t)pid % model->bucket_count];
}

static struct report_process *find(struct report_model *model, int32_t pid)
{
	uint32_t index = *bucket_of(model, pid);

	while (index != REPORT_NONE && model->processes[index].pid != pid)
		index = model->processes[index].next;
	return index == REPORT_NONE ? NULL : &model->processes[index];
}

static struct report_process *find_running(struct report_model *model, int32_t pid)
{
	struct report_process *process = find(model, pid);

	return process && !process->end ? process : NULL;
}

static struct report_process *make(struct report_model *model, int32_t pid, uint64_t begin)
{
	struct report_process *process;
	uint32_t *bucket = bucket_of(model, pid);

	if (model->process_count == model->process_room) {
		uint32_t room = model->process_room ? model->process_room * 2 : 1024;
		struct report_process *larger;

		larger = room < REPORT_NONE / 2
				 ? reallocarray(model->processes, room, sizeof(*larger))
				 : NULL;
		if (!larger)
			return NULL;
		model->processes = larger;
		model->process_room = room;
	}
	process = &model->processes[model->process_count];
	*process = (struct report_process){
		.pid = pid, .parent = REPORT_NONE, .begin = begin, .next = *bucket};
	*bucket = model->process_count++;
	return process;
}

static int add_exec(struct report_model *model, struct report_process *process, uint64_t time,
	const char *comm, const char *args)
{
	struct report_exec *exec, *larger;

	/* Room for 1, 2, 4, 8, ... */
	if (!(process->exec_count & (process->exec_count - 1))) {
		size_t room = process->exec_count ? process->exec_count * 2 : 1;

		larger = reallocarray(process->execs, room, sizeof(*larger));
		if (!larger)
			return -ENOMEM;
		process->execs = larger;
	}
	exec = &process->execs[process->exec_count];
	exec->time = time;
	if (string_number(model, comm, &exec->comm) || string_number(model, args, &exec->args))
		return -ENOMEM;
	process->exec_count++;
	return 0;
}

/* comm: of a record, which may be any bytes. line: of shell_line. */
static int add_program(struct report_model *model, struct report_process *process, uint64_t time,
	const char *comm, const char *line)
{
	char *safe = safe_text(comm);
	int err = safe ? add_exec(model, process, time, safe, line) : -ENOMEM;

	free(safe);
	return err;
}

/* One that must be there; if nobody told of its beginning, it was there before. */
static struct report_process *expect(
	struct report_model *model, const struct kevents_record *record)
{
	struct report_process *process = find_running(model, record->pid);

	if (process)
		return process;
	process = make(model, record->pid, record->start_time ? record->start_time : record->time);
	if (!process || add_program(model, process, process->begin, record->comm, ""))
		return NULL;
	process->is_found = true;
	process->is_kernel = record->flags & KEVENTS_KERNEL_THREAD;
	if (record->parent_pid) {
		const struct report_process *parent = find_running(model, record->parent_pid);

		process->parent = parent ? (uint32_t)(parent - model->processes) : REPORT_NONE;
	}
	return process;
}

static int take_fork(struct report_model *model, const struct kevents_record *record)
{
	bool is_found = record->flags & KEVENTS_SYNTHESISED;
	struct report_process *child, *parent = find_running(model, record->pid);
	uint32_t parent_index, comm = 0, args = 0;

	if (record->fork.is_thread) {
		if (parent)
			parent->threads++;
		return 0;
	}
	if (is_found && find_running(model, record->fork.child_pid))
		return 0;
	if (!parent && !is_found && record->pid) {
		parent = expect(model, record);
		if (!parent)
			return -ENOMEM;
	}
	/* Numbers instead of the pointer: make can move the processes. */
	if (parent && parent->exec_count) {
		comm = parent->execs[parent->exec_count - 1].comm;
		args = parent->execs[parent->exec_count - 1].args;
	}
	parent_index = parent ? (uint32_t)(parent - model->processes) : REPORT_NONE;
	child = make(model, record->fork.child_pid, record->time);
	if (!child)
		return -ENOMEM;
	child->parent = parent_index;
	child->is_found = is_found;
	child->is_kernel = record->flags & KEVENTS_KERNEL_THREAD;
	if (is_found)
		return add_program(model, child, record->time, record->comm, "");
	/* Until it runs another program it is a copy of its parent. */
	return add_exec(model, child, record->time, model->strings[comm], model->strings[args]);
}

/* The command line, as text that shell_line makes; NULL when memory is short. */
static char *line_of(const struct kevents_exec *exec)
{
	uint32_t size = exec->args_size;
	char args[ARGS_MAX + 1];

	if (!exec->args || !size || !exec->args[0])
		return shell_line(exec->path ? exec->path : "",
			exec->path ? strlen(exec->path) + 1 : 0, false, NULL);
	if (size <= ARGS_MAX)
		return shell_line(exec->args, size, exec->args_missing, NULL);
	memcpy(args, exec->args, ARGS_MAX);
	args[ARGS_MAX] = 0;
	return shell_line(args, ARGS_MAX + 1, true, NULL);
}

/* It runs a program with that command line. */
static int take_program(struct report_model *model, struct report_process *process,
	const struct kevents_record *record, const char *line)
{
	if (!(record->flags & KEVENTS_SYNTHESISED))
		return add_program(model, process, record->time, record->comm, line);
	if (!process->is_found)
		return 0;
	/* What it has been running is its first program. */
	process->exec_count = 0;
	free(process->execs);
	process->execs = NULL;
	if (record->start_time && record->start_time < process->begin)
		process->begin = record->start_time;
	if (record->flags & KEVENTS_KERNEL_THREAD)
		process->is_kernel = true;
	return add_program(model, process, process->begin, record->comm, line);
}

static int take_exec(struct report_model *model, const struct kevents_record *record)
{
	struct report_process *process = expect(model, record);
	char *args = line_of(&record->exec);
	int err;

	err = process && args ? take_program(model, process, record, args) : -ENOMEM;
	free(args);
	return err;
}

static int take_exit(struct report_model *model, const struct kevents_record *record)
{
	struct report_process *process;

	if (record->exit.is_thread)
		return 0;
	process = expect(model, record);
	if (!process)
		return -ENOMEM;
	process->end = record->time;
	process->exit = record->exit;
	return 0;
}

static int take_comm(struct report_model *model, const struct kevents_record *record)
{
	struct report_process *process = find_running(model, record->pid);
	uint32_t args = 0;

	if (!process || record->pid != record->tid)
		return 0;
	if (process->exec_count)
		args = process->execs[process->exec_count - 1].args;
	if (record->flags & KEVENTS_SYNTHESISED)
		return 0;
	return add_program(model, process, record->time, record->comm, model->strings[args]);
}

int model_add(struct report_model *model, const struct kevents_record *record)
{
	struct report_process *process;

	model->records++;
	if (!(record->flags & KEVENTS_SYNTHESISED)) {
		if (!model->begin)
			model->begin = record->time;
		if (record->time > model->end)
			model->end = record->time;
		count_record(model, record);
	}
	switch (record->type) {
	case KEVENTS_FORK:
		return take_fork(model, record);
	case KEVENTS_EXEC:
		return take_exec(model, record);
	case KEVENTS_EXIT:
		return take_exit(model, record);
	case KEVENTS_COMM:
		return take_comm(model, record);
	case KEVENTS_IMAGE_LOAD:
		process = find_running(model, record->pid);
		if (process)
			process->images++;
		return 0;
	default:
		return 0;
	}
}

/* -- which are shown -- */

static uint64_t life_of(const struct report_model *model, const struct report_process *process)
{
	uint64_t end = process->end ? process->end : model->end;

	return end > process->begin ? end - process->begin : 0;
}

static int compare(const void *left, const void *right)
{
	const uint64_t *a = left, *b = right;

	return *a < *b ? 1 : *a > *b ? -1 : 0;
}

/* How long the last of the most that lived longest lived; 0: all may stay. */
static int shortest_life(const struct report_model *model, uint32_t most, uint64_t *shortest)
{
	uint64_t *lives;

	*shortest = 0;
	if (model->process_count <= most)
		return 0;
	lives = calloc(model->process_count, sizeof(*lives));
	if (!lives)
		return -ENOMEM;
	for (uint32_t i = 0; i < model->process_count; i++)
		lives[i] = life_of(model, &model->processes[i]);
	qsort(lives, model->process_count, sizeof(*lives), compare);
	*shortest = lives[most - 1];
	free(lives);
	return 0;
}

static uint32_t keep_with_ancestors(struct report_model *model, uint32_t at)
{
	uint32_t kept = 0;

	for (; at != REPORT_NONE && !model->processes[at].is_kept; kept++) {
		model->processes[at].is_kept = true;
		at = model->processes[at].parent;
	}
	return kept;
}

int model_choose(struct report_model *model, uint32_t most, uint32_t *omitted)
{
	uint64_t shortest;
	uint32_t kept = 0;
	int err = shortest_life(model, most, &shortest);

	if (err)
		return err;
	for (uint32_t i = 0; i < model->process_count; i++)
		if (life_of(model, &model->processes[i]) > shortest)
			kept += keep_with_ancestors(model, i);
	/* Of those that lived as long as the last one, as many as there is room for. */
	for (uint32_t i = 0; i < model->process_count && kept < most; i++)
		if (life_of(model, &model->processes[i]) == shortest)
			kept += keep_with_ancestors(model, i);
	*omitted = model->process_count - kept;
	return 0;
}
