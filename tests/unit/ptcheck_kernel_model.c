// SPDX-License-Identifier: GPL-2.0-or-later
#include "ptcheck_kernel_model.h"
#include <errno.h>
#include <string.h>

struct kernel_partition *model_find(struct model *model, unsigned int number)
{
	for (size_t i = 0; i < model->list.count; i++)
		if (model->list.items[i].number == number)
			return &model->list.items[i];
	return NULL;
}

static bool overlaps_any(const struct model *model, const struct kernel_partition *one, bool but_itself)
{
	for (size_t i = 0; i < model->list.count; i++) {
		const struct kernel_partition *other = &model->list.items[i];

		if (but_itself && other->number == one->number)
			continue;
		if (one->start < other->start + other->size && other->start < one->start + one->size)
			return true;
	}
	return false;
}

static void insert(struct model *model, const struct kernel_partition *partition)
{
	size_t i = model->list.count++;

	for (; i && model->list.items[i - 1].number > partition->number; i--)
		model->list.items[i] = model->list.items[i - 1];
	model->list.items[i] = *partition;
}

static int remove_one(struct model *model, unsigned int number)
{
	struct kernel_partition *partition = model_find(model, number);
	size_t i;

	if (!partition)
		return -ENXIO;
	if (model->is_used[number])
		return -EBUSY;
	i = (size_t)(partition - model->list.items);
	memmove(partition, partition + 1, (--model->list.count - i) * sizeof(*partition));
	return 0;
}

int model_apply(void *context, const struct plan_action *action)
{
	struct model *model = context;
	struct kernel_partition wanted = action->partition, *there = model_find(model, wanted.number);

	model->applied++;
	if (action->kind == PLAN_REMOVE)
		return remove_one(model, wanted.number);
	if (!wanted.size || (wanted.start | wanted.size) % model->sector_size ||
		wanted.start + wanted.size > model->disk_size)
		return -EINVAL;
	if (overlaps_any(model, &wanted, action->kind == PLAN_RESIZE))
		return -EBUSY;
	if (action->kind == PLAN_ADD) {
		if (there)
			return -EBUSY;
		insert(model, &wanted);
		return 0;
	}
	if (!there)
		return -ENXIO;
	if (there->start != wanted.start)
		return -EINVAL;
	there->size = wanted.size;
	return 0;
}

void model_scan(struct model *model, const struct table *table)
{
	model->list.count = 0;
	for (size_t i = 0; i < table->count; i++) {
		const struct ptcheck_partition *listed = &table->items[i];
		struct kernel_partition partition = { listed->number, listed->start, listed->size };
		__u64 most = model->sector_size > 1024 ? model->sector_size : 1024;

		if (listed->flags & PTCHECK_EXTENDED && partition.size > most)
			partition.size = most;
		if (!partition.size || partition.start >= model->disk_size)
			continue;
		if (partition.size > model->disk_size - partition.start)
			partition.size = model->disk_size - partition.start;
		insert(model, &partition);
	}
}

void add_to_table(struct table *table, const struct model *model, unsigned int number, __u64 start, __u64 size,
	unsigned int flags)
{
	struct ptcheck_partition *partition = &table->items[table->count++];

	*partition = (struct ptcheck_partition){ .number = number, .flags = flags };
	partition->start = start * model->sector_size;
	partition->size = size * model->sector_size;
	if (partition->start + partition->size > model->disk_size)
		partition->flags |= PTCHECK_OUTSIDE;
}
