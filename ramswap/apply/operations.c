// SPDX-License-Identifier: GPL-2.0-or-later
/* A plan as a list of operations: pure. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "internal.h"

enum { ZRAM_NUMBER_MOST = 1 << 20 };

/* What is collected. After the first error there is no more. */
struct list {
	struct apply_operations *operations;
	size_t room;
	int err;
};

static struct apply_operation *add(struct list *list, enum apply_kind kind, const char *device)
{
	struct apply_operations *all = list->operations;
	struct apply_operation *operation;

	if (!list->err && all->count + 1 >= list->room) {
		size_t room = list->room ? 2 * list->room : 16;
		struct apply_operation *more = realloc(all->list, room * sizeof(*more));

		if (!more) {
			list->err = -ENOMEM;
			return NULL;
		}
		all->list = more;
		list->room = room;
	}
	if (list->err)
		return NULL;
	operation = &all->list[all->count++];
	*operation = (struct apply_operation){ .kind = kind };
	snprintf(operation->device, sizeof(operation->device), "%s", device);
	return operation;
}

static void add_module(struct list *list, const char *module, const char *parameters)
{
	struct apply_operation *operation;

	for (size_t i = 0; i < list->operations->count; i++)
		if (list->operations->list[i].kind == APPLY_MODULE && !strcmp(list->operations->list[i].device, module))
			return;
	operation = add(list, APPLY_MODULE, module);
	if (operation)
		snprintf(operation->value, sizeof(operation->value), "%s", parameters);
}

/* The lowest number that no device has: the kernel's choice. */
static void next_zram(const struct ramswap_facts *facts, char name[RAMSWAP_NAME_MAX + 1])
{
	unsigned int number = 0;
	bool is_taken = true;

	for (; is_taken && number < ZRAM_NUMBER_MOST; number += is_taken) {
		is_taken = false;
		for (size_t i = 0; i < facts->zram_count && !is_taken; i++)
			is_taken = facts->zrams[i].number == number;
	}
	snprintf(name, RAMSWAP_NAME_MAX + 1, "zram%u", number);
}

static void add_attribute(struct list *list, const char *device, const char *path, const char *value)
{
	struct apply_operation *operation = add(list, APPLY_ATTRIBUTE, device);

	if (!operation)
		return;
	operation->is_of_new_zram = true;
	snprintf(operation->path, sizeof(operation->path), "%s", path);
	snprintf(operation->value, sizeof(operation->value), "%s", value);
}

static void add_number(struct list *list, const char *device, const char *path, __u64 number)
{
	char text[32];

	snprintf(text, sizeof(text), "%llu", (unsigned long long)number);
	add_attribute(list, device, path, text);
}

/* "zstd(level=3, dict=/x)" is the name "zstd" and the parameters "level=3 dict=/x". False: it is not. */
static bool take_algorithm(const char *text, char *name, char *parameters)
{
	size_t length = strcspn(text, "(");
	const char *from = text + length;

	if (!length || length > RAMSWAP_NAME_MAX || memchr(text, ' ', length))
		return false;
	memcpy(name, text, length);
	name[length] = 0;
	*parameters = 0;
	if (!*from)
		return true;
	length = strlen(++from);
	if (!length || from[length - 1] != ')')
		return false;
	for (; from[1]; from++)
		*parameters++ = *from == ',' ? ' ' : *from;
	*parameters = 0;
	return true;
}

static void add_algorithm(struct list *list, const char *device, const char *text, bool is_second,
	struct ramswap_problem *problem)
{
	char name[RAMSWAP_NAME_MAX + 1], parameters[RAMSWAP_ALGORITHM_TEXT_MAX + 1];
	char value[sizeof(name) + sizeof(parameters) + 32];

	if (!*text || list->err)
		return;
	if (!take_algorithm(text, name, parameters)) {
		list->err = apply_fail(problem, -EINVAL,
			"%s: it is no algorithm of zram: NAME or NAME(PARAMETER=VALUE)", text);
		return;
	}
	snprintf(value, sizeof(value), "algo=%s priority=1", name);
	add_attribute(list, device, is_second ? "recomp_algorithm" : "comp_algorithm", is_second ? value : name);
	if (!*parameters)
		return;
	snprintf(value, sizeof(value), "priority=%d %s", is_second, parameters);
	add_attribute(list, device, "algorithm_params", value);
}

static void add_swap(struct list *list, const struct ramswap_device *device, const char *name)
{
	bool is_zram = device->kind == RAMSWAP_ON_ZRAM;
	struct apply_operation *operation = add(list, APPLY_HEADER, name);

	if (operation) {
		operation->is_of_new_zram = is_zram;
		operation->size = device->size;
	}
	operation = add(list, APPLY_SWAPON, name);
	if (operation) {
		operation->is_of_new_zram = is_zram;
		operation->priority = device->priority;
		operation->discards = device->kind != RAMSWAP_ON_PMEM;
	}
}

/* The order is the kernel's: an algorithm and a backing device are chosen before there is a size. */
static void add_zram(struct list *list, const struct ramswap_facts *facts, const struct ramswap_device *device,
	struct ramswap_problem *problem)
{
	char name[RAMSWAP_NAME_MAX + 1];
	struct apply_operation *operation;

