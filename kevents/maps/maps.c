// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>
#include "../error.h"
#include "internal.h"

static const size_t memory_default = 256 << 20;
static const uint64_t start_time_granularity = 20000000; /* ns, twice that of what /proc knows */

int kevents_maps_new(const struct kevents_maps_options *options, struct kevents_maps **result,
	struct kevents_error *error)
{
	struct kevents_maps *maps;

	if (!result || (options && options->size != sizeof(*options)))
		return kevents_fail(error, -EINVAL, "the options are not of this version");
	maps = calloc(1, sizeof(*maps));
	if (!maps)
		return kevents_fail(error, -ENOMEM, "no memory");
	maps->notify = -1;
	if (options)
		maps->options = *options;
	if (maps->options.options & KEVENTS_MAPS_JIT)
		maps->notify = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (!maps->options.memory)
		maps->options.memory = memory_default;
	maps->kernel = space_new(&maps->spans, NULL, 0);
	if (!maps->kernel || symbol_cache_new(&maps->symbols)) {
		kevents_maps_close(maps);
		return kevents_fail(error, -ENOMEM, "no memory");
	}
	*result = maps;
	return 0;
}

static void stop_following(struct process *process, void *context)
{
	(void)context;
	jit_files_close(process->jit);
	process->jit = NULL;
}

void kevents_maps_close(struct kevents_maps *maps)
{
	if (!maps)
		return;
	processes_each(&maps->processes, stop_following, NULL);
	subject_put(&maps->spans.subjects, maps->answer_image);
	subject_put(&maps->spans.subjects, maps->answer_code);
	processes_free(&maps->processes, &maps->spans);
	space_put(&maps->spans, maps->kernel);
	spans_free(&maps->spans);
	symbol_cache_free(maps->symbols);
	if (maps->notify >= 0)
		close(maps->notify);
	free(maps->answer_symbol);
	free(maps->losses);
	free(maps);
}

/* An era of which records will tell from now on. */
static int begin_era(struct kevents_maps *maps, int32_t pid, const struct kevents_record *record,
	struct space *space)
{
	struct era era = {.from = record->time, .known = record->time, .space = space};
	struct process *process;

	if (!space)
		return -ENOMEM;
	process = process_find_or_make(&maps->processes, pid);
	if (!process) {
		space_put(&maps->spans, space);
		return -ENOMEM;
	}
	memcpy(era.comm, record->comm, sizeof(era.comm) - 1);
	if (record->pid == pid)
		era.start_time = record->start_time;
	return process_add_era(&maps->processes, &maps->spans, process, &era);
}

static int take_fork(struct kevents_maps *maps, const struct kevents_record *record)
{
	struct era *parent = process_now(process_find(&maps->processes, record->pid));
	struct process *child = process_find(&maps->processes, record->fork.child_pid);
	const struct era *now = process_now(child);

	if (record->fork.is_thread)
		return 0;
	/* What is told to have been there already inherits nothing: its images are told, too. */
	if (record->flags & KEVENTS_SYNTHESISED) {
		if (now && now->space)
			return 0;
		parent = NULL;
	}
	if (child)
		maps_stop_following(maps, child);
	return begin_era(maps, record->fork.child_pid, record,
		space_new(&maps->spans, parent ? parent->space : NULL, record->time));
}

static bool is_the_same_process(const struct era *era, const struct kevents_record *record)
{
	uint64_t a = era->start_time, b = record->start_time;

	return !a || !b || (a > b ? a - b : b - a) <= start_time_granularity;
}

/* A process that was found running is known since then, and was there before. */
static int take_found_program(struct kevents_maps *maps, const struct kevents_record *record)
{
	struct process *process = process_find(&maps->processes, record->pid);
	struct era *era = process_now(process);
	int err;

	if (era && era->space && !is_the_same_process(era, record))
		era = NULL;
	if (!era || !era->space) {
		err = begin_era(maps, record->pid, record, space_new(&maps->spans, NULL, 0));
		if (err)
			return err;
		process = process_find(&maps->processes, record->pid);
		era = process_now(process);
	}
	memcpy(era->comm, record->comm, sizeof(era->comm) - 1);
	if (era->space->span_count || !record->start_time || record->start_time > era->from)
		return 0;
	era->start_time = record->start_time;
	/* It began after whatever had its number before. */
	if (process->count < 2 || era[-1].from < record->start_time)
		era->from = record->start_time;
	return 0;
}

