/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A status as JSON: bytes, nanoseconds, counts; what the kernel does not say is null. */
#ifndef RAMSWAP_STATUS_JSON_H
#define RAMSWAP_STATUS_JSON_H

#include <json-c/json.h>
#include "../measure/probe.h"
#include "explain.h"
#include "groups.h"

/* sentences, groups, latency: NULL: not asked for; they are null then. NULL: memory is short. */
struct json_object *status_json(const struct ramswap_facts *facts, const struct ramswap_status *status,
	const struct status_sentences *sentences, const struct status_groups *groups,
	const struct measure_latency *latency);

#endif
