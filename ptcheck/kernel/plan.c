// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan.h"
#include <limits.h>
#include <stdlib.h>
#include "../range.h"

/* As the kernel's own scan makes an extended partition. */
#define EXTENDED_SIZE 1024

/* A partition that the kernel is to have. */
struct wanted {
	struct kernel_partition partition;
	__u64 scanned_size; /* what the kernel's own scan would make of it */
	bool contains_another, is_whole;
};

struct wanted_list {
	struct wanted items[PTCHECK_PARTITIONS_MAX]; /* by number */
	size_t count;
};

static __u64 least(__u64 a, __u64 b)
{
	return a < b ? a : b;
}

static __u64 scanned_size(const struct ptcheck_partition *partition, __u32 sector_size)
{
	if (!(partition->flags & PTCHECK_EXTENDED))
		return partition->size;
	return least(partition->size, sector_size > EXTENDED_SIZE ? sector_size : EXTENDED_SIZE);
}

static bool is_outside(const struct ptcheck_partition *partition)
{
	return partition->flags & PTCHECK_OUTSIDE || partition->start > LLONG_MAX ||
		partition->size > LLONG_MAX - partition->start;
}

/* Where the first one begins that begins within the range; end, if none does. */
static __u64 first_start(const struct ptcheck_partition *table, size_t count, __u64 start, __u64 end)
{
	for (size_t i = 0; i < count; i++)
		if (table[i].size && table[i].start > start && table[i].start < end)
			end = table[i].start;
	return end;
}

static void want(struct wanted_list *list, const struct ptcheck_partition *table, size_t count,
	const struct ptcheck_partition *one, __u32 sector_size)
{
	struct wanted *wanted = &list->items[list->count++];
	__u64 size = scanned_size(one, sector_size);

	*wanted = (struct wanted){ .partition = { one->number, one->start, size }, .scanned_size = size };
	wanted->is_whole = one->flags & PTCHECK_WHOLE;
	if (one->flags & PTCHECK_EXTENDED)
		wanted->partition.size = first_start(table, count, one->start, one->start + size) - one->start;
}

static bool contains(const struct kernel_partition *outer, const struct kernel_partition *inner)
{
	return outer->start <= inner->start && outer->start + outer->size >= inner->start + inner->size;
}

static void mark_containing(struct wanted_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		for (size_t j = 0; j < list->count; j++)
			if (i != j && contains(&list->items[i].partition, &list->items[j].partition))
				list->items[i].contains_another = true;
}

/*
 * What stands for the whole disk, by convention, overlaps all others: the kernel has it only by its own scan, and
 * nobody misses it.
 */
static bool is_left(const struct wanted *wanted)
{
	return wanted->is_whole && wanted->contains_another;
}

static const struct wanted *find_wanted(const struct wanted_list *list, unsigned int number)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].partition.number == number)
			return &list->items[i];
	return NULL;
}

static void add_action(
	struct plan *plan, enum plan_kind kind, const struct kernel_partition *partition, __u64 size_before)
{
	plan->actions[plan->count++] =
		(struct plan_action){ .kind = kind, .partition = *partition, .size_before = size_before };
}

/* Whether the kernel's is one that is outside the disk in the table, cut off by the kernel's own scan. */
static bool is_cut(const struct plan *plan, const struct kernel_partition *partition)
{
	for (size_t i = 0; i < plan->outside_count; i++)
		if (plan->outside[i].number == partition->number && plan->outside[i].start == partition->start)
			return true;
	return false;
}

static void remove_some(
	struct plan *plan, const struct kernel_partitions *kernel, const struct wanted_list *list)
{
	for (size_t i = 0; i < kernel->count; i++) {
		const struct kernel_partition *has = &kernel->items[i];
		const struct wanted *wanted = find_wanted(list, has->number);

		if (wanted ? wanted->partition.start != has->start : !is_cut(plan, has))
			add_action(plan, PLAN_REMOVE, has, 0);
	}
}

/*
 * Whether an extended partition may stay as the kernel's own scan made it, over the one that begins in it: if that
 * one needs no change, which the kernel would refuse.
 */
static bool is_as_scanned(const struct kernel_partitions *kernel, const struct wanted_list *list,
	const struct wanted *extended, const struct kernel_partition *has)
{
	if (has->size != extended->scanned_size)
		return false;
	for (size_t i = 0; i < list->count; i++) {
		const struct kernel_partition *inner = &list->items[i].partition, *there;

		if (inner->start != has->start + extended->partition.size)
			continue;
		there = kernel_partitions_find(kernel, inner->number);
		if (!there || there->start != inner->start || there->size != inner->size)
			return false;
	}
	return true;
}

