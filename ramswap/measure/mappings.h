/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The mappings of running processes that may have anonymous pages. */
#ifndef RAMSWAP_MEASURE_MAPPINGS_H
#define RAMSWAP_MEASURE_MAPPINGS_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include "../ramswap.h"

enum {
	MEASURE_CHUNK = 512, /* pages of a mapping that are looked at together: as many as have one page table */
	MEASURE_MAPPINGS_MAX = 1 << 20, /* of all processes */
	/* A mapping is all but holes if it is larger than so many times the anonymous memory of its process, */
	MEASURE_SPARSE = 64,
	MEASURE_SPARSE_LEAST = 16 << 20, /* which is taken to be so many bytes at least */
};

struct measure_mapping {
	pid_t process;
	__u64 start; /* address */
	__u64 pages;
	__u64 first_chunk; /* its chunks follow those of the mapping before it */
};

struct measure_mappings {
	struct measure_mapping *list;
	size_t count, room;
	__u64 chunks; /* of all */
	size_t processes; /* that have one in the list */
};

/*
 * A line of /proc/PID/maps. True, and start and pages: its pages may be anonymous, and be swapped. Not so: what is
 * shared, what may not be read, devices, huge pages of HugeTLB, and what the kernel maps by itself.
 */
bool measure_mapping_parse(const char *line, size_t page_size, struct measure_mapping *mapping);

/*
 * Those of all processes that this process may look at but itself, in a random order of the processes; or of process
 * alone, if it is not 0. Left out is who has memory locked (VmLck): that never swaps, and mostly is a secret; and a
 * mapping that is all but holes, such as an address sanitizer's of 16 TiB: to look for its pages would take all the
 * time. It ends at the time end, of measure_now, with what it has then. 0, to be freed with measure_mappings_free; or
 * a negative errno, and what was wrong.
 */
int measure_mappings_read(pid_t process, __u64 end, __u64 *random, struct measure_mappings *mappings,
	struct ramswap_problem *problem);
void measure_mappings_free(struct measure_mappings *mappings);

/* The mapping that has the chunk. */
const struct measure_mapping *measure_mappings_find(const struct measure_mappings *mappings, __u64 chunk);

#endif
