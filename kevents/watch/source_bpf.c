// SPDX-License-Identifier: GPL-2.0-or-later
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/btf.h>
#include <malloc.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>
#include "../../lib/time/clock.h"
#include "../error.h"
#include "../kernel/event.h"
#include "kernel_event.h"
#include "kernel_names.h"
#include "kevents.skel.h"
#include "ring.h"
#include "source.h"

struct bpf_source {
	struct kevents_bpf *program;
	struct ring *ring;
	struct order *order; /* while it is drained */
	struct process_identities *identities; /* the same */
	int error;	     /* that ended a drain */
	int cpus;
	uint64_t *lost;	    /* of each CPU, told so far */
	uint64_t *last;	    /* time of the last event of each CPU */
	uint64_t missed;    /* told so far */
	uint64_t pids_lost; /* the same */
	uint64_t unkept;    /* events that there was no memory for */
	uint64_t unkept_told;
	uint64_t taken;		   /* out of the buffer */
	struct event_tally *tally; /* of each CPU, when losses were counted last */
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
	bool has_second; /* there is another program with "_second" behind its name: see is_mine */
};

static const struct hook hooks[] = {
	{"on_fork", "btf_trace_sched_process_fork", BTF_KIND_TYPEDEF, KEVENTS_FORK, false, true},
	{"on_exec", "btf_trace_sched_process_exec", BTF_KIND_TYPEDEF, KEVENTS_EXEC, false, true},
	{"on_exit", "btf_trace_sched_process_exit", BTF_KIND_TYPEDEF, KEVENTS_EXIT, false, true},
	{"on_rename", "btf_trace_task_rename", BTF_KIND_TYPEDEF, KEVENTS_COMM, false, true},
	{"on_map", "perf_event_mmap", BTF_KIND_FUNC, KEVENTS_IMAGE_LOAD, true, true},
	{"on_unmap", "uprobe_munmap", BTF_KIND_FUNC, KEVENTS_IMAGE_UNLOAD, true, true},
	{"on_module_load", "btf_trace_module_load", BTF_KIND_TYPEDEF, KEVENTS_KERNEL_LOAD, false,
		false},
	{"on_module_free", "btf_trace_module_free", BTF_KIND_TYPEDEF, KEVENTS_KERNEL_UNLOAD, false,
		false},
	{"on_cgroup_mkdir", "btf_trace_cgroup_mkdir", BTF_KIND_TYPEDEF, KEVENTS_CGROUP, false,
		false},
	{"on_cgroup_rmdir", "btf_trace_cgroup_rmdir", BTF_KIND_TYPEDEF, KEVENTS_CGROUP, false,
		false},
	{"on_cgroup_attach", "btf_trace_cgroup_attach_task", BTF_KIND_TYPEDEF, KEVENTS_CGROUP,
		false, false},
};

#define HOOKS (sizeof(hooks) / sizeof(hooks[0]))

/* What on_map tells. */
#define MAPPED (KEVENTS_BIT(KEVENTS_IMAGE_LOAD) | KEVENTS_BIT(KEVENTS_ANON_EXEC))

static uint32_t types_of(const struct hook *hook)
{
	return hook->type == KEVENTS_IMAGE_LOAD ? MAPPED : KEVENTS_BIT(hook->type);
}

/* Forks and exits also keep the set of descendants. */
static bool is_needed(
	const struct hook *hook, const struct source_request *request, bool has_images)
{
	if (request->filter->pid_count &&
		(hook->type == KEVENTS_FORK || hook->type == KEVENTS_EXIT))
		return true;
	if (hook->type == KEVENTS_COMM && !has_images && request->types & KEVENTS_BIT(KEVENTS_EXEC))
		return true; /* see note_exec */
	return types_of(hook) & request->types;
}

/* Linux 7.0 and newer: see is_mine. */
static bool are_tracepoints_preemptible(void)
{
	struct utsname name;

	return !uname(&name) && strtoul(name.release, NULL, 10) >= 7;
}

/* second: the other one of two. */
static struct bpf_program *program_of(
	const struct bpf_source *source, const struct hook *hook, bool second)
{
	char name[32];

	snprintf(name, sizeof(name), "%s%s", hook->program, second ? "_second" : "");
	return bpf_object__find_program_by_name(source->program->obj, name);
}

