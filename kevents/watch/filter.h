/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The filter once more, for what does not pass through the kernel program: perf events and what is
 * there at the beginning.
 */
#ifndef KEVENTS_WATCH_FILTER_H
#define KEVENTS_WATCH_FILTER_H

#include "../kevents.h"
#include "process.h"

struct filter;

/* Copies what it is given. NULL when memory is short. */
struct filter *filter_new(const struct kevents_filter *filter, bool has_descendants);
/* Frees it and what it keeps of options. */
void filter_free(struct filter *filter);

/* Whether records of this enum kevents_type are wanted at all. */
bool filter_wants_type(const struct filter *filter, uint32_t type);

/* Adds the processes below those that were given, as they are in list, to the set; 0 or -ENOMEM. */
int filter_add_descendants(struct filter *filter, const struct process *list, size_t count);

/* The set of pids: of a filter without, every one is in it. For bpf_source. */
bool filter_has_pid(const struct filter *filter, int32_t pid);
/* The *count processes that are wanted; the filter's own. None: all are. */
const int32_t *filter_pids(const struct filter *filter, size_t *count);

/* False: it is not in the set, and no FORK that is yet to come can put it there. */
bool filter_may_have_pid(const struct filter *filter, int32_t pid);

/*
 * Whether the record is wanted. Learns of descendants from FORK, and forgets them after EXIT, also
 * when it is not wanted: to be called with each of them, in the order of time.
 */
bool filter_takes(struct filter *filter, const struct kevents_record *record);

/* The same of a record that the kernel program let through: only its type is tested. */
bool filter_takes_told(struct filter *filter, const struct kevents_record *record);

/* Whether uid and cgroup must be known of each process, which perf events do not tell. */
bool filter_needs_process(const struct filter *filter);

#endif
