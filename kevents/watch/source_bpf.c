// SPDX-License-Identifier: GPL-2.0-or-later
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "../error.h"
#include "../kernel/event.h"
#include "kernel_event.h"
#include "source.h"

/* bpftool's C is not ours. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
#pragma GCC diagnostic ignored "-Woverlength-strings"
#include "kevents.skel.h"
#pragma GCC diagnostic pop

struct bpf_source {
	struct kevents_bpf *program;
	struct ring_buffer *ring;
	struct order *order; /* while it is drained */
	struct who *who;     /* the same */
	int error;	     /* that ended a drain */
	int cpus;
	uint64_t *lost;	    /* of each CPU, told so far */
	uint64_t *last;	    /* time of the last event of each CPU */
	uint64_t missed;    /* told so far */
	uint64_t pids_lost; /* the same */
	size_t buffer_size;
};

static int quiet(enum libbpf_print_level level, const char *format, va_list arguments)
{
	(void)level;
	(void)format;
	(void)arguments;
	return 0;
}

/* The programs, and what in the kernel they need. */
struct hook {
	const char *program;
	const char *needs; /* in the kernel's BTF */
	uint32_t kind;	   /* BTF_KIND_... of needs */
	uint32_t type;
	bool is_trampoline;
};

static const struct hook hooks[] = {
	{"on_fork", "btf_trace_sched_process_fork", BTF_KIND_TYPEDEF, KEVENTS_FORK, false},
	{"on_exec", "btf_trace_sched_process_exec", BTF_KIND_TYPEDEF, KEVENTS_EXEC, false},
	{"on_exit", "btf_trace_sched_process_exit", BTF_KIND_TYPEDEF, KEVENTS_EXIT, false},
	{"on_rename", "btf_trace_task_rename", BTF_KIND_TYPEDEF, KEVENTS_COMM, false},
	{"on_map", "perf_event_mmap", BTF_KIND_FUNC, KEVENTS_IMAGE_LOAD, true},
	{"on_unmap", "uprobe_munmap", BTF_KIND_FUNC, KEVENTS_IMAGE_UNLOAD, true},
	{"on_module_load", "btf_trace_module_load", BTF_KIND_TYPEDEF, KEVENTS_KERNEL_LOAD, false},
	{"on_module_free", "btf_trace_module_free", BTF_KIND_TYPEDEF, KEVENTS_KERNEL_UNLOAD, false},
	{"on_cgroup_mkdir", "btf_trace_cgroup_mkdir", BTF_KIND_TYPEDEF, KEVENTS_CGROUP, false},
	{"on_cgroup_rmdir", "btf_trace_cgroup_rmdir", BTF_KIND_TYPEDEF, KEVENTS_CGROUP, false},
	{"on_cgroup_attach", "btf_trace_cgroup_attach_task", BTF_KIND_TYPEDEF, KEVENTS_CGROUP,
		false},
};

/* What on_map tells. */
#define MAPPED (KEVENTS_BIT(KEVENTS_IMAGE_LOAD) | KEVENTS_BIT(KEVENTS_ANON_EXEC))

static uint32_t types_of(const struct hook *hook)
{
	return hook->type == KEVENTS_IMAGE_LOAD ? MAPPED : KEVENTS_BIT(hook->type);
}

/* Forks and exits also keep the set of descendants. */
static bool is_needed(const struct hook *hook, const struct source_request *request)
{
	if (request->filter->pid_count &&
		(hook->type == KEVENTS_FORK || hook->type == KEVENTS_EXIT))
		return true;
	if (hook->type == KEVENTS_COMM && request->types & KEVENTS_BIT(KEVENTS_EXEC))
		return true; /* see note_exec */
	return types_of(hook) & request->types;
}

static uint32_t choose_programs(struct kevents_bpf *program, const struct btf *kernel,
	const struct source_request *request, bool with_trampolines)
{
	uint32_t told = 0;

	for (size_t i = 0; i < sizeof(hooks) / sizeof(hooks[0]); i++) {
		const struct hook *hook = &hooks[i];
		bool is_there = btf__find_by_name_kind(kernel, hook->needs, hook->kind) > 0;
		bool can = is_there && (with_trampolines || !hook->is_trampoline);

		bpf_program__set_autoload(
			bpf_object__find_program_by_name(program->obj, hook->program),
			can && is_needed(hook, request));
		if (can)
			told |= types_of(hook);
	}
	return told;
}

static void set_filter(
	struct kevents_bpf *program, const struct source_request *request, bool has_images)
{
	const struct kevents_filter *filter = request->filter;

