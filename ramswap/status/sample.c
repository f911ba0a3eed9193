// SPDX-License-Identifier: GPL-2.0-or-later
#include "sample.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "../../lib/time/clock.h"

static bool is_fast(enum status_kind kind)
{
	return kind == STATUS_ZRAM || kind == STATUS_PMEM || kind == STATUS_BRD;
}

static void add_devices(const struct ramswap_status *status, struct status_sample *sample)
{
	for (size_t i = 0; i < status->device_count; i++) {
		const struct status_device *device = &status->devices[i];

		if (!device->is_swap)
			continue;
		if (is_fast(device->kind)) {
			sample->fast = status_plus(sample->fast, device->size);
			sample->fast_used = status_plus(sample->fast_used, device->used);
		}
		sample->stored = status_plus(sample->stored, device->stored);
		sample->in_memory = status_plus(sample->in_memory, device->in_memory);
	}
}

void status_sample_make(const struct ramswap_facts *facts, const struct ramswap_status *status, __u64 time,
	struct status_sample *sample)
{
	const struct ramswap_memory *memory = &facts->memory;

	*sample = (struct status_sample){
		.time = time,
		.page_size = facts->page_size,
		.total = memory->total,
		.available = memory->has_available ? memory->available : 0,
		.anonymous = memory->anonymous,
		.file = memory->file,
		.swap = status->total.size,
		.swap_used = status->total.used,
		.swap_cached = memory->swap_cached,
		.resident = status->total.resident,
		.gained = status->total.gained,
		.has_counters = status->has_counters,
		.counters = status->counters,
		.has_pressure = facts->pressure_some_10 >= 0,
		.some = facts->pressure_some_total,
		.full = facts->pressure_full_total,
	};
	add_devices(status, sample);
}

int status_sample_take(int root, struct status_sample *sample, struct ramswap_problem *problem)
{
	struct status_counters counters;
	struct ramswap_status *status;
	struct ramswap_facts *facts;
	int err = ramswap_facts_read_some(root, RAMSWAP_READ_ZRAM | RAMSWAP_READ_PRESSURE, &facts, problem);

	if (err)
		return err;
	err = status_counters_read(root, &counters);
	err = ramswap_status_make(facts, err ? NULL : &counters, &status);
	if (!err) {
		status_sample_make(facts, status, clock_now(), sample);
		ramswap_status_free(status);
	} else {
		snprintf(problem->text, sizeof(problem->text), "%s", strerror(-err));
	}
	ramswap_facts_free(facts);
	return err;
}
