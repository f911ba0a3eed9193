/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Threads, each with sockets and a tracker of its own; the kernel gives a sender always to the same one. */
#ifndef KERNKIT_NETCON_RECEIVER_H
#define KERNKIT_NETCON_RECEIVER_H

#include "../../lib/text/endpoint.h"
#include "../output/set.h"
#include "allowed.h"
#include "tracker.h"

enum { RECEIVER_THREADS_MAX = 64, RECEIVER_ENDPOINTS_MAX = 16 };

struct receiver_settings {
	const struct endpoint *endpoints; /* 1 to RECEIVER_ENDPOINTS_MAX */
	unsigned int endpoint_count;
	const char *const *groups; /* multicast: joined on the first endpoint of the same family */
	unsigned int group_count;
	unsigned int threads; /* 1 to RECEIVER_THREADS_MAX */
	__u64 buffer; /* bytes, of each socket */
	const struct allowed *allowed;
	struct tracker_settings tracker; /* of all threads together */
	__u64 messages_max; /* is_done then; 0: never */
	struct output_set *outputs;
};

struct receiver_counts {
	struct tracker_counts tracker; /* of all threads */
	__u64 refused; /* datagrams of who is not allowed */
	__u64 dropped; /* datagrams that a socket had no room for */
};

struct receiver;

/*
 * Opens the sockets; the threads begin with receiver_start. What the settings point to must stay. 0; or a negative errno, and *what, text
 * of the settings, is what it is about; NULL: nothing of them.
 */
int receiver_open(const struct receiver_settings *settings, struct receiver **receiver, const char **what);

/* 0 or a negative errno. */
int receiver_start(struct receiver *receiver);

/* Whether there were as many messages as were wanted. */
bool receiver_is_done(const struct receiver *receiver);

void receiver_counts(const struct receiver *receiver, struct receiver_counts *counts);

/* Ends the threads; what was received is given to the outputs. The counts stay until receiver_close. */
void receiver_stop(struct receiver *receiver);

void receiver_close(struct receiver *receiver);

#endif
