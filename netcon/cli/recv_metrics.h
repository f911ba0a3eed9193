/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The counts of netcon recv, in the form of netcon/output/metrics.h. */
#ifndef NETCON_RECV_METRICS_H
#define NETCON_RECV_METRICS_H

#include "../output/metrics.h"
#include "../receive/receiver.h"

struct counted {
	const struct receiver *receiver;
	const struct output_set *outputs;
};

/* A metrics_snapshot; the context is a struct counted. */
void count_all(void *context, struct receiver_counters *counters);

#endif
