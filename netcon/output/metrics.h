/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a receiver counts, for Prometheus: over HTTP, and in a file for node_exporter's textfile collector. netcon(1) has the names. */
#ifndef KERNKIT_NETCON_METRICS_H
#define KERNKIT_NETCON_METRICS_H

#include <stdio.h>
#include <time.h>
#include <linux/types.h>
#include "set.h"

/* Since the beginning, if nothing else is said. */
struct receiver_counters {
	__u64 datagrams; /* that were taken: not of refused sources, not dropped by the kernel */
	__u64 bytes; /* of these, without headers of IP and UDP */
	__u64 messages; /* given to the outputs, incomplete ones too */
	__u64 basic; /* of these: not in the extended format */
	__u64 fragments; /* datagrams that were a piece of a message */
	__u64 incomplete; /* messages given on although pieces were missing */
	__u64 conflicting; /* pieces that others contradicted */
	__u64 duplicates; /* messages dropped, because they had come before */
	__u64 late; /* messages behind one with a higher sequence number */
	__u64 lost; /* messages that did not come in time */
	__u64 found; /* of these: came after all */
	__u64 restarts; /* boots of hosts that were known */
	__u64 refused_sources; /* datagrams of who is not allowed */
	__u64 kernel_drops; /* datagrams that a socket had no room for */
	__u64 memory_drops; /* datagrams dropped, because memory was short */
	__u64 hosts; /* known now */
	__u64 hosts_new, hosts_forgotten;
	__u64 memory_bytes; /* taken now, by hosts and pieces */
	unsigned int output_count;
	struct {
		const char *name; /* of struct output; it must stay while the snapshot is used */
		__u64 errors; /* messages and batches that it failed at */
	} outputs[OUTPUTS_MAX];
};

/* Fills all of *counters, as of now. Called by another thread than those of the receiver. */
typedef void metrics_snapshot(void *context, struct receiver_counters *counters);

/* The text format, version 0.0.4. Outputs of the same name are added up. */
void metrics_print(FILE *out, const struct receiver_counters *counters);

struct metrics;

/* What metrics_open takes, in words. */
#define METRICS_RULE "PORT, ADDRESS:PORT or [V6ADDRESS]:PORT"

/*
 * Answers GET and HEAD of /metrics over HTTP, and nothing else. address: METRICS_RULE; PORT alone is of all addresses. 0;
 * -EINVAL: it is not that; -EADDRNOTAVAIL: the name has no address; or another negative errno, of bind(2). Until
 * metrics_close snapshot may be called at any time.
 */
int metrics_open(const char *address, metrics_snapshot *snapshot, void *context, struct metrics **metrics);

/* NULL: nothing. */
void metrics_close(struct metrics *metrics);

/* A file that is written anew every METRICS_FILE_SECONDS, as a whole. */
enum { METRICS_FILE_SECONDS = 15 };

struct metrics_file {
	const char *path;
	metrics_snapshot *snapshot;
	void *context;
	time_t written; /* by CLOCK_MONOTONIC; 0: never */
};

/*
 * Writes the file, if it is time; to be called some times a second. 0; or the negative errno of writing it, which is
 * tried again when it is time.
 */
int metrics_file_tick(struct metrics_file *file);

/* Writes it now. */
int metrics_file_write(struct metrics_file *file);

#endif
