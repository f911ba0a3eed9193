// SPDX-License-Identifier: GPL-2.0-or-later
#include "node.h"
#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "../../lib/text/size.h"
#include "fail.h"
#include "numa.h"
#include "random.h"

enum {
	LINE = 64, /* bytes that a load fetches, or a multiple of them */
	LOADS = 1 << 14, /* between two looks at the clock */
	BATCHES = 256, /* of them, at most */
	BATCHES_LEAST = 9,
	COPIES = 2048, /* pages */
	MOVES = 512, /* pages at once: the system call costs as much as some pages */
	SECONDS = 1, /* of loads */
};

/* One line: the next one to load. The lines are a single circle in random order. */
struct line {
	struct line *next;
	char rest[LINE - sizeof(struct line *)];
};

/* A circle through all lines: Sattolo's algorithm. */
static void link_lines(struct line *lines, size_t count)
{
	__u64 random = measure_random_seed();

	for (size_t i = 0; i < count; i++)
		lines[i].next = &lines[i];
	for (size_t i = count - 1; i; i--) {
		size_t other = measure_random_below(&random, i);
		struct line *next = lines[i].next;

		lines[i].next = lines[other].next;
		lines[other].next = next;
	}
}

/* The line that follows after LOADS loads. */
static const struct line *load(const struct line *line)
{
	for (size_t i = 0; i < LOADS; i++)
		line = line->next;
	return line;
}

/* The median of batches: in one of them another program may have had the processor. */
static double time_loads(const struct line *lines, size_t count)
{
	/* volatile, so that the loads are made. The first ones get the page tables into the caches. */
	const struct line *volatile where = load(lines);
	const size_t wanted = count / LOADS < BATCHES ? count / LOADS : BATCHES;
	const __u64 end = measure_now() + SECONDS * 1000000000ULL;
	struct measure_times sum;
	__u64 times[BATCHES], before;
	size_t batches = 0;

	while (batches < BATCHES_LEAST || (batches < wanted && measure_now() < end)) {
		before = measure_now();
		where = load(where);
		times[batches++] = measure_now() - before;
	}
	measure_times_sum_up(times, batches, &sum);
	return (double)sum.p50 / LOADS;
}

/* Each page once, in a random order. */
static int time_copies(unsigned char *memory, size_t page_size, size_t pages, struct measure_node *measured,
	struct ramswap_problem *problem)
{
	unsigned char *page = malloc(page_size);
	__u64 *times = calloc(COPIES, sizeof(*times)), random = measure_random_seed(), before;
	__u32 *order = calloc(pages, sizeof(*order));
	size_t count = pages < COPIES ? pages : COPIES;

	if (page && times && order) {
		memset(page, 1, page_size);
		measure_random_order(&random, order, pages);
		for (size_t i = 0; i < count; i++) {
			before = measure_now();
			memcpy(page, memory + order[i] * page_size, page_size);
			times[i] = measure_now() - before;
		}
		measure_times_sum_up(times, count, &measured->in);
		measure_random_order(&random, order, pages);
		for (size_t i = 0; i < count; i++) {
			before = measure_now();
			memcpy(memory + order[i] * page_size, page, page_size);
			times[i] = measure_now() - before;
		}
		measure_times_sum_up(times, count, &measured->out);
	}
	free(page);
	free(times);
	free(order);
	return measured->in.count ? 0 : measure_fail(problem, -ENOMEM, "memory is short");
}

static int time_moves(size_t page_size, struct measure_node *measured, struct ramswap_problem *problem)
{
	unsigned char *memory = numa_memory(measured->from, MOVES * page_size);
	__u64 begin, middle;
	int err;

	if (!memory)
		return measure_fail(problem, -errno, "node %u: %s", measured->from, strerror(errno));
	/* The parts of a huge page cannot be moved one by one. */
	madvise(memory, MOVES * page_size, MADV_NOHUGEPAGE);
	memset(memory, 1, MOVES * page_size);
	begin = measure_now();
	err = numa_move(memory, page_size, MOVES, measured->id);
	middle = measure_now();
	measured->move_out_ns = (double)(middle - begin) / MOVES;
	if (!err)
		err = numa_move(memory, page_size, MOVES, measured->from);
	measured->move_in_ns = (double)(measure_now() - middle) / MOVES;
	munmap(memory, MOVES * page_size);
	if (err)
		measure_fail(problem, err, "node %u: pages could not be moved: %s", measured->id, strerror(-err));
	return err;
}

