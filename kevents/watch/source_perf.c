// SPDX-License-Identifier: GPL-2.0-or-later
/* PERF_RECORD_*: see perf_event_open(2). One event that counts nothing a CPU, for its records
 * alone. */
#include <errno.h>
#include <limits.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>
#include "../../lib/time/clock.h"
#include "../error.h"
#include "filter.h"
#include "process.h"
#include "source.h"

#define RECORD_MAX 65536

struct cpu_ring {
	int fd;
	uint32_t cpu;
	struct perf_event_mmap_page *page;
	uint64_t last_time;
	uint64_t lost;	    /* by its records */
	uint64_t lost_told; /* put into order */
};

struct perf_source {
	struct cpu_ring *rings;
	size_t count;
	size_t data_size; /* of each ring */
	uint32_t types;	  /* that are to be told */
	uint64_t made;	  /* records that were begun, lost ones among them */
	uint64_t unkept;  /* that there was no memory for */
	uint64_t unkept_told;
	uint8_t record[RECORD_MAX]; /* one that goes round the end of the ring */
};

/* With sample_id_all, behind each record. */
struct sample_id {
	uint32_t pid, tid;
	uint64_t time;
	uint32_t cpu, reserved;
};

struct task_record {
	struct perf_event_header header;
	uint32_t pid, parent_pid, tid, parent_tid;
	uint64_t time;
};

struct comm_record {
	struct perf_event_header header;
	uint32_t pid, tid;
	char comm[];
};

struct mmap2_record {
	struct perf_event_header header;
	uint32_t pid, tid;
	uint64_t address, size, offset;
	uint32_t major, minor;
	uint64_t inode, generation;
	uint32_t protection, flags;
	char path[];
};

struct lost_record {
	struct perf_event_header header;
	uint64_t id, lost;
};

struct ksymbol_record {
	struct perf_event_header header;
	uint64_t address;
	uint32_t size;
	uint16_t type, flags;
	char name[];
};

#define TASK_TYPES (KEVENTS_BIT(KEVENTS_FORK) | KEVENTS_BIT(KEVENTS_EXIT))
#define COMM_TYPES (KEVENTS_BIT(KEVENTS_EXEC) | KEVENTS_BIT(KEVENTS_COMM))
#define MAP_TYPES (KEVENTS_BIT(KEVENTS_IMAGE_LOAD) | KEVENTS_BIT(KEVENTS_ANON_EXEC))
#define SYMBOL_TYPES (KEVENTS_BIT(KEVENTS_KERNEL_LOAD) | KEVENTS_BIT(KEVENTS_KERNEL_UNLOAD))

static int open_event(
	const struct source_request *request, int cpu, bool with_symbols, bool with_lost)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE,
		.size = sizeof(attr),
		.config = PERF_COUNT_SW_DUMMY,
		.sample_type = PERF_SAMPLE_TID | PERF_SAMPLE_TIME | PERF_SAMPLE_CPU,
		.read_format = with_lost ? PERF_FORMAT_LOST : 0,
		.sample_id_all = 1,
		.use_clockid = 1,
		.clockid = CLOCK_MONOTONIC,
		.watermark = 1,
		.wakeup_watermark = 1,
		.task = !!(request->types & TASK_TYPES),
		.comm = !!(request->types & COMM_TYPES),
		.comm_exec = !!(request->types & COMM_TYPES),
		.mmap = !!(request->types & MAP_TYPES),
		.mmap2 = !!(request->types & MAP_TYPES),
		.ksymbol = with_symbols && request->types & SYMBOL_TYPES,
	};

	return (int)syscall(SYS_perf_event_open, &attr, -1, cpu, -1, PERF_FLAG_FD_CLOEXEC);
}

