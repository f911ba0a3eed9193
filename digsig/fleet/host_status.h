/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a host said of itself last. As with events: bounded, and the subject says which host it is. */
#ifndef DIGSIG_FLEET_HOST_STATUS_H
#define DIGSIG_FLEET_HOST_STATUS_H

#include <json-c/json.h>
#include "link.h"
#include "names.h"

enum { FLEET_STATUS_SIZE_MAX = 64 << 10 }; /* bytes; a larger one is not taken */

/* Strings are the object's; those that are not there are "". None is safe to print as it is. */
struct fleet_host_status {
	struct json_object *object; /* owned */
	char group[FLEET_GROUP_MAX + 1], host[FLEET_HOST_MAX + 1];
	__s64 seen; /* seconds since 1970, of the server's clock */
	const char *kernel, *version;
	bool has_engine; /* digsigd said how the engine is */
	bool is_running, is_locked, is_stale;
	const char *mode;
	__u64 group_sequence, host_sequence; /* of the state that is in effect; 0: none */
	__u64 fetched_sequence; /* of the group's state that digsig-fleetd has */
	__u64 denied, would_deny; /* since the engine started */
	__u64 lost; /* events that nobody will see */
	__u64 waiting; /* events that the host still has */
	__s64 clock_offset; /* seconds by which its clock is ahead of the server's */
	const char *problem; /* why the newest state is not in effect */
	struct json_object *at_next_start; /* an array, the object's; NULL: nothing waits */
};

/* 0, and *status is to be freed; -EBADMSG: it is none; -ENOMEM. */
int fleet_host_status_parse(const struct fleet_message *message, struct fleet_host_status *status);
void fleet_host_status_free(struct fleet_host_status *status);

/* In the order in which an administrator wants to hear of them: the first that applies. */
enum fleet_host_state {
	FLEET_HOST_SILENT, /* it said nothing for too long */
	FLEET_HOST_NO_ENGINE, /* nothing is judged there */
	FLEET_HOST_REFUSED, /* it does not take the newest state */
	FLEET_HOST_STALE, /* its state is older than it may be */
	FLEET_HOST_BEHIND, /* it has not taken the newest state yet */
	FLEET_HOST_NEXT_START, /* a part of the state waits for the next start */
	FLEET_HOST_CURRENT,
	FLEET_HOST_STATES,
};

/* What was published last for a host; 0: nothing. */
struct fleet_newest {
	__u64 group_sequence, host_sequence;
};

/* silent_after: seconds, before now, in seconds since 1970. */
enum fleet_host_state fleet_host_judge(
	const struct fleet_host_status *status, const struct fleet_newest *newest, __s64 now, __s64 silent_after);

/* "silent", "no-engine", "refused", "stale", "behind", "at-next-start", "current". A static string. */
const char *fleet_host_state_name(enum fleet_host_state state);

#endif
