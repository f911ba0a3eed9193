/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A plan in words, and as JSON. */
#ifndef RAMSWAP_PLAN_PRINT_H
#define RAMSWAP_PLAN_PRINT_H

#include <json-c/json.h>
#include <stdio.h>
#include "../plan.h"

enum { PLAN_WIDTH_LEAST = 60 };

/*
 * For people: the answer, the devices, the settings of the kernel, and why; of a plan that is refused, why it is. Lines
 * of sentences have at most width columns.
 */
void plan_print(FILE *out, const struct ramswap_plan *plan, int width, bool has_colour);

/*
 * For programs; NULL: memory is short. Sizes are bytes; what does not apply is null.
 *
 *	answer      "nothing", "set-up", "refused"
 *	done        true: all that is planned is so already
 *	devices     name (null of zram: the next free one), kind ("pmem", "zram", "brd", "memory"), up, size, limit,
 *	            priority, algorithm (null: the kernel's default), recompression, writeback, cost_empty,
 *	            cost_expected, cost_worst, gain_expected, ratio, measured
 *	tunings     path, name, value, was
 *	reasons     severity ("reason", "warning", "advice", "refusal"), code, subject, text
 */
struct json_object *plan_json(const struct ramswap_plan *plan);

/* Whether everything that is planned is so already. */
bool plan_is_done(const struct ramswap_plan *plan);

/* The word for a kind of device, and for a severity, as in JSON. */
const char *plan_kind_word(enum ramswap_device_kind kind);
const char *plan_severity_word(enum ramswap_severity severity);

#endif
