/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The events of a fleet, summed up: digsig fleet denied, impact and report. */
#ifndef DIGSIG_CLI_FLEET_DENIED_H
#define DIGSIG_CLI_FLEET_DENIED_H

#include "../../fleet/denials.h"

/* Which events are read. */
struct denied_filter {
	const char *group, *host; /* NULL: any */
	double since; /* seconds before now; 0: all that the server has */
};

/* Called with each event that the filter lets through; false ends the reading. */
typedef bool denied_visitor(void *closure, const struct fleet_event *event);

struct denied_reading {
	const struct denied_filter *filter;
	struct fleet_denials *denials; /* takes the events; NULL: nobody sums */
	denied_visitor *visit; /* is called besides; NULL: nobody */
	void *closure;
	bool follow; /* goes on until a signal comes */
	__u64 not_understood; /* messages that are no event */
	int err;
};

/* Complains itself; returns an exit code. */
int denied_read(struct fleet_link *link, struct denied_reading *reading);

/* What has to be known to take the sums for true; on stderr, as warnings. */
void denied_warn(const struct denied_reading *reading);

/* The path as it is in the file system, which may be any bytes, to be freed; "" if there is none. NULL: memory is short. */
char *denied_path(const struct fleet_denial *denial);

/* For --json. */
struct json_object *denied_json(const struct fleet_denial *denial);

/*
 * Prints "DIGEST  PATH" as sha256sum(1) does, which is what digsig catalog sign takes; nothing for what no catalog
 * would help: it has no digest, or its signature is bad.
 */
void denied_print_sum(const struct fleet_denial *denial);

#endif
