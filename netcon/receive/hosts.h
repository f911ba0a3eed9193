/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The hosts that are known, by address and port: a table with room for so many. Whoever can send datagrams can also
 * forge their source, so a host that was heard of once is on probation: when there is no room, the one of these that has not been
 * heard of for longest is forgotten, and only if there are none, another.
 */
#ifndef KERNKIT_NETCON_HOSTS_H
#define KERNKIT_NETCON_HOSTS_H

#include <sys/queue.h>
#include "../output/output.h"
#include "assembly.h"
#include "held.h"
#include "sequences.h"

/* A message of which pieces are missing. */
struct pending {
	struct assembly assembly;
	struct host *host;
	__u64 begun; /* milliseconds */
	bool was_established; /* the host, then: of_all is of the list for that */
	TAILQ_ENTRY(pending) of_host, of_all; /* both with the oldest first */
};

TAILQ_HEAD(pending_list, pending);

/* A boot id, and '\0'. */
enum { BOOT_ID_ROOM = 37 };

struct host {
	struct netcon_source source;
	struct host *next; /* of the same bucket */
	bool is_established; /* no longer on probation */
	__u64 first_heard, last_heard; /* milliseconds */
	__u64 datagrams;

	struct sequences sequences; /* of its present boot */
	char boot_id[BOOT_ID_ROOM]; /* of it; "": not known */
	__u64 release; /* a hash; 0: none was sent */
	__u64 boot_heard; /* milliseconds, as those below: when the first message of this boot was heard */
	__u64 newest_heard, newest_time; /* of the highest number: by our clock, when it was heard; by the host's, when it was written */

	struct pending_list pending;
	unsigned int pending_count;
	size_t pending_memory;
	char *rest; /* of basic messages: text whose end has not come; NULL: none */
	size_t rest_size;
	__u64 rest_begun;

	struct held *held; /* a message that may be continued; NULL: none */
	__u64 held_since;

	bool is_waiting; /* something of it may be given up in time: it is in the list of these */
	LIST_ENTRY(host) waiting;
	TAILQ_ENTRY(host) age; /* the one not heard of for longest is the first */
};

TAILQ_HEAD(host_list, host);

struct hosts;

/* most: so many hosts. 0 or -ENOMEM. */
int hosts_open(size_t most, struct hosts **hosts);

/* The host of that source; NULL: not known. */
struct host *hosts_find(struct hosts *hosts, const struct netcon_source *source);

/* A new one, heard of now. NULL: memory is short, or hosts_are_full. */
struct host *hosts_add(struct hosts *hosts, const struct netcon_source *source, __u64 now);

bool hosts_are_full(const struct hosts *hosts);
size_t hosts_count(const struct hosts *hosts);

/* It was heard of now; perhaps that ends its probation. */
void hosts_heard(struct hosts *hosts, struct host *host, __u64 now);

/* The one to forget first; NULL: there is none. */
struct host *hosts_least(struct hosts *hosts);

/* The one that has not been heard of for longest, of both kinds; NULL: there is none. */
struct host *hosts_oldest(struct hosts *hosts);

/* Forgets it: what it has must have been taken care of; its memory is for the next one. */
void hosts_remove(struct hosts *hosts, struct host *host);

/* Bytes that the hosts and the table take, without what is pending or a rest. */
size_t hosts_memory(const struct hosts *hosts);

void hosts_close(struct hosts *hosts);

#endif
