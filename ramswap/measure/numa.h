/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The system calls of numa(7), without libnuma. */
#ifndef RAMSWAP_MEASURE_NUMA_H
#define RAMSWAP_MEASURE_NUMA_H

#include <stddef.h>

/*
 * Memory, readable and writable, whose pages can be of that node alone; they come when they are touched. NULL, and
 * errno. To be given back with munmap(2).
 */
void *numa_memory(unsigned int node, size_t size);

/* The node that the page at the address is of; or a negative errno. */
int numa_node_of(void *address);

/*
 * Moves count pages from the address on to the node. 0; or a negative errno: -EBUSY: not all went.
 */
int numa_move(void *address, size_t page_size, size_t count, unsigned int node);

#endif
