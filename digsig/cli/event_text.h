/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An event of an engine as a JSON object and as a line for a person. */
#ifndef DIGSIG_CLI_EVENT_TEXT_H
#define DIGSIG_CLI_EVENT_TEXT_H

#include <json-c/json.h>
#include <stdbool.h>
#include "../kernel/engine.h"

/* lost: how many events were lost before this one. */
struct json_object *event_to_json(const struct digsig_event *event, __u64 lost);

/* The same, on stdout: one JSON object in a line, or words. */
void event_print_json(const struct digsig_event *event, __u64 lost);
void event_print_line(const struct digsig_event *event, __u64 lost, bool colour);

/* Why the verdict, as far as the engine said. A static string. */
const char *event_reason(const struct digsig_event *event);

#endif