static int open_ring(struct perf_source *source, const struct source_request *request, int cpu)
{
	struct cpu_ring *ring = &source->rings[source->count];
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	int fd = open_event(request, cpu, true, true);
	void *memory;

	if (fd < 0 && errno == EINVAL) /* before Linux 6.0 */
		fd = open_event(request, cpu, true, false);
	if (fd < 0 && errno == EINVAL)
		fd = open_event(request, cpu, false, false);
	if (fd < 0)
		return errno == ENODEV ? 0 : -errno; /* a CPU that is switched off */
	memory = mmap(NULL, page + source->data_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (memory == MAP_FAILED) {
		int err = -errno;

		close(fd);
		return err;
	}
	*ring = (struct cpu_ring){.fd = fd, .cpu = (uint32_t)cpu, .page = memory};
	source->count++;
	return 0;
}

static int fail_open(struct kevents_error *error, int err)
{
	if (err == -EPERM || err == -EACCES)
		return kevents_fail(error, -EPERM,
			"the kernel refuses perf events of all CPUs: run as root, or with "
			"CAP_PERFMON");
	return kevents_fail(error, err, "the kernel refuses perf events: %s", strerror(-err));
}

/* A power of two of pages, as much of size as each CPU's share. */
static size_t share(size_t size, long cpus)
{
	size_t part = (size_t)sysconf(_SC_PAGESIZE) * 8;

	while (part * 2 * (size_t)cpus <= size)
		part *= 2;
	return part;
}

int perf_source_open(const struct source_request *request, struct perf_source **source,
	uint32_t *told, struct kevents_error *error)
{
	long cpus = sysconf(_SC_NPROCESSORS_CONF);
	struct perf_source *new = calloc(1, sizeof(*new));
	int err = 0;

	if (!new)
		return kevents_fail(error, -ENOMEM, "out of memory");
	new->rings = calloc((size_t)cpus, sizeof(*new->rings));
	new->data_size = share(request->buffer_size, cpus);
	new->types = request->types;
	if (!new->rings)
		err = -ENOMEM;
	for (int cpu = 0; !err && cpu < cpus; cpu++)
		err = open_ring(new, request, cpu);
	if (err) {
		perf_source_close(new);
		return fail_open(error, err);
	}
	*told = TASK_TYPES | COMM_TYPES | MAP_TYPES | SYMBOL_TYPES;
	*source = new;
	return 0;
}

void perf_source_close(struct perf_source *source)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	if (!source)
		return;
	for (size_t i = 0; i < source->count; i++) {
		munmap(source->rings[i].page, page + source->data_size);
		close(source->rings[i].fd);
	}
	free(source->rings);
	free(source);
}

size_t perf_source_memory(const struct perf_source *source)
{
	return source->count * source->data_size + sizeof(*source);
}

int perf_source_watch(const struct perf_source *source, int epoll)
{
	for (size_t i = 0; i < source->count; i++) {
		struct epoll_event event = {.events = EPOLLIN | EPOLLET};

		if (epoll_ctl(epoll, EPOLL_CTL_ADD, source->rings[i].fd, &event))
			return -errno;
	}
	return 0;
}

/* -- One record ---------------------------------------------------------------------------------
 */

struct taking {
	struct perf_source *source;
	const struct filter *filter;
	struct process_identities *identities;
	struct order *order;
	struct cpu_ring *ring;
};

static int hand_in(struct taking *taking, struct kevents_record *record, const char *text,
	const char *args, size_t args_size)
{
	int err;

	record->flags |= RECORD_UNFILTERED;
	taking->source->made++;
	err = order_add(taking->order, record, text, text ? strlen(text) : 0, args, args_size);
	if (err == -ENOMEM) {
		taking->source->unkept++;
		return 0; /* told when losses are counted */
	}
	return err;
}

