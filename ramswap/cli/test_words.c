// SPDX-License-Identifier: GPL-2.0-or-later
/* ramswap test: which is the best, in words. Only what was measured by the same method is compared. */
#include <stdio.h>
#include "../../lib/text/text.h"
#include "test_rows.h"

#define NOISE 1.15 /* two medians that are nearer to each other mean nothing */

/* The name as the table has it, on stdout. */
static void put_name(const struct test_row *row)
{
	print_safely(stdout, row->source);
	if (*row->algorithm)
		printf(" %s", row->algorithm);
}

/* Of the block devices: the one that has a page back first; other than not, which may be NULL. NULL: there is none. */
static const struct test_row *fastest(const struct test_rows *rows, const struct test_row *other_than)
{
	const struct test_row *best = NULL;

	for (size_t i = 0; i < rows->count; i++) {
		const struct test_row *row = &rows->list[i];

		if (row->method == TEST_DIRECT && row != other_than && (!best || row->in_ns < best->in_ns))
			best = row;
	}
	return best;
}

static const struct test_row *smallest(const struct test_rows *rows)
{
	const struct test_row *best = NULL;

	for (size_t i = 0; i < rows->count; i++)
		if (rows->list[i].ratio > (best ? best->ratio : 0))
			best = &rows->list[i];
	return best;
}

static const struct test_row *near_node(const struct test_rows *rows)
{
	for (size_t i = 0; i < rows->count; i++)
		if (rows->list[i].method == TEST_COPY && rows->list[i].is_near)
			return &rows->list[i];
	return NULL;
}

/* What a page back from swap takes here: as a program has it, if there is a swap; else from the fastest device. */
static const struct test_row *swap_to_compare(const struct test_rows *rows)
{
	for (size_t i = 0; i < rows->count; i++)
		if (rows->list[i].method == TEST_FAULT)
			return &rows->list[i];
	return fastest(rows, NULL);
}

static void explain_fastest(const struct test_rows *rows)
{
	const struct test_row *best = fastest(rows, NULL), *next = fastest(rows, best);
	char one[32], other[32];

	if (!best || !next)
		return;
	test_print_time(one, best->in_ns);
	test_print_time(other, next->in_ns);
	put_name(best);
	if (next->in_ns < best->in_ns * NOISE) {
		printf(" has a page back first, in %s, but ", one);
		put_name(next);
		printf(" is as fast (%s).\n", other);
		return;
	}
	printf(" has a page back first, in %s: %.1f times as fast as ", one, next->in_ns / best->in_ns);
	put_name(next);
	printf(" (%s).\n", other);
}

static void explain_smallest(const struct test_rows *rows)
{
	const struct test_row *best = smallest(rows);
	char text[32];

	if (!best)
		return;
	test_print_time(text, best->in_ns);
	put_name(best);
	printf(" makes most room: %.2f pages in one, and has each back in %s.\n", best->ratio, text);
}

/* A far node's page is dearer at each load; a page in swap is dear once. */
static void explain_node(const struct test_row *row, const struct test_row *near, const struct test_row *swap)
{
	char load[32], more[32], in[32];

	test_print_time(load, row->load_ns);
	test_print_time(more, row->load_ns - near->load_ns);
	printf("A load past the caches takes %s from %s, %.1f times as long as from %s", load, row->source,
		row->load_ns / near->load_ns, near->source);
	if (row->load_ns <= near->load_ns || !swap) {
		puts(".");
		return;
	}
	test_print_time(in, swap->in_ns);
	printf(": %s more. A page back from ", more);
	put_name(swap);
	printf(" takes %s, as much as %.0f such loads: one that is used less before it is out again is better in %s"
	       " than in swap (demotion).\n",
		in, swap->in_ns / (row->load_ns - near->load_ns), row->source);
}

void test_rows_explain(const struct test_rows *rows)
{
	const struct test_row *near = near_node(rows), *swap = swap_to_compare(rows);

	explain_fastest(rows);
	explain_smallest(rows);
	for (size_t i = 0; near && i < rows->count; i++)
		if (rows->list[i].method == TEST_COPY && !rows->list[i].is_near)
			explain_node(&rows->list[i], near, swap);
}
