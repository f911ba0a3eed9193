/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How far the memory of a node is from a processor. */
#ifndef RAMSWAP_MEASURE_NODE_H
#define RAMSWAP_MEASURE_NODE_H

#include "../ramswap.h"
#include "times.h"

#define MEASURE_NODE_SIZE_LEAST (64ULL << 20) /* bytes, of 0, if the node has them: more than most caches */
#define MEASURE_NODE_STEP (1ULL << 20) /* sizes are multiples of it */
#define MEASURE_NODE_SIZE_MAX (256ULL << 20)

struct measure_node {
	unsigned int id, from; /* the memory's node; the node of the processor */
	__u64 size; /* bytes of memory that the loads went to */
	bool fits_cache; /* they are not more than twice the processor's last cache: load_ns is too good */
	/* A load that waits for the one before it, at random places, in nanoseconds. */
	double load_ns;
	/* A page that this process copies there from a buffer in its cache, and back. */
	struct measure_times out, in;
	/*
	 * A page that the kernel moves there from the processor's node, as demotion does, and back: the mean. 0: of
	 * that node.
	 */
	double move_out_ns, move_in_ns;
};

/*
 * The memory of the node as the processor has it, a number of sched_getcpu(3), to which this thread is bound
 * meanwhile. size: bytes; 0: four times the last cache, within the bounds above. It is no more than a quarter of what
 * is free there.
 *
 * 0; or a negative errno, and what was wrong: -ENODEV: the node has no memory; -ENOMEM: too little of it is free;
 * -EOPNOTSUPP: this kernel has no nodes; another one: this process may not use the node (cpuset), or the processor.
 */
int measure_node(const struct ramswap_node *node, unsigned int processor, __u64 size, struct measure_node *measured,
	struct ramswap_problem *problem);

#endif