/* perf tells of a process only its ids: the rest is asked for, if it is still there. */
static void put_process(struct taking *taking, struct kevents_record *record)
{
	struct process process;
	int err;

	record->uid = (uint32_t)-1;
	if (record->pid <= 0 || process_identities_fill(taking->identities, record))
		return;
	err = filter_needs_process(taking->filter) ? process_read(record->pid, 0, &process)
						   : process_read_stat(record->pid, 0, &process);
	if (err)
		return;
	record->uid = process.uid;
	record->cgroup = process.cgroup;
	record->parent_pid = process.parent_pid;
	record->start_time = process.start_time;
	if (process.is_kernel_thread)
		record->flags |= KEVENTS_KERNEL_THREAD;
	if (!record->comm[0])
		memcpy(record->comm, process.comm, sizeof(record->comm));
	process_identities_learn(taking->identities, record);
}

static int take_task(
	struct taking *taking, const struct task_record *task, struct kevents_record *record)
{
	bool is_fork = task->header.type == PERF_RECORD_FORK;

	if (is_fork) {
		record->type = KEVENTS_FORK;
		record->pid = (int32_t)task->parent_pid;
		record->tid = (int32_t)task->parent_tid;
		record->fork.child_pid = (int32_t)task->pid;
		record->fork.child_tid = (int32_t)task->tid;
		record->fork.is_thread = task->pid == task->parent_pid;
	} else {
		record->type = KEVENTS_EXIT;
		record->pid = (int32_t)task->pid;
		record->tid = (int32_t)task->tid;
		record->exit.is_thread = task->pid != task->tid;
	}
	put_process(taking, record);
	if (is_fork && !record->fork.is_thread)
		process_identities_forget(taking->identities, record->fork.child_pid);
	if (!is_fork && record->start_time && record->time > record->start_time)
		record->exit.run_time = record->time - record->start_time;
	return hand_in(taking, record, NULL, NULL, 0);
}

/* An exec is told by the new name; path and arguments are asked for, if it is still there. */
static int take_exec(struct taking *taking, struct kevents_record *record)
{
	char path[PATH_MAX] = "", *args = NULL;
	size_t size = 0;
	int err;

	record->type = KEVENTS_EXEC;
	record->exec.old_tid = record->tid;
	/* Before the costly part. */
	if (!filter_wants_type(taking->filter, KEVENTS_EXEC) ||
		!filter_may_have_pid(taking->filter, record->pid))
		return 0;
	if (process_program(record->pid, path, sizeof(path)))
		path[0] = 0;
	if (process_file(record->pid, "cmdline", &args, &size))
		size = 0;
	record->exec.args_missing = (uint32_t)size;
	err = hand_in(taking, record, path, args, size);
	free(args);
	return err;
}

static int take_comm(
	struct taking *taking, const struct comm_record *comm, struct kevents_record *record)
{
	record->pid = (int32_t)comm->pid;
	record->tid = (int32_t)comm->tid;
	process_identities_forget(taking->identities, record->pid);
	if (comm->pid != comm->tid)
		snprintf(record->comm, sizeof(record->comm), "%.15s", comm->comm);
	put_process(taking, record);
	snprintf(record->comm, sizeof(record->comm), "%.15s", comm->comm);
	/* Of a process that is gone already, at least its name. */
	if (comm->pid == comm->tid)
		process_identities_learn(taking->identities, record);
	if (comm->header.misc & PERF_RECORD_MISC_COMM_EXEC)
		return take_exec(taking, record);
	record->type = KEVENTS_COMM;
	return hand_in(taking, record, NULL, NULL, 0);
}

static int take_map(
	struct taking *taking, const struct mmap2_record *map, struct kevents_record *record)
{
	bool is_anonymous = !map->inode && map->path[0] != '[';

	if (!(map->protection & KEVENTS_EXECUTE))
		return 0;
	record->pid = (int32_t)map->pid;
	record->tid = (int32_t)map->tid;
	if (!strcmp(map->path, "[heap]") || !strcmp(map->path, "[stack]"))
		is_anonymous = true;
	record->type = is_anonymous ? KEVENTS_ANON_EXEC : KEVENTS_IMAGE_LOAD;
	if (!filter_may_have_pid(taking->filter, record->pid))
		return 0;
	put_process(taking, record);
	record->image.address = map->address;
	record->image.size = map->size;
	record->image.offset = is_anonymous ? 0 : map->offset;
	record->image.device = map->inode ? makedev(map->major, map->minor) : 0;
	record->image.inode = map->inode;
	record->image.generation = map->generation;
	record->image.protection = map->protection & 7;
	record->image.is_shared = !!(map->flags & MAP_SHARED) && !(map->flags & MAP_PRIVATE);
	return hand_in(taking, record, map->path, NULL, 0);
}