static int measure_memory(unsigned char *memory, struct measure_node *measured, struct ramswap_problem *problem)
{
	const size_t page_size = (size_t)sysconf(_SC_PAGESIZE);
	int node;

	memset(memory, 1, measured->size);
	node = numa_node_of(memory + measured->size - 1);
	if (node != (int)measured->id)
		return measure_fail(problem, node < 0 ? node : -EIO, "node %u: its memory is not used: %s",
			measured->id, node < 0 ? strerror(-node) : "the kernel took that of another node");
	node = time_copies(memory, page_size, measured->size / page_size, measured, problem);
	if (node)
		return node;
	link_lines((struct line *)(void *)memory, measured->size / LINE);
	measured->load_ns = time_loads((const struct line *)(void *)memory, measured->size / LINE);
	return measured->id == measured->from ? 0 : time_moves(page_size, measured, problem);
}

static __u64 last_cache(void)
{
	long size = sysconf(_SC_LEVEL3_CACHE_SIZE);

	if (size <= 0)
		size = sysconf(_SC_LEVEL2_CACHE_SIZE);
	return size > 0 ? (__u64)size : 0;
}

static int choose_size(const struct ramswap_node *node, __u64 size, struct measure_node *measured,
	struct ramswap_problem *problem)
{
	char text[16];

	if (!node->has_memory)
		return measure_fail(problem, -ENODEV, "node %u has no memory", node->id);
	if (!size)
		size = 4 * last_cache() > MEASURE_NODE_SIZE_LEAST ? 4 * last_cache() : MEASURE_NODE_SIZE_LEAST;
	size = size > MEASURE_NODE_STEP ? size : MEASURE_NODE_STEP;
	size = size < MEASURE_NODE_SIZE_MAX ? size : MEASURE_NODE_SIZE_MAX;
	size = size < node->free / 4 ? size : node->free / 4;
	measured->size = size / MEASURE_NODE_STEP * MEASURE_NODE_STEP;
	measured->fits_cache = measured->size <= 2 * last_cache();
	if (measured->size)
		return 0;
	size_print(text, sizeof(text), (double)node->free);
	return measure_fail(problem, -ENOMEM, "node %u has only %s of free memory", node->id, text);
}

static int measure_bound(const struct ramswap_node *node, unsigned int processor, struct measure_node *measured,
	struct ramswap_problem *problem)
{
	unsigned char *memory;
	int err;

	if (getcpu(&processor, &measured->from))
		return measure_fail(problem, -errno, "getcpu: %s", strerror(errno));
	memory = numa_memory(node->id, measured->size);
	if (!memory)
		return errno == ENOSYS ? measure_fail(problem, -EOPNOTSUPP, "this kernel has no nodes") :
					 measure_fail(problem, -errno, "node %u: %s", node->id, strerror(errno));
	/* What is measured is memory, not the way through page tables. */
	madvise(memory, measured->size, MADV_HUGEPAGE);
	err = measure_memory(memory, measured, problem);
	munmap(memory, measured->size);
	return err;
}

int measure_node(const struct ramswap_node *node, unsigned int processor, __u64 size, struct measure_node *measured,
	struct ramswap_problem *problem)
{
	cpu_set_t before, bound;
	int err;

	*measured = (struct measure_node){ .id = node->id };
	err = choose_size(node, size, measured, problem);
	if (err)
		return err;
	CPU_ZERO(&bound);
	CPU_SET(processor, &bound);
	if (sched_getaffinity(0, sizeof(before), &before) || sched_setaffinity(0, sizeof(bound), &bound))
		return measure_fail(problem, -errno, "processor %u: %s", processor, strerror(errno));
	err = measure_bound(node, processor, measured, problem);
	sched_setaffinity(0, sizeof(before), &before);
	return err;
}
