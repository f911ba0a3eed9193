/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a host says of itself, as JSON: docs/fleet.md explains the members. */
#ifndef DIGSIG_FLEETD_STATUS_H
#define DIGSIG_FLEETD_STATUS_H

#include <json-c/json.h>
#include <stdbool.h>
#include <linux/types.h>

/* What does not change while the host runs. */
struct status_facts {
	const char *boot; /* UUID of the boot */
	const char *kernel, *machine; /* as uname(2) has them */
	const char *version; /* of digsig-fleetd */
};

/* Since the boot. */
struct status_events {
	__u64 put; /* entries of the log that were taken */
	__u64 acknowledged; /* of these: JetStream has stored them */
	__u64 waiting; /* in the spool, and under way */
	__u64 refused; /* they had no room in the spool, or are too large for the server: they are gone */
	__u64 lost; /* of the log, at least: it was rotated away before it was read, or a line was no entry */
};

struct status_clock {
	bool is_known;
	double offset; /* seconds: this clock minus the server's */
};

struct status {
	const char *host, *group;
	struct status_facts facts;
	struct status_events events;
	struct status_clock clock;
	struct json_object *digsigd; /* what digsigd says; NULL: it says nothing. It stays the caller's */
	__u64 group_sequence, host_sequence; /* of what is in the folder; 0: nothing */
	const char *problem; /* "": none */
};

/* A new object, with the time; NULL: memory is short. */
struct json_object *status_to_json(const struct status *status);

/* Takes out what changes all the time: what is left is worth a message when it changes. */
void status_strip(struct json_object *json);

/* The file that digsigd writes, bounded; NULL: it is not there, or it is no JSON object. */
struct json_object *status_read_report(const char *path);

#endif
