/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The two sources: what they need, and what they do. */
#ifndef KEVENTS_WATCH_SOURCE_H
#define KEVENTS_WATCH_SOURCE_H

#include "../kevents.h"
#include "order.h"
#include "who.h"

/* kevents_options, with types as they are wanted of this source. */
struct source_request {
	const struct kevents_filter *filter;
	uint32_t types;
	bool has_descendants;
	size_t buffer_size;
};

/* In the flags of a record in the order: the filter is yet to be asked. */
#define RECORD_UNFILTERED (1u << 31)

struct bpf_source;

/*
 * *told: which types it tells here. -EPERM: no right; -EOPNOTSUPP: the kernel refuses such a
 * program; others: error says what.
 */
int bpf_source_open(const struct source_request *request, struct bpf_source **source,
	uint32_t *told, struct kevents_error *error);
void bpf_source_close(struct bpf_source *source);
int bpf_source_fd(const struct bpf_source *source);
size_t bpf_source_memory(const struct bpf_source *source);
/* Puts what is there into order, as long as that is not full. 0 or a negative errno. */
/* who: learns, if it is not NULL. */
int bpf_source_drain(struct bpf_source *source, struct who *who, struct order *order);
/* Puts a LOST of what no event has told of so far into order. */
int bpf_source_count_lost(struct bpf_source *source, struct order *order);

struct perf_source;

/* *told as above. What it tells is RECORD_UNFILTERED. */
int perf_source_open(const struct source_request *request, struct perf_source **source,
	uint32_t *told, struct kevents_error *error);
void perf_source_close(struct perf_source *source);
size_t perf_source_memory(const struct perf_source *source);
/* Adds the descriptors to an epoll(7) set. */
int perf_source_watch(const struct perf_source *source, int epoll);
struct filter;
/* filter: to spare what is costly where it can be seen that nobody wants it. */
int perf_source_drain(struct perf_source *source, const struct filter *filter, struct who *who,
	struct order *order);

#endif
