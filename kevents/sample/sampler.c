// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <linux/perf_event.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include "../error.h"
#include "../sample.h"

enum { PAGES = 64 }; /* of a processor's buffer, a power of two */

struct processor {
	int fd;
	struct perf_event_mmap_page *page; /* and the buffer behind it */
};

struct kevents_sampler {
	size_t page_size, count;
	uint64_t lost;
	struct processor processors[];
};

/* What the kernel writes for sample_type as below. */
struct sample_record {
	struct perf_event_header header;
	uint64_t address;
	uint32_t pid, tid;
	uint64_t time;
	uint32_t cpu, reserved;
};

struct lost_record {
	struct perf_event_header header;
	uint64_t id, count;
};

static int open_processor(
	struct kevents_sampler *sampler, struct processor *processor, int cpu, uint32_t frequency)
{
	struct perf_event_attr attr = {
		.size = sizeof(attr),
		.type = PERF_TYPE_SOFTWARE,
		.config = PERF_COUNT_SW_CPU_CLOCK,
		.freq = 1,
		.sample_freq = frequency,
		.sample_type =
			PERF_SAMPLE_IP | PERF_SAMPLE_TID | PERF_SAMPLE_TIME | PERF_SAMPLE_CPU,
		.exclude_idle = 1,
		.use_clockid = 1,
		.clockid = CLOCK_MONOTONIC,
	};

	processor->fd = (int)syscall(SYS_perf_event_open, &attr, -1, cpu, -1, PERF_FLAG_FD_CLOEXEC);
	if (processor->fd < 0)
		return -errno;
	processor->page = mmap(NULL, (PAGES + 1) * sampler->page_size, PROT_READ | PROT_WRITE,
		MAP_SHARED, processor->fd, 0);
	return processor->page == MAP_FAILED ? -errno : 0;
}

void kevents_sampler_close(struct kevents_sampler *sampler)
{
	for (size_t i = 0; sampler && i < sampler->count; i++) {
		struct processor *processor = &sampler->processors[i];

		if (processor->page && processor->page != MAP_FAILED)
			munmap(processor->page, (PAGES + 1) * sampler->page_size);
		if (processor->fd >= 0)
			close(processor->fd);
	}
	free(sampler);
}

int kevents_sampler_open(
	uint32_t frequency, struct kevents_sampler **result, struct kevents_error *error)
{
	long count = sysconf(_SC_NPROCESSORS_CONF);
	struct kevents_sampler *sampler;
	size_t room = count > 0 ? (size_t)count : 1;

	if (!result || !frequency)
		return kevents_fail(error, -EINVAL, "a frequency above 0 is needed");
	sampler = calloc(1, sizeof(*sampler) + room * sizeof(*sampler->processors));
	if (!sampler)
		return kevents_fail(error, -ENOMEM, "no memory");
	sampler->page_size = (size_t)sysconf(_SC_PAGESIZE);
	for (size_t cpu = 0; cpu < room; cpu++) {
		struct processor *processor = &sampler->processors[sampler->count++];
		int err = open_processor(sampler, processor, (int)cpu, frequency);

		if (err == -ENODEV || err == -ENXIO) { /* it is off */
			sampler->count--;
			continue;
		}
		if (err) {
			kevents_sampler_close(sampler);
			return kevents_fail(error, err, "perf_event_open: %s%s", strerror(-err),
				err == -EACCES || err == -EPERM ? ": CAP_PERFMON is needed" : "");
		}
	}
	*result = sampler;
	return 0;
}

/* Copies from the buffer, in which a record may begin at the end and go on at the start. */
static void copy_out(const uint8_t *buffer, size_t size, uint64_t at, void *to, size_t length)
{
	size_t offset = at & (size - 1), first = size - offset;

	if (first > length)
		first = length;
	memcpy(to, buffer + offset, first);
	memcpy((uint8_t *)to + first, buffer, length - first);
}

static int take_record(struct kevents_sampler *sampler, const uint8_t *buffer, size_t size,
	uint64_t at, const struct perf_event_header *header,
	int (*handler)(const struct kevents_sample *sample, void *context), void *context)
{
	struct sample_record record;
	struct lost_record lost;

	if (header->type == PERF_RECORD_LOST && header->size >= sizeof(lost)) {
		copy_out(buffer, size, at, &lost, sizeof(lost));
		sampler->lost += lost.count;
	}
	if (header->type != PERF_RECORD_SAMPLE || header->size < sizeof(record))
		return 0;
	copy_out(buffer, size, at, &record, sizeof(record));
	return handler(&(struct kevents_sample){.time = record.time,
			       .address = record.address,
			       .pid = (int32_t)record.pid,
			       .tid = (int32_t)record.tid,
			       .cpu = record.cpu},
		context);
}

static int read_processor(struct kevents_sampler *sampler, struct processor *processor, int *count,
	int (*handler)(const struct kevents_sample *sample, void *context), void *context)
{
	size_t size = PAGES * sampler->page_size;
	const uint8_t *buffer = (const uint8_t *)processor->page + sampler->page_size;
	uint64_t head = __atomic_load_n(&processor->page->data_head, __ATOMIC_ACQUIRE);
	uint64_t tail = processor->page->data_tail;
	int err = 0;

	while (tail < head && !err) {
		struct perf_event_header header;

		copy_out(buffer, size, tail, &header, sizeof(header));
		err = take_record(sampler, buffer, size, tail, &header, handler, context);
		*count += header.type == PERF_RECORD_SAMPLE;
		tail += header.size;
	}
	__atomic_store_n(&processor->page->data_tail, tail, __ATOMIC_RELEASE);
	return err;
}

int kevents_sampler_read(struct kevents_sampler *sampler,
	int (*handler)(const struct kevents_sample *sample, void *context), void *context)
{
	int err = 0, count = 0;

	for (size_t i = 0; i < sampler->count && !err; i++)
		err = read_processor(sampler, &sampler->processors[i], &count, handler, context);
	return err ? err : count;
}

uint64_t kevents_sampler_lost(const struct kevents_sampler *sampler)
{
	return sampler->lost;
}
