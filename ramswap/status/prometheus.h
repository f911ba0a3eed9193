/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A status in Prometheus' text format, version 0.0.4: for node_exporter's folder of text files, or any other reader.
 * Names begin with ramswap_; sizes are bytes, times seconds.
 */
#ifndef RAMSWAP_STATUS_PROMETHEUS_H
#define RAMSWAP_STATUS_PROMETHEUS_H

#include <stdio.h>
#include "../measure/probe.h"
#include "groups.h"
#include "status.h"

/* groups, latency: NULL: not asked for. */
void status_print_prometheus(FILE *out, const struct ramswap_facts *facts, const struct ramswap_status *status,
	const struct status_groups *groups, const struct measure_latency *latency);

#endif