static uint32_t choose_programs(const struct bpf_source *source, const struct kernel_name *kernel,
	const struct source_request *request, bool with_trampolines)
{
	bool with_second = are_tracepoints_preemptible();
	uint32_t told = 0;

	for (size_t i = 0; i < HOOKS; i++)
		if (kernel[i].id && (with_trampolines || !hooks[i].is_trampoline))
			told |= types_of(&hooks[i]);
	for (size_t i = 0; i < HOOKS; i++) {
		bool can = kernel[i].id && (with_trampolines || !hooks[i].is_trampoline) &&
			   is_needed(&hooks[i], request, told & MAPPED);

		bpf_program__set_autoload(program_of(source, &hooks[i], false), can);
		if (hooks[i].has_second)
			bpf_program__set_autoload(
				program_of(source, &hooks[i], true), can && with_second);
	}
	return told;
}

static void set_filter(
	struct kevents_bpf *program, const struct source_request *request, bool has_images)
{
	const struct kevents_filter *filter = request->filter;

	program->rodata->wanted_types = request->types;
	program->rodata->has_images = has_images;
	program->rodata->has_second_programs = are_tracepoints_preemptible();
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
	/* What nothing will be put into need not be made and cleared. */
	if (!filter->pid_count)
		bpf_map__set_max_entries(program->maps.pids, 1);
	if (!program->rodata->has_second_programs)
		bpf_map__set_max_entries(program->maps.marks, 1);
	if (has_images)
		bpf_map__set_max_entries(program->maps.execs, 1);
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

static int load(struct bpf_source *source, const struct kernel_name *kernel,
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
	*told = choose_programs(source, kernel, request, with_trampolines);
	set_filter(source->program, request, *told & KEVENTS_BIT(KEVENTS_IMAGE_LOAD));
	err = kevents_bpf__load(source->program);
	if (err) {
		kevents_bpf__destroy(source->program);
		source->program = NULL;
	}
	/* libbpf had the kernel's types in memory, and another load needs them again. */
	malloc_trim(0);
	return err;
}

/*
 * Some kernels let tracepoints be watched, and functions not. To learn that from a program that does
 * nothing takes a thousandth of what it takes to load all of ours in vain.
 */
static bool can_watch_functions(const struct kernel_name *kernel)
{
	const struct bpf_insn nothing[] = {
		{.code = BPF_ALU64 | BPF_MOV | BPF_K}, {.code = BPF_JMP | BPF_EXIT}};
	struct bpf_prog_load_opts options = {
		.sz = sizeof(options), .expected_attach_type = BPF_TRACE_FENTRY};
	int fd = -1;

	for (size_t i = 0; i < HOOKS && !options.attach_btf_id; i++)
		if (hooks[i].is_trampoline)
			options.attach_btf_id = kernel[i].id;
	if (options.attach_btf_id)
		fd = bpf_prog_load(
			BPF_PROG_TYPE_TRACING, "nothing", "GPL", nothing, 2, &options);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static int load_what_is_allowed(struct bpf_source *source, const struct kernel_name *kernel,
	const struct source_request *request, uint32_t *told)
{
	int err;

	if (!can_watch_functions(kernel))
		return load(source, kernel, request, false, told);
	err = load(source, kernel, request, true, told);
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
	err = tell_lost(source->order, cpu, count, since, event->time, KEVENTS_LOSS_BUFFER);
	if (!err)
		source->lost[cpu] = event->lost;
	return err;
}

/* It is out of the buffer also when this returns an error: it must be taken in. */
static int take_event(const void *data, size_t size, void *context)
{
	struct bpf_source *source = context;
	const struct event *event = data;
	int err;

	if (size < sizeof(*event))
		return 0;
	if (event->type != EVENT_ARGUMENTS)
		source->taken++;
	/* Without memory this is told later, when losses are counted. */
	tell_of_gap(source, event);
	err = add_event(source->order, source->identities, event);
	if (err == -ENOMEM) {
		source->unkept++;
		err = 0;
	}
	if (err) {
		source->error = err;
		return err;
	}
	return order_is_full(source->order) ? -EAGAIN : 0;
}

int bpf_source_drain(struct bpf_source *source, struct process_identities *identities, struct order *order)
{
	int err;

	source->order = order;
	source->identities = identities;
	source->error = 0;
	if (order_is_full(order))
		return 0;
	err = ring_drain(source->ring, take_event, source);
	if (source->error)
		return source->error;
	return err < 0 && err != -EAGAIN ? err : 0;
}

static uint64_t misses_of(const struct bpf_program *program)
{
	struct bpf_prog_info info = {0};
	uint32_t size = sizeof(info);
	int fd = program ? bpf_program__fd(program) : -1;

	return fd >= 0 && !bpf_obj_get_info_by_fd(fd, &info, &size) ? info.recursion_misses : 0;
}

static struct event_tally sum_up(const struct bpf_source *source)
{
	struct event_tally sum = {0};

	for (int cpu = 0; cpu < source->cpus; cpu++) {
		sum.made += source->tally[cpu].made;
		sum.lost += source->tally[cpu].lost;
		sum.marked += source->tally[cpu].marked;
		sum.found += source->tally[cpu].found;
		sum.failed += source->tally[cpu].failed;
	}
	return sum;
}

/*
 * What the kernel called no program for, since another one was running on that CPU. Where there are
 * two of a hook, only what neither was called for is missing: see is_mine.
 */
static uint64_t count_missed(const struct bpf_source *source)
{
	bool with_second = source->program->rodata->has_second_programs;
	struct event_tally sum = sum_up(source);
	uint64_t missed = 0, calls = sum.found + sum.failed;

	for (size_t i = 0; i < HOOKS; i++) {
		uint64_t misses = misses_of(program_of(source, &hooks[i], false));

		if (with_second && hooks[i].has_second)
			calls += misses + misses_of(program_of(source, &hooks[i], true));
		else
			missed += misses;
	}
	return missed + (calls > sum.marked ? (calls - sum.marked) / 2 : 0);
}

static int read_tallies(struct bpf_source *source)
{
	uint32_t zero = 0;

	return bpf_map__lookup_elem(source->program->maps.tallies, &zero, sizeof(zero),
		       source->tally, (size_t)source->cpus * sizeof(*source->tally), 0)
		       ? -errno
		       : 0;
}

static int tell_lost_by_cpu(struct bpf_source *source, struct order *order, uint64_t time)
{
	for (int cpu = 0; cpu < source->cpus; cpu++) {
		uint64_t lost = source->tally[cpu].lost;
		int err;

		if (lost <= source->lost[cpu])
			continue;
		err = tell_lost(order, (uint32_t)cpu, lost - source->lost[cpu], source->last[cpu],
			time, KEVENTS_LOSS_BUFFER);
		if (err)
			return err;
		source->lost[cpu] = lost;
	}
	return 0;
}

/* What a count says that was not told so far. */
static int tell_more(
	struct order *order, uint64_t count, uint64_t *told, uint64_t time, uint32_t why)
{
	int err;

	if (count <= *told)
		return 0;
	err = tell_lost(order, KEVENTS_NO_CPU, count - *told, 0, time, why);
	if (!err)
		*told = count;
	return err;
}

int bpf_source_count_lost(struct bpf_source *source, struct order *order)
{
	uint64_t time = clock_now(), pids_lost, missed;
	int err = read_tallies(source);

	if (err)
		return err;
	missed = count_missed(source);
	pids_lost = __atomic_load_n(&source->program->bss->pids_lost, __ATOMIC_RELAXED);
	err = tell_lost_by_cpu(source, order, time);
	if (!err)
		err = tell_more(order, missed, &source->missed, time, KEVENTS_LOSS_MISSED);
	if (!err)
		err = tell_more(order, pids_lost, &source->pids_lost, time, KEVENTS_LOSS_MEMORY);
	if (!err)
		err = tell_more(
			order, source->unkept, &source->unkept_told, time, KEVENTS_LOSS_MEMORY);
	return err;
}

void bpf_source_stop(struct bpf_source *source)
{
	kevents_bpf__detach(source->program);
}

void bpf_source_get_sums(const struct bpf_source *source, struct source_sums *sums)
{
	struct event_tally sum = sum_up(source);

	sums->made = sum.made;
	sums->missed = source->missed + source->pids_lost;
	sums->is_settled = sum.made == source->taken + sum.lost;
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
	source->tally = calloc((size_t)source->cpus, sizeof(*source->tally));
	if (!source->lost || !source->last || !source->tally)
		return -ENOMEM;
	err = ring_new(
		bpf_map__fd(source->program->maps.events), source->buffer_size, &source->ring);
	if (err)
		return err;
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
	struct kernel_name kernel[HOOKS];
	struct bpf_source *new = NULL;
	int err;

	for (size_t i = 0; i < HOOKS; i++)
		kernel[i] = (struct kernel_name){.name = hooks[i].needs, .kind = hooks[i].kind};
	if (kernel_names_find(kernel, HOOKS)) {
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
out:
	libbpf_set_print(print);
	return err;
}

void bpf_source_close(struct bpf_source *source)
{
	if (!source)
		return;
	ring_free(source->ring);
	kevents_bpf__destroy(source->program);
	free(source->lost);
	free(source->last);
	free(source->tally);
	free(source);
}

int bpf_source_fd(const struct bpf_source *source)
{
	return bpf_map__fd(source->program->maps.events);
}

size_t bpf_source_memory(const struct bpf_source *source)
{
	return source->buffer_size;
}