	program->rodata->wanted_types = request->types;
	program->rodata->has_images = has_images;
	program->rodata->has_pids = filter->pid_count != 0;
	program->rodata->has_descendants = request->has_descendants;
	program->rodata->has_uid = filter->has_uid;
	program->rodata->wanted_uid = filter->uid;
	program->rodata->wanted_cgroup = filter->cgroup;
	if (filter->comm) {
		program->rodata->has_comm = true;
		snprintf((char *)program->rodata->wanted_comm, EVENT_COMM_SIZE, "%s", filter->comm);
	}
	bpf_map__set_max_entries(program->maps.events, (uint32_t)request->buffer_size);
	if (!filter->pid_count)
		bpf_map__set_max_entries(program->maps.pids, 1);
}

/*
 * Perf events tell of images, and of a process its id alone. Who it is, where what its exec maps
 * belongs, and which process descends from which, is known from these.
 */
static struct source_request with_processes(const struct source_request *request)
{
	struct source_request wider = *request;

	if (request->types & MAPPED)
		wider.types |= KEVENTS_BIT(KEVENTS_FORK) | KEVENTS_BIT(KEVENTS_EXEC) |
			       KEVENTS_BIT(KEVENTS_EXIT);
	return wider;
}

static int load(struct bpf_source *source, const struct btf *kernel,
	const struct source_request *request, bool with_trampolines, uint32_t *told)
{
	struct source_request wider;
	int err;

	if (!with_trampolines) {
		wider = with_processes(request);
		request = &wider;
	}

	source->program = kevents_bpf__open();
	if (!source->program)
		return -errno;
	*told = choose_programs(source->program, kernel, request, with_trampolines);
	set_filter(source->program, request, *told & KEVENTS_BIT(KEVENTS_IMAGE_LOAD));
	err = kevents_bpf__load(source->program);
	if (!err)
		return 0;
	kevents_bpf__destroy(source->program);
	source->program = NULL;
	return err;
}

/* Some kernels let tracepoints be watched, and functions not. */
static int load_what_is_allowed(struct bpf_source *source, const struct btf *kernel,
	const struct source_request *request, uint32_t *told)
{
	int err = load(source, kernel, request, true, told);

	return err == -EPERM || err == -EINVAL || err == -EOPNOTSUPP || err == -ENOTSUP ||
			       err == -EBUSY || err == -ESRCH
		       ? load(source, kernel, request, false, told)
		       : err;
}

static int put_pids(struct bpf_source *source, const struct kevents_filter *filter)
{
	uint8_t one = 1;

	for (size_t i = 0; i < filter->pid_count; i++)
		if (bpf_map__update_elem(source->program->maps.pids, &filter->pids[i],
			    sizeof(filter->pids[i]), &one, sizeof(one), BPF_ANY))
			return -errno;
	return 0;
}

static int tell_lost(struct order *order, uint32_t cpu, uint64_t count, uint64_t since,
	uint64_t time, uint32_t why)
{
	struct kevents_record record = {.type = KEVENTS_LOST,
		.time = time,
		.cpu = cpu,
		.uid = (uint32_t)-1,
		.lost = {.count = count, .since = since, .why = why}};

	return order_add(order, &record, NULL, 0, NULL, 0);
}

/* Each event says how many of its CPU did not fit before it: what is new is told before it. */
static int tell_of_gap(struct bpf_source *source, const struct event *event)
{
	uint32_t cpu = event->cpu;
	uint64_t since, count;
	int err = 0;

	if (cpu >= (uint32_t)source->cpus)
		return 0;
	since = source->last[cpu];
	if (event->time > since)
		source->last[cpu] = event->time;
	if (event->lost <= source->lost[cpu])
		return 0;
	count = event->lost - source->lost[cpu];
	source->lost[cpu] = event->lost;
	err = tell_lost(source->order, cpu, count, since, event->time, KEVENTS_LOSS_BUFFER);
	return err;
}

/* libbpf takes the event out of the buffer also when this returns an error: it must be taken in. */
static int take_event(void *context, void *data, size_t size)
{
	struct bpf_source *source = context;
	const struct event *event = data;
	int err;

	if (size < sizeof(*event))
		return 0;
	err = tell_of_gap(source, event);
	if (!err)
		err = add_event(source->order, source->who, event);
	if (err) {
		source->error = err;
		return err;
	}
	return order_is_full(source->order) ? -EAGAIN : 0;
}

int bpf_source_drain(struct bpf_source *source, struct who *who, struct order *order)
{
	int err;

	source->order = order;
	source->who = who;
	source->error = 0;
	if (order_is_full(order))
		return 0;
	err = ring_buffer__consume(source->ring);
	if (source->error)
		return source->error;
	return err < 0 && err != -EAGAIN ? err : 0;
}

static uint64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

