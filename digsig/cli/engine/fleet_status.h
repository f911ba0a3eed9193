/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What digsig status says of the fleet: digsigd's report, which docs/daemon.md describes. */
#ifndef DIGSIG_CLI_FLEET_STATUS_H
#define DIGSIG_CLI_FLEET_STATUS_H

#include <json-c/json.h>

/* A fact, under a title, or under the one before: "". */
typedef void fact_printer(const char *title, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A new object; NULL: the machine is of no fleet. Without a report of digsigd's it says that of which group the machine is. */
struct json_object *fleet_status_read(void);

/* NULL: nothing is printed. */
void fleet_status_print(struct json_object *fleet, fact_printer *print_fact);

#endif