static int take_symbol(
	struct taking *taking, const struct ksymbol_record *symbol, struct kevents_record *record)
{
	record->type = symbol->flags & PERF_RECORD_KSYMBOL_FLAGS_UNREGISTER ? KEVENTS_KERNEL_UNLOAD
									    : KEVENTS_KERNEL_LOAD;
	put_process(taking, record);
	record->kernel.kind =
		symbol->type == PERF_RECORD_KSYMBOL_TYPE_BPF ? KEVENTS_BPF : KEVENTS_OTHER_CODE;
	record->kernel.address = symbol->address;
	record->kernel.size = symbol->size;
	return hand_in(taking, record, symbol->name, NULL, 0);
}

static int tell_lost(struct perf_source *source, struct order *order, uint64_t count,
	const struct cpu_ring *ring, uint64_t time, uint32_t why)
{
	struct kevents_record record = {.type = KEVENTS_LOST,
		.time = time,
		.cpu = ring ? ring->cpu : KEVENTS_NO_CPU,
		.uid = (uint32_t)-1,
		.lost = {.count = count, .since = ring ? ring->last_time : 0, .why = why}};
	int err = order_add(order, &record, NULL, 0, NULL, 0);

	if (!err && why == KEVENTS_LOSS_BUFFER)
		source->made += count;
	return err;
}

/* A loss is told by a record behind it, and by a counter that is read now and then. */
static int tell_up_to(struct perf_source *source, struct order *order, struct cpu_ring *ring,
	uint64_t lost, uint64_t time)
{
	int err;

	if (lost <= ring->lost_told)
		return 0;
	err = tell_lost(source, order, lost - ring->lost_told, ring, time, KEVENTS_LOSS_BUFFER);
	if (!err)
		ring->lost_told = lost;
	return err;
}

static int take_lost(
	struct taking *taking, const struct lost_record *lost, const struct kevents_record *record)
{
	taking->ring->lost += lost->lost;
	return tell_up_to(
		taking->source, taking->order, taking->ring, taking->ring->lost, record->time);
}

/* The kernel's records are whole, and strings in them end; this makes sure of it. */
static bool is_string(const struct perf_event_header *header, const char *string)
{
	const char *end = (const char *)header + header->size - sizeof(struct sample_id);

	return string < end && memchr(string, 0, (size_t)(end - string));
}

/* The kernel tells of forks and exits also to who asks for names or images alone. */
static bool is_wanted(const struct perf_source *source, uint32_t type)
{
	switch (type) {
	case PERF_RECORD_FORK:
		return source->types & KEVENTS_BIT(KEVENTS_FORK);
	case PERF_RECORD_EXIT:
		return source->types & KEVENTS_BIT(KEVENTS_EXIT);
	case PERF_RECORD_COMM:
		return source->types & COMM_TYPES;
	default:
		return true;
	}
}

