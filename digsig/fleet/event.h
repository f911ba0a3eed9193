/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a host reports of its engine: an entry of digsigd's log, wrapped by digsig-fleetd, as docs/fleet.md has it. The host
 * may be in anybody's hands: what it says is bounded, and which host it is, the subject says, which the server has checked.
 */
#ifndef DIGSIG_FLEET_EVENT_H
#define DIGSIG_FLEET_EVENT_H

#include <json-c/json.h>
#include "../format/verdict.h"
#include "link.h"
#include "names.h"

enum { FLEET_EVENT_SIZE_MAX = 64 << 10 }; /* bytes; a larger one is not taken */

enum fleet_event_kind {
	FLEET_EVENT_JUDGED, /* a file that is not ok was, or would be, denied */
	FLEET_EVENT_REPEATED, /* the same, count times more; it has no digest */
	FLEET_EVENT_LOST, /* count events are missing here */
	FLEET_EVENT_OTHER,
};

/* Strings are the object's; those that are not there are "". */
struct fleet_event {
	struct json_object *object; /* owned */
	enum fleet_event_kind kind;
	char group[FLEET_GROUP_MAX + 1], host[FLEET_HOST_MAX + 1];
	const char *boot; /* with sequence, what tells it from every other event of the host */
	__u64 sequence;
	__s64 time; /* seconds since 1970: the host's, or the server's where that cannot be */
	__u64 count; /* events that it stands for, or that were lost */
	bool is_denied; /* it was denied; else it ran, and would have been denied in mode enforcing */
	enum digsig_verdict verdict;
	const char *hook, *path, *package; /* as in the log: safe to print */
	bool has_digest;
	__u8 digest[DIGSIG_DIGEST_SIZE];
};

/* 0, and *event is to be freed; -EBADMSG: it is none; -ENOMEM. */
int fleet_event_parse(const struct fleet_message *message, struct fleet_event *event);
void fleet_event_free(struct fleet_event *event);

#endif