/* How often the kernel did not call a program since another one was running on that CPU. */
static uint64_t count_missed(const struct bpf_source *source)
{
	struct bpf_program *program;
	uint64_t missed = 0;

	bpf_object__for_each_program(program, source->program->obj)
	{
		struct bpf_prog_info info = {0};
		uint32_t size = sizeof(info);
		int fd = bpf_program__fd(program);

		if (fd >= 0 && !bpf_obj_get_info_by_fd(fd, &info, &size))
			missed += info.recursion_misses;
	}
	return missed;
}

static int count_lost_by_cpu(struct bpf_source *source, struct order *order, uint64_t time)
{
	uint64_t *lost = calloc((size_t)source->cpus, sizeof(*lost));
	uint32_t zero = 0;
	int err = 0;

	if (!lost)
		return -ENOMEM;
	if (bpf_map__lookup_elem(source->program->maps.lost, &zero, sizeof(zero), lost,
		    (size_t)source->cpus * sizeof(*lost), 0))
		err = -errno;
	for (int cpu = 0; !err && cpu < source->cpus; cpu++) {
		if (lost[cpu] <= source->lost[cpu])
			continue;
		err = tell_lost(order, (uint32_t)cpu, lost[cpu] - source->lost[cpu],
			source->last[cpu], time, KEVENTS_LOSS_BUFFER);
		source->lost[cpu] = lost[cpu];
	}
	free(lost);
	return err;
}

int bpf_source_count_lost(struct bpf_source *source, struct order *order)
{
	uint64_t time = now(), missed = count_missed(source);
	uint64_t pids_lost = __atomic_load_n(&source->program->bss->pids_lost, __ATOMIC_RELAXED);
	int err = count_lost_by_cpu(source, order, time);

	if (!err && missed > source->missed)
		err = tell_lost(order, KEVENTS_NO_CPU, missed - source->missed, 0, time,
			KEVENTS_LOSS_MISSED);
	source->missed = missed;
	if (!err && pids_lost > source->pids_lost)
		err = tell_lost(order, KEVENTS_NO_CPU, pids_lost - source->pids_lost, 0, time,
			KEVENTS_LOSS_MEMORY);
	source->pids_lost = pids_lost;
	return err;
}

static int start(struct bpf_source *source, const struct source_request *request)
{
	int err = put_pids(source, request->filter);

	if (err)
		return err;
	source->cpus = libbpf_num_possible_cpus();
	if (source->cpus < 1)
		return source->cpus ? source->cpus : -EINVAL;
	source->lost = calloc((size_t)source->cpus, sizeof(*source->lost));
	source->last = calloc((size_t)source->cpus, sizeof(*source->last));
	if (!source->lost || !source->last)
		return -ENOMEM;
	source->ring = ring_buffer__new(
		bpf_map__fd(source->program->maps.events), take_event, source, NULL);
	if (!source->ring)
		return -errno;
	return kevents_bpf__attach(source->program);
}

static int fail_open(struct kevents_error *error, int err)
{
	if (err == -EPERM || err == -EACCES)
		return kevents_fail(error, -EPERM,
			"the kernel refuses BPF programs: run as root, or with CAP_BPF and "
			"CAP_PERFMON");
	if (err == -ENOMEM)
		return kevents_fail(error, err, "out of memory");
	return kevents_fail(
		error, -EOPNOTSUPP, "the kernel refuses the BPF program: %s", strerror(-err));
}

int bpf_source_open(const struct source_request *request, struct bpf_source **source,
	uint32_t *told, struct kevents_error *error)
{
	libbpf_print_fn_t print = libbpf_set_print(quiet);
	struct btf *kernel = btf__load_vmlinux_btf();
	struct bpf_source *new = NULL;
	int err = 0;

	if (!kernel) {
		err = kevents_fail(error, -EOPNOTSUPP,
			"the kernel has no BTF, /sys/kernel/btf/vmlinux, which BPF programs need");
		goto out;
	}
	new = calloc(1, sizeof(*new));
	err = new ? load_what_is_allowed(new, kernel, request, told) : -ENOMEM;
	if (!err) {
		new->buffer_size = request->buffer_size;
		err = start(new, request);
	}
	if (err) {
		bpf_source_close(new);
		err = fail_open(error, err);
	} else {
		*source = new;
	}
	btf__free(kernel);
out:
	libbpf_set_print(print);
	return err;
}

void bpf_source_close(struct bpf_source *source)
{
	if (!source)
		return;
	ring_buffer__free(source->ring);
	kevents_bpf__destroy(source->program);
	free(source->lost);
	free(source->last);
	free(source);
}

int bpf_source_fd(const struct bpf_source *source)
{
	return ring_buffer__epoll_fd(source->ring);
}

size_t bpf_source_memory(const struct bpf_source *source)
{
	return source->buffer_size;
}
