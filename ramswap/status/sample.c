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

static double per_second(__u64 from, __u64 to, double seconds)
{
	return (double)status_less(to, from) / seconds;
}

void status_rates_make(const struct status_sample *from, const struct status_sample *to, struct status_rates *rates)
{
	const struct status_counters *before = &from->counters, *now = &to->counters;
	double seconds = (double)status_less(to->time, from->time) / CLOCK_SECOND, page = (double)to->page_size;

	*rates = (struct status_rates){ .seconds = seconds };
	if (seconds <= 0)
		return;
	if (from->has_counters && to->has_counters) {
		rates->in = page * per_second(before->in, now->in, seconds);
		rates->out = page * per_second(before->out, now->out, seconds);
		rates->zeros_in = page * per_second(before->zeros_in, now->zeros_in, seconds);
		rates->zeros_out = page * per_second(before->zeros_out, now->zeros_out, seconds);
		rates->refaults_anonymous = page * per_second(before->refaults_anonymous, now->refaults_anonymous, seconds);
		rates->refaults_file = page * per_second(before->refaults_file, now->refaults_file, seconds);
		rates->major_faults = per_second(before->major_faults, now->major_faults, seconds);
		rates->stalls = per_second(before->stalls, now->stalls, seconds);
		rates->kills = status_less(now->kills, before->kills);
	}
	if (from->has_pressure && to->has_pressure) {
		rates->some = per_second(from->some, to->some, seconds) / 1e6 * 100;
		rates->full = per_second(from->full, to->full, seconds) / 1e6 * 100;
	}
}

double status_sample_ratio(const struct status_sample *sample)
{
	return sample->resident ? (double)sample->in_memory / (double)sample->resident : 0;
}