static bool is_resized(const struct kernel_partitions *kernel, const struct wanted_list *list,
	const struct wanted *wanted, const struct kernel_partition *has)
{
	if (!wanted || is_left(wanted) || wanted->partition.start != has->start)
		return false;
	return has->size != wanted->partition.size && !is_as_scanned(kernel, list, wanted, has);
}

/* By start: then what one that becomes smaller must not overlap has become smaller already. */
static int by_start(const void *left, const void *right)
{
	const struct plan_action *a = left, *b = right;

	return (a->partition.start > b->partition.start) - (a->partition.start < b->partition.start);
}

static void resize_some(
	struct plan *plan, const struct kernel_partitions *kernel, const struct wanted_list *list, bool larger)
{
	size_t first = plan->count;

	for (size_t i = 0; i < kernel->count; i++) {
		const struct kernel_partition *has = &kernel->items[i];
		const struct wanted *wanted = find_wanted(list, has->number);

		if (is_resized(kernel, list, wanted, has) && larger == (wanted->partition.size > has->size))
			add_action(plan, PLAN_RESIZE, &wanted->partition, has->size);
	}
	qsort(plan->actions + first, plan->count - first, sizeof(*plan->actions), by_start);
}

static void add_some(struct plan *plan, const struct kernel_partitions *kernel, const struct wanted_list *list,
	bool containing)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct wanted *wanted = &list->items[i];
		const struct kernel_partition *has = kernel_partitions_find(kernel, wanted->partition.number);

		if (wanted->contains_another == containing && !is_left(wanted) &&
			(!has || has->start != wanted->partition.start))
			add_action(plan, PLAN_ADD, &wanted->partition, 0);
	}
}

void plan_make(struct plan *plan, const struct kernel_partitions *kernel, const struct ptcheck_partition *table,
	size_t count, __u32 sector_size)
{
	struct wanted_list list = { .count = 0 };

	plan->count = plan->outside_count = 0;
	for (size_t i = 0; i < count && i < PTCHECK_PARTITIONS_MAX; i++) {
		const struct ptcheck_partition *one = &table[i];

		if (is_outside(one))
			plan->outside[plan->outside_count++] =
				(struct kernel_partition){ one->number, one->start, one->size };
		else if (one->size)
			want(&list, table, count, one, sector_size);
	}
	mark_containing(&list);
	remove_some(plan, kernel, &list);
	resize_some(plan, kernel, &list, false);
	resize_some(plan, kernel, &list, true);
	add_some(plan, kernel, &list, false);
	add_some(plan, kernel, &list, true);
}

void plan_forget(struct plan *plan, const struct kernel_partitions *kernel)
{
	plan_make(plan, kernel, NULL, 0, 0);
}

void plan_keep_numbers(struct plan *plan, unsigned int least_number, unsigned int most_number)
{
	size_t kept = 0;

	for (size_t i = 0; i < plan->count; i++)
		if (plan->actions[i].partition.number >= least_number &&
			plan->actions[i].partition.number <= most_number)
			plan->actions[kept++] = plan->actions[i];
	plan->count = kept;
	kept = 0;
	for (size_t i = 0; i < plan->outside_count; i++)
		if (plan->outside[i].number >= least_number && plan->outside[i].number <= most_number)
			plan->outside[kept++] = plan->outside[i];
	plan->outside_count = kept;
}

static bool is_added(const struct plan *plan, unsigned int number)
{
	for (size_t i = 0; i < plan->count; i++)
		if (plan->actions[i].kind == PLAN_ADD && plan->actions[i].partition.number == number)
			return true;
	return false;
}

void plan_keep_unlisted(struct plan *plan)
{
	size_t kept = 0;

	/* The additions are behind all removals, so they are still there when they are looked for. */
	for (size_t i = 0; i < plan->count; i++)
		if (plan->actions[i].kind != PLAN_REMOVE || is_added(plan, plan->actions[i].partition.number))
			plan->actions[kept++] = plan->actions[i];
	plan->count = kept;
}

static bool overlaps(const struct kernel_partition *a, const struct kernel_partition *b)
{
	return ranges_overlap(a->start, a->size, b->start, b->size);
}

const struct kernel_partition *plan_obstacle(
	const struct kernel_partitions *kernel, const struct plan_action *action)
{
	for (size_t i = 0; i < kernel->count; i++) {
		const struct kernel_partition *has = &kernel->items[i];
		bool is_same = has->number == action->partition.number;

		if (is_same ? action->kind == PLAN_ADD : overlaps(has, &action->partition))
			return has;
	}
	return NULL;
}
