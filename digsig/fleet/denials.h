/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was denied in a fleet, or would have been: each file once, by digest, path and verdict, with its hosts. Pure. */
#ifndef DIGSIG_FLEET_DENIALS_H
#define DIGSIG_FLEET_DENIALS_H

#include "event.h"

enum {
	FLEET_DENIALS_MAX = 100000, /* of these, */
	FLEET_DENIAL_HOSTS_MAX = 2000000, /* in all hosts of all of them, and */
	FLEET_EVENTS_KNOWN_MAX = 4000000, /* of events by which one that comes twice is known */
};

struct fleet_denial {
	char *path; /* as in the log: safe to print; owned */
	char *package; /* what the first host says that knows one; "": none; owned */
	bool has_digest;
	__u8 digest[DIGSIG_DIGEST_SIZE];
	enum digsig_verdict verdict;
	__u64 denied; /* so often */
	__u64 would_deny; /* so often it ran, and would have been denied in mode enforcing */
	__u64 hosts;
	__s64 first, last; /* seconds since 1970 */
};

struct fleet_denials;

/* 0; -ENOMEM. */
int fleet_denials_new(struct fleet_denials **denials);
void fleet_denials_free(struct fleet_denials *denials);

/*
 * Takes an event; one that came before, of the same host, boot and sequence, is passed over. 0; -ENOMEM.
 */
int fleet_denials_add(struct fleet_denials *denials, const struct fleet_event *event);

/*
 * All of them, those on the most hosts first; what was seen as often is in the order of its path. The array is the caller's
 * to free, what it points to stays the denials'. NULL, and *count 0: there are none, or memory is short.
 */
struct fleet_denial **fleet_denials_list(const struct fleet_denials *denials, size_t *count);

struct fleet_denials_sums {
	__u64 events; /* taken, without those that came twice */
	__u64 twice; /* events that came twice */
	__u64 lost; /* events that hosts said were lost */
	__u64 passed_over; /* events of further files: there was no room */
};

struct fleet_denials_sums fleet_denials_sums(const struct fleet_denials *denials);

#endif
