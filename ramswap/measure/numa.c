// SPDX-License-Identifier: GPL-2.0-or-later
#include "numa.h"
#include <errno.h>
#include <limits.h>
#include <linux/mempolicy.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "../facts.h"

enum { MASK_BITS = sizeof(unsigned long) * CHAR_BIT };

void *numa_memory(unsigned int node, size_t size)
{
	unsigned long mask[RAMSWAP_NODES_MAX / MASK_BITS] = { 0 };
	void *memory;
	int error;

	if (node >= RAMSWAP_NODES_MAX) {
		errno = EINVAL;
		return NULL;
	}
	mask[node / MASK_BITS] = 1UL << node % MASK_BITS;
	memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED)
		return NULL;
	/* The kernel takes one bit less than it is told. */
	if (!syscall(SYS_mbind, memory, size, MPOL_BIND, mask, RAMSWAP_NODES_MAX + 1, 0))
		return memory;
	error = errno;
	munmap(memory, size);
	errno = error;
	return NULL;
}

int numa_node_of(void *address)
{
	int node;

	if (syscall(SYS_get_mempolicy, &node, NULL, 0, address, MPOL_F_NODE | MPOL_F_ADDR))
		return -errno;
	return node;
}

int numa_move(void *address, size_t page_size, size_t count, unsigned int node)
{
	void **pages = calloc(count, sizeof(*pages));
	int *nodes = calloc(count, sizeof(*nodes)), *states = calloc(count, sizeof(*states));
	int err = pages && nodes && states ? 0 : -ENOMEM;

	for (size_t i = 0; !err && i < count; i++) {
		pages[i] = (char *)address + i * page_size;
		nodes[i] = (int)node;
	}
	if (!err && syscall(SYS_move_pages, 0, count, pages, nodes, states, MPOL_MF_MOVE) < 0)
		err = -errno;
	for (size_t i = 0; !err && i < count; i++)
		if (states[i] != (int)node)
			err = states[i] < 0 ? states[i] : -EBUSY;
	free(pages);
	free(nodes);
	free(states);
	return err;
}
