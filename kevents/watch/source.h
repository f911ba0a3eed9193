/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The two sources: what they need, and what they do. */
#ifndef KEVENTS_WATCH_SOURCE_H
#define KEVENTS_WATCH_SOURCE_H

#include "../kevents.h"
#include "order.h"
#include "process_identity.h"

/* kevents_options, with types as they are wanted of this source. */
struct source_request {
	const struct kevents_filter *filter;
	uint32_t types;
	bool has_descendants;
	size_t buffer_size;
};

/* In the flags of a record in the order: the filter is yet to be asked. */
#define RECORD_UNFILTERED (1u << 31)

/* What a source counts itself, beside what it puts into order. */
struct source_sums {
	uint64_t made;	 /* records that it began to make */
	uint64_t missed; /* of what was not seen at all: told as LOST, too */
	bool is_settled; /* each record that was made was read, or is lost */
};

struct bpf_source;

/*
 * *told: which types it tells here. -EPERM: no right; -EOPNOTSUPP: the kernel refuses such a
 * program; others: error says what.
 */
int bpf_source_open(const struct source_request *request, struct bpf_source **source,
	uint32_t *told, struct kevents_error *error);
/* Takes the programs off their hooks and frees it; NULL: does nothing. */
void bpf_source_close(struct bpf_source *source);
/* Is readable, by epoll(7), when there is something to drain; the source's own. */
int bpf_source_fd(const struct bpf_source *source);
/* Bytes that the kernel's buffer takes. */
size_t bpf_source_memory(const struct bpf_source *source);
/*
 * Puts what is there into order, as long as that is not full. identities: learns, if it is not
 * NULL. 0 or a negative errno.
 */
int bpf_source_drain(struct bpf_source *source, struct process_identities *identities, struct order *order);
/* Puts a LOST of what no event has told of so far into order. 0 or a negative errno. */
int bpf_source_count_lost(struct bpf_source *source, struct order *order);
/* From here on nothing is made but by programs that run at this moment. */
void bpf_source_stop(struct bpf_source *source);
/* As of the last time that losses were counted. */
void bpf_source_get_sums(const struct bpf_source *source, struct source_sums *sums);

struct perf_source;

/* *told as above. What it tells is RECORD_UNFILTERED. */
int perf_source_open(const struct source_request *request, struct perf_source **source,
	uint32_t *told, struct kevents_error *error);
/* Closes its events and frees it; NULL: does nothing. */
void perf_source_close(struct perf_source *source);
/* Bytes that it and the kernel's buffers take. */
size_t perf_source_memory(const struct perf_source *source);
/* Adds the descriptors to an epoll(7) set, edge-triggered. 0 or epoll_ctl(2)'s errors. */
int perf_source_watch(const struct perf_source *source, int epoll);
struct filter;
/*
 * As bpf_source_drain. filter: to spare what is costly where it can be seen that nobody wants it.
 */
int perf_source_drain(struct perf_source *source, const struct filter *filter,
	struct process_identities *identities, struct order *order);
/* As bpf_source_count_lost. */
int perf_source_count_lost(struct perf_source *source, struct order *order);
/* As bpf_source_stop. */
void perf_source_stop(struct perf_source *source);
/* As bpf_source_get_sums. */
void perf_source_get_sums(const struct perf_source *source, struct source_sums *sums);

#endif