static int take_record(struct taking *taking, const struct perf_event_header *header)
{
	struct kevents_record record = {0};
	const struct sample_id *id;

	if (header->size < sizeof(*header) + sizeof(*id) ||
		!is_wanted(taking->source, header->type))
		return 0;
	/* attr.sample_id_all puts it at the end of every record, whatever its type. */
	id = (const void *)((const char *)header + header->size - sizeof(*id));
	record.time = id->time;
	record.cpu = id->cpu;
	record.pid = (int32_t)id->pid;
	record.tid = (int32_t)id->tid;
	record.uid = (uint32_t)-1;
	if (header->type != PERF_RECORD_LOST)
		taking->ring->last_time = id->time;
	switch (header->type) {
	case PERF_RECORD_FORK:
	case PERF_RECORD_EXIT:
		if (header->size < sizeof(struct task_record) + sizeof(*id))
			return 0;
		return take_task(taking, (const void *)header, &record);
	case PERF_RECORD_COMM:
		if (!is_string(header, ((const struct comm_record *)header)->comm))
			return 0;
		return take_comm(taking, (const void *)header, &record);
	case PERF_RECORD_MMAP2:
		if (!is_string(header, ((const struct mmap2_record *)header)->path))
			return 0;
		return take_map(taking, (const void *)header, &record);
	case PERF_RECORD_KSYMBOL:
		if (!is_string(header, ((const struct ksymbol_record *)header)->name))
			return 0;
		return take_symbol(taking, (const void *)header, &record);
	case PERF_RECORD_LOST:
		if (header->size < sizeof(struct lost_record) + sizeof(*id))
			return 0;
		return take_lost(taking, (const void *)header, &record);
	default:
		return 0;
	}
}

/* A record may go round the end of the ring: then it is put together. */
static const struct perf_event_header *record_at(
	struct perf_source *source, const uint8_t *data, uint64_t at)
{
	size_t begin = at & (source->data_size - 1), left = source->data_size - begin, size;
	struct perf_event_header header;

	memcpy(&header, data + begin, sizeof(header)); /* records are multiples of 8 bytes */
	size = header.size;
	if (size <= left)
		return (const void *)(data + begin);
	memcpy(source->record, data + begin, left);
	memcpy(source->record + left, data, size - left);
	return (const void *)source->record;
}

static int drain_ring(struct taking *taking)
{
	struct cpu_ring *ring = taking->ring;
	const uint8_t *data = (const uint8_t *)ring->page + sysconf(_SC_PAGESIZE);
	uint64_t head = __atomic_load_n(&ring->page->data_head, __ATOMIC_ACQUIRE);
	uint64_t tail = ring->page->data_tail;
	int err = 0;

	while (!err && tail < head && !order_is_full(taking->order)) {
		const struct perf_event_header *header = record_at(taking->source, data, tail);

		if (header->size < sizeof(*header))
			break;
		err = take_record(taking, header);
		tail += header->size;
	}
	__atomic_store_n(&ring->page->data_tail, tail, __ATOMIC_RELEASE);
	return err;
}

int perf_source_drain(struct perf_source *source, const struct filter *filter,
	struct process_identities *identities, struct order *order)
{
	int err = 0;

	for (size_t i = 0; !err && i < source->count; i++) {
		struct taking taking = {source, filter, identities, order, &source->rings[i]};

		err = drain_ring(&taking);
	}
	return err;
}

/* What no record told of, since none came behind it. */
int perf_source_count_lost(struct perf_source *source, struct order *order)
{
	uint64_t time = clock_now();
	int err = 0;

	for (size_t i = 0; !err && i < source->count; i++) {
		struct {
			uint64_t value, lost;
		} counts = {0};

		if (read(source->rings[i].fd, &counts, sizeof(counts)) == sizeof(counts))
			err = tell_up_to(source, order, &source->rings[i], counts.lost, time);
	}
	if (!err && source->unkept > source->unkept_told) {
		err = tell_lost(source, order, source->unkept - source->unkept_told, NULL, time,
			KEVENTS_LOSS_MEMORY);
		if (!err)
			source->unkept_told = source->unkept;
	}
	return err;
}

void perf_source_stop(struct perf_source *source)
{
	for (size_t i = 0; i < source->count; i++)
		ioctl(source->rings[i].fd, PERF_EVENT_IOC_DISABLE, 0);
}

void perf_source_get_sums(const struct perf_source *source, struct source_sums *sums)
{
	*sums = (struct source_sums){.made = source->made, .is_settled = true};
}
