/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of a host share. */
#ifndef DIGSIG_FLEETD_HOST_PARTS_H
#define DIGSIG_FLEETD_HOST_PARTS_H

#include <pthread.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include "../../lib/time/backoff.h"
#include "host.h"
#include "set_store.h"

enum {
	SCOPES = 2, /* of enum fleet_scope */
	STATUS_LEAST = 2000, /* milliseconds between two statuses */
};

/* What can be wrong, the most important first: the status names one. */
enum host_topic {
	TOPIC_LINK,
	TOPIC_GROUP, /* the state of the group; TOPIC_GROUP + scope */
	TOPIC_HOST,
	TOPIC_SET, /* blobs, and the folder */
	TOPIC_STATUS, /* that it cannot be published */
	TOPIC_EVENTS,
	HOST_TOPICS,
};

/* A state as it is taken: the newest whose signature is right. */
struct accepted {
	struct fleet_state state;
	__u64 ready; /* the sequence of what is in the set that is ready; 0: there is none */
	__u64 message; /* the sequence in the stream of the message that was looked at last */
};

/* The status that was published last. */
struct status_sent {
	__u64 at, due_at; /* of the last and of the next one */
	__u64 looked_at;
	char *stripped; /* status_strip; NULL: none was published */
	unsigned int changes; /* what was known then */
	__u64 put, waiting;
	struct stat report; /* of digsigd's file */
};

struct fleet_host {
	struct fleet_host_settings settings;
	char inbox_prefix[FLEET_SUBJECT_MAX];
	struct set_store store;

	struct fleet_link *link; /* NULL: there is no connection */
	__u64 connect_at; /* all times: milliseconds of CLOCK_MONOTONIC */
	struct backoff connect_again;
	unsigned int timeouts; /* in a row */

	struct accepted accepted[SCOPES];
	atomic_uint heard; /* a bit for each scope of which a state was published */
	_Atomic(__s64) heard_at; /* nanoseconds since 1970, of this clock */
	unsigned int looks_for; /* bits of scopes that were heard of and not yet found */
	unsigned int looked; /* how often */
	__u64 look_at, check_at;
	struct backoff check_again;

	bool is_incomplete; /* what is accepted is not ready */
	bool is_begun; /* the set */
	__u64 fetch_at;
	struct backoff fetch_again;

	struct status_sent sent;
	struct status_clock clock;
	pthread_mutex_t lock; /* of the next three */
	unsigned int changes; /* of problems, of what is ready, and of losses */
	struct status_events events;
	char problems[HOST_TOPICS][FLEET_HOST_PROBLEM];
};

__u64 host_now(void);

/* The status says something else now. */
void host_changed(struct fleet_host *host);

/* Notes what is wrong, and reports it if it is new; "": nothing is. */
void host_problem(struct fleet_host *host, enum host_topic topic, const char *format, ...)
	__attribute__((format(printf, 3, 4), nonnull(3)));

/* What an error of the link means for it: after -ENOTCONN, and after many answers that did not come, it is closed. */
void host_link_failed(struct fleet_host *host, int err, const char *problem);

/* So many, a fifth more or less by chance. */
__u64 host_spread(unsigned int milliseconds);

/* Asks for the states of these scopes, and takes what is newer. false: the link failed, and may be closed. host_check.c */
bool host_check(struct fleet_host *host, unsigned int scopes);

/* Fetches the next blob, or makes the set ready. host_set.c */
void host_fetch(struct fleet_host *host);

/* Publishes the status if it is due; returns in how many milliseconds it is to be looked at again. host_status.c */
unsigned int host_tell(struct fleet_host *host);

#endif