static int take_exec(struct kevents_maps *maps, const struct kevents_record *record)
{
	struct process *process = process_find(&maps->processes, record->pid);

	if (record->flags & KEVENTS_SYNTHESISED)
		return take_found_program(maps, record);
	if (process)
		maps_stop_following(maps, process);
	return begin_era(maps, record->pid, record, space_new(&maps->spans, NULL, 0));
}

static int take_exit(struct kevents_maps *maps, const struct kevents_record *record)
{
	struct process *process = process_find(&maps->processes, record->pid);
	struct era end = {.from = record->time, .known = record->time};

	if (record->exit.is_thread || !process)
		return 0;
	maps_stop_following(maps, process);
	return process_add_era(&maps->processes, &maps->spans, process, &end);
}

/* Memory that programs write code into, though it has a name as files have. */
static bool is_memory(const struct kevents_record *record)
{
	static const char *const names[] = {
		"/memfd:", "/dev/zero", "/anon_hugepage", "/SYSV", "/dev/shm/"};
	const char *path = record->image.path ? record->image.path : "";

	if (record->type == KEVENTS_ANON_EXEC || !*path || !record->image.inode)
		return true;
	if (record->image.build_id_size)
		return false;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!strncmp(path, names[i], strlen(names[i])))
			return true;
	return false;
}

/* The process as it is now; if nothing is known of it, it is made: what it was before is not known.
 */
static struct process *running_process(
	struct kevents_maps *maps, const struct kevents_record *record)
{
	struct process *process = process_find(&maps->processes, record->pid);
	const struct era *era = process_now(process);

	if (era && era->space)
		return process;
	if (begin_era(maps, record->pid, record, space_new(&maps->spans, NULL, 0)))
		return NULL;
	return process_find(&maps->processes, record->pid);
}

/* Whether it says only what is known: a runtime that makes its memory writable and back again. */
static bool is_known(const struct kevents_maps *maps, const struct space *space,
	const struct span *span, const struct subject *subject)
{
	const unsigned int kinds =
		SPAN_BIT(SPAN_IMAGE) | SPAN_BIT(SPAN_MEMORY) | SPAN_BIT(SPAN_GONE);
	const struct span *first =
		spans_find(&maps->spans, space, span->start, span->time, kinds).sure;
	const struct span *last =
		spans_find(&maps->spans, space, span->last, span->time, kinds).sure;

	return first && first == last && first->kind == span->kind && first->subject == subject &&
	       first->offset - first->start == span->offset - span->start;
}

static int add_image(struct kevents_maps *maps, struct space *space,
	const struct kevents_image *image, struct span *span)
{
	struct subject *subject = NULL;

	if (!image->size || __builtin_add_overflow(image->address, image->size - 1, &span->last))
		return 0;
	span->start = image->address;
	if (span->kind != SPAN_GONE) {
		subject = subject_of_image(&maps->spans.subjects, image);
		if (!subject)
			return -ENOMEM;
		span->offset = image->inode ? image->offset : 0;
		if (!maps_has_room(maps)) {
			subject_put(&maps->spans.subjects, subject);
			return -ENOMEM;
		}
		if (is_known(maps, space, span, subject)) {
			subject_put(&maps->spans.subjects, subject);
			return 0;
		}
	}
	return spans_add(&maps->spans, space, span, subject);
}

static bool is_named(const char *path, const char *name)
{
	const char *last = strrchr(path, '/');

	return last && !strcmp(last + 1, name);
}

