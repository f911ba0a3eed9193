// SPDX-License-Identifier: GPL-2.0-or-later
#include "../../lib/time/clock.h"
#include "sample.h"

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