	next_zram(facts, name);
	operation = add(list, APPLY_ZRAM, name);
	if (operation)
		operation->is_of_new_zram = true;
	add_algorithm(list, name, device->algorithm, false, problem);
	add_algorithm(list, name, device->recompression, true, problem);
	if (*device->writeback) {
		operation = add(list, APPLY_BACKING, name);
		if (operation) {
			operation->is_of_new_zram = true;
			snprintf(operation->value, sizeof(operation->value), "%s", device->writeback);
		}
	}
	add_number(list, name, "disksize", device->size);
	if (device->limit)
		add_number(list, name, "mem_limit", device->limit);
	add_swap(list, device, name);
}

static void add_device(struct list *list, const struct ramswap_facts *facts, const struct ramswap_device *device,
	struct ramswap_problem *problem)
{
	switch (device->kind) {
	case RAMSWAP_ON_ZRAM:
		add_zram(list, facts, device, problem);
		break;
	case RAMSWAP_AS_MEMORY:
		add(list, APPLY_MEMORY, device->name);
		break;
	default:
		add_swap(list, device, device->name);
	}
}

/*
 * brd has its devices' size from its parameters, in KiB. nd_pmem is there before nd_e820 finds what it is for: with the
 * second alone the memory would have no block device.
 */
static void add_modules(struct list *list, const struct ramswap_facts *facts, const struct ramswap_device *device)
{
	bool is_there = ramswap_find_block(facts, device->name);
	char parameters[64];

	if (device->kind == RAMSWAP_ON_ZRAM && !facts->is_zram_loaded)
		add_module(list, "zram", "");
	if (device->kind == RAMSWAP_ON_PMEM && !is_there) {
		add_module(list, "nd_pmem", "");
		add_module(list, "nd_e820", "");
	}
	if (device->kind == RAMSWAP_ON_BRD && !is_there) {
		snprintf(parameters, sizeof(parameters), "rd_nr=1 rd_size=%llu max_part=0",
			(unsigned long long)(device->size >> 10));
		add_module(list, "brd", parameters);
	}
	if (device->kind == RAMSWAP_AS_MEMORY)
		add_module(list, "kmem", "");
}

/* The plan says in words what is different. */
static const char *find_difference(const struct ramswap_plan *plan, const char *device)
{
	for (size_t i = 0; i < plan->reason_count; i++)
		if (!strcmp(plan->reasons[i].code, "differs") && !strcmp(plan->reasons[i].subject, device))
			return plan->reasons[i].text;
	return "it is up with other settings than these: ramswap down has to come before ramswap up";
}

static bool is_in_the_way(const struct ramswap_device *device, const char *swap)
{
	return !device->is_up &&
	       (!strcmp(device->name, swap) || (device->kind == RAMSWAP_ON_ZRAM && !strncmp(swap, "zram", 4)));
}

static bool is_up(const struct ramswap_plan *plan, const char *swap)
{
	for (size_t i = 0; i < plan->device_count; i++)
		if (plan->devices[i].is_up && !strcmp(plan->devices[i].name, swap))
			return true;
	return false;
}

/* Ours that are up in another way are not changed below who uses them. */
static int find_other_shape(const struct ramswap_plan *plan, const struct ramswap_facts *facts,
	struct ramswap_problem *problem)
{
	for (size_t i = 0; i < facts->swap_count; i++) {
		const struct ramswap_swap *swap = &facts->swaps[i];

		if (!swap->is_ours || is_up(plan, swap->device))
			continue;
		for (size_t k = 0; k < plan->device_count; k++)
			if (is_in_the_way(&plan->devices[k], swap->device))
				return apply_fail(problem, -EEXIST, "%s: %s", swap->device,
					find_difference(plan, swap->device));
	}
	return 0;
}

static bool is_set(const struct ramswap_tuning *tuning)
{
	return apply_is_same_value(tuning->value, tuning->was);
}

int apply_operations(const struct ramswap_plan *plan, const struct ramswap_facts *facts,
	struct apply_operations *operations, struct ramswap_problem *problem)
{
	struct list list = { operations, 0, 0 };

	*operations = (struct apply_operations){ 0 };
	if (plan->answer != RAMSWAP_SET_UP)
		return 0;
	list.err = find_other_shape(plan, facts, problem);
	for (size_t i = 0; i < plan->device_count; i++)
		if (!plan->devices[i].is_up)
			add_modules(&list, facts, &plan->devices[i]);
	for (size_t i = 0; i < plan->tuning_count; i++) {
		struct apply_operation *operation = is_set(&plan->tunings[i]) ? NULL : add(&list, APPLY_TUNING, "");

		if (!operation)
			continue;
		snprintf(operation->path, sizeof(operation->path), "%s", plan->tunings[i].path);
		snprintf(operation->value, sizeof(operation->value), "%s", plan->tunings[i].value);
	}
	for (size_t i = 0; i < plan->device_count; i++)
		if (!plan->devices[i].is_up)
			add_device(&list, facts, &plan->devices[i], problem);
	if (list.err == -ENOMEM)
		apply_fail(problem, -ENOMEM, "out of memory");
	if (list.err)
		apply_operations_free(operations);
	return list.err;
}

void apply_operations_free(struct apply_operations *operations)
{
	free(operations->list);
	*operations = (struct apply_operations){ 0 };
}