static int take_image(struct kevents_maps *maps, const struct kevents_record *record)
{
	struct process *process = running_process(maps, record);
	struct span span = {.time = record->time, .earliest = record->time};
	struct era *era = process_now(process);
	int err;

	if (!process)
		return -ENOMEM;
	if (record->flags & KEVENTS_SYNTHESISED)
		span.earliest = era->from < record->time ? era->from : record->time;
	span.kind = record->type == KEVENTS_IMAGE_UNLOAD ? SPAN_GONE
		    : is_memory(record)			 ? SPAN_MEMORY
							 : SPAN_IMAGE;
	err = add_image(maps, era->space, &record->image, &span);
	if (!err && span.kind == SPAN_IMAGE && is_named(record->image.path, "libjvm.so"))
		era->space->has_late_jitdump = true;
	/* Not for the kernel's own pages, [vdso], which every process has. */
	if (!err && span.kind == SPAN_IMAGE)
		maps_follow(maps, process, record->image.path);
	else if (!err && (record->type == KEVENTS_ANON_EXEC || record->image.inode))
		maps_follow(maps, process, NULL);
	return err;
}

static int take_kernel(struct kevents_maps *maps, const struct kevents_record *record)
{
	const struct kevents_kernel *kernel = &record->kernel;
	struct kevents_image image = {.address = kernel->address,
		.size = kernel->size,
		.path = kernel->name,
		.build_id_size = kernel->build_id_size};
	struct span span = {.time = record->time,
		.earliest = record->time,
		.kind = record->type == KEVENTS_KERNEL_LOAD ? SPAN_IMAGE : SPAN_GONE};

	if (!(record->flags & KEVENTS_SYNTHESISED))
		symbol_cache_forget_kernel(maps->symbols);
	if (!kernel->address) /* the kernel hides it */
		return 0;
	if (record->flags & KEVENTS_SYNTHESISED)
		span.earliest = 0;
	/* device says which kind it is. */
	image.device = kernel->kind;
	memcpy(image.build_id, kernel->build_id, sizeof(image.build_id));
	return add_image(maps, maps->kernel, &image, &span);
}

static void take_comm(struct kevents_maps *maps, const struct kevents_record *record)
{
	struct era *era = process_now(process_find(&maps->processes, record->pid));

	if (era && record->pid == record->tid)
		memcpy(era->comm, record->comm, sizeof(era->comm) - 1);
}

static int take_loss(struct kevents_maps *maps, const struct kevents_record *record)
{
	maps->lost += record->lost.count;
	if (!maps->losses) {
		maps->losses = calloc(LOSSES_MAX, sizeof(*maps->losses));
		if (!maps->losses)
			return -ENOMEM;
	}
	/* Too many to tell apart: the last one stands for those that come. */
	if (maps->loss_count == LOSSES_MAX)
		maps->loss_count--;
	maps->losses[maps->loss_count++] = record->time;
	return 0;
}

static int take(struct kevents_maps *maps, const struct kevents_record *record)
{
	switch (record->type) {
	case KEVENTS_FORK:
		return take_fork(maps, record);
	case KEVENTS_EXEC:
		return take_exec(maps, record);
	case KEVENTS_EXIT:
		return take_exit(maps, record);
	case KEVENTS_IMAGE_LOAD:
	case KEVENTS_IMAGE_UNLOAD:
	case KEVENTS_ANON_EXEC:
		return take_image(maps, record);
	case KEVENTS_KERNEL_LOAD:
	case KEVENTS_KERNEL_UNLOAD:
		return take_kernel(maps, record);
	case KEVENTS_COMM:
		take_comm(maps, record);
		return 0;
	case KEVENTS_LOST:
		return take_loss(maps, record);
	default:
		return 0;
	}
}

int kevents_maps_add(const struct kevents_record *record, void *context)
{
	struct kevents_maps *maps = context;
	int err;

	if (!record || !maps)
		return -EINVAL;
	if (record->time > maps->now)
		maps->now = record->time;
	maps_prune(maps);
	err = take(maps, record);
	maps->refused += err == -ENOMEM;
	return err;
}

void kevents_maps_get_state(const struct kevents_maps *maps, struct kevents_maps_state *state)
{
	*state = (struct kevents_maps_state){
		.memory = maps_memory(maps),
		.symbol_memory = symbol_cache_memory(maps->symbols),
		.processes = maps->processes.running,
		.spans = maps->spans.span_count,
		.forgotten = maps->forgotten,
		.refused = maps->refused,
		.jit_files = maps->jit_following,
		.jit_code = maps->jit_code,
		.jit_bad = maps->jit_count.bad,
		.jit_not_taken = maps->jit_count.not_taken,
		.lost = maps->lost,
	};
}
