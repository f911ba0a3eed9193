// SPDX-License-Identifier: GPL-2.0-or-later
#include "recv_metrics.h"

void count_all(void *context, struct receiver_counters *counters)
{
	const struct counted *counted = context;
	const struct tracker_counts *tracker;
	struct receiver_counts counts;
	int error;

	receiver_counts(counted->receiver, &counts);
	tracker = &counts.tracker;
	*counters = (struct receiver_counters){
		.datagrams = tracker->datagrams,
		.bytes = tracker->bytes,
		.messages = tracker->messages,
		.basic = tracker->basic,
		.fragments = tracker->fragments,
		.incomplete = tracker->torn,
		.conflicting = tracker->conflicts,
		.duplicates = tracker->duplicates,
		.late = tracker->late,
		.lost = tracker->lost,
		.found = tracker->found,
		.restarts = tracker->restarts,
		.refused_sources = counts.refused,
		.kernel_drops = counts.dropped,
		.memory_drops = tracker->short_of_memory,
		.hosts = tracker->hosts,
		.hosts_new = tracker->new_hosts,
		.hosts_forgotten = tracker->forgotten_hosts,
		.memory_bytes = tracker->memory,
		.output_count = counted->outputs->count,
	};
	for (unsigned int i = 0; i < counted->outputs->count; i++) {
		counters->outputs[i].name = counted->outputs->members[i].output->name;
		counters->outputs[i].errors = output_set_failures(counted->outputs, i, &error);
	}
}
