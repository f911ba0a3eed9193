// SPDX-License-Identifier: GPL-2.0-or-later
/* What is planned to be told to the kernel: chosen by chance, and tried with a model of the kernel. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include "ptcheck_kernel_model.h"

enum { ROUNDS = 20000, DISK_SECTORS = 400, NUMBERS = 24 };

/* --- chance, the same in each run */

static __u64 chance_state;

static unsigned int chance(unsigned int below)
{
	chance_state ^= chance_state << 13;
	chance_state ^= chance_state >> 7;
	chance_state ^= chance_state << 17;
	return (unsigned int)((chance_state >> 20) % below);
}

/* --- tables */

static struct model new_model(void)
{
	struct model model = { .sector_size = chance(3) ? 512 : 4096 };

	model.list.can_be = true;
	model.disk_size = (__u64)DISK_SECTORS * model.sector_size;
	return model;
}

/* Logical partitions in [start, end): each behind a sector for its link, from the first one on. */
static void add_logical(struct table *table, const struct model *model, __u64 start, __u64 end)
{
	for (unsigned int number = 5; number < NUMBERS && start + 2 < end && chance(5); number++) {
		__u64 first = start + 1 + chance(3), size = 1 + chance(20);

		if (first + size > end)
			return;
		add_to_table(table, model, number, first, size, PTCHECK_LOGICAL);
		start = first + size;
	}
}

/* No two overlap, but the extended one and the logical ones. */
static void make_disjoint(struct table *table, const struct model *model)
{
	__u64 start = 1 + chance(20);
	bool has_extended = false;

	table->count = 0;
	for (unsigned int number = 1; number < 5; number++) {
		__u64 size = 1 + chance(90);

		if (start + size > DISK_SECTORS)
			break;
		if (!has_extended && chance(3) == 0) {
			has_extended = true;
			add_to_table(table, model, number, start, size, PTCHECK_EXTENDED);
			add_logical(table, model, start, start + size);
		} else if (chance(5)) {
			add_to_table(table, model, number, start, size, 0);
		}
		start += size + (chance(2) ? 0 : chance(30));
	}
}

static void make_any(struct table *table, const struct model *model)
{
	table->count = 0;
	for (unsigned int number = 1; number < NUMBERS; number++) {
		__u64 start = chance(DISK_SECTORS + 20), size = chance(60);

		if (chance(3) == 0)
			add_to_table(table, model, number, start, size, chance(6) ? 0 : PTCHECK_EXTENDED);
	}
}

/* The same numbers and starts, but each ends where the next one begins, or before: some larger, some smaller. */
static void make_apart(struct table *table, const struct model *model)
{
	size_t kept = 0;

	for (size_t i = 0; i < table->count; i++) {
		struct ptcheck_partition *partition = &table->items[i];
		__u64 end = model->disk_size;
		bool is_first = true;

		for (size_t k = 0; k < table->count; k++) {
			if (table->items[k].start > partition->start && table->items[k].start < end)
				end = table->items[k].start;
			is_first = is_first && (k >= kept || table->items[k].start != partition->start);
		}
		if (partition->start >= end || !is_first)
			continue;
		partition->size = end - partition->start;
		if (chance(3))
			partition->size = (1 + chance((unsigned int)(partition->size / model->sector_size))) *
				(__u64)model->sector_size;
		partition->flags &= PTCHECK_EXTENDED;
		table->items[kept++] = *partition;
	}
	table->count = kept;
}

/* Moves, resizes and removes some of them. */
static void change_some(struct table *table, const struct model *model)
{
	size_t kept = 0;

	for (size_t i = 0; i < table->count; i++) {
		struct ptcheck_partition *partition = &table->items[i];

		if (chance(8) == 0)
			continue;
		if (chance(5) == 0)
			partition->size = (__u64)chance(40) * model->sector_size;
		if (chance(8) == 0)
			partition->start = (__u64)chance(DISK_SECTORS) * model->sector_size;
		partition->flags &= ~(unsigned int)PTCHECK_OUTSIDE;
		if (partition->start + partition->size > model->disk_size)
			partition->flags |= PTCHECK_OUTSIDE;
		table->items[kept++] = *partition;
	}
	table->count = kept;
}

/* --- what must be true */

static struct plan plan;

static void make_plan(const struct model *model, const struct table *table)
{
	plan_make(&plan, &model->list, table->items, table->count, model->sector_size);
}

static void assert_step_works(struct model *model, const struct plan_action *action)
{
	struct kernel_partition *there = model_find(model, action->partition.number);

	if (action->kind == PLAN_REMOVE) {
		assert_int_equal(there->start, action->partition.start);
		assert_int_equal(there->size, action->partition.size);
	}
	if (action->kind == PLAN_RESIZE)
		assert_int_equal(there->size, action->size_before);
	if (action->kind != PLAN_REMOVE)
		assert_null(plan_obstacle(&model->list, action));
	assert_int_equal(model_apply(model, action), 0);
}

/* Every step is taken by the kernel; then it has the table's partitions, and nothing else is to be done. */
static void assert_plan_works(struct model *model, const struct table *table)
{
	size_t wanted = 0;

	make_plan(model, table);
	for (size_t i = 0; i < plan.count; i++)
		assert_step_works(model, &plan.actions[i]);
	for (size_t i = 0; i < table->count; i++) {
		const struct ptcheck_partition *partition = &table->items[i];
		struct kernel_partition *there = model_find(model, partition->number);

		assert_non_null(there);
		assert_int_equal(there->start, partition->start);
		if (partition->flags & PTCHECK_EXTENDED)
			assert_in_range(there->size, 512, partition->size);
		else
			assert_int_equal(there->size, partition->size);
		wanted++;
	}
	assert_int_equal(model->list.count, wanted);
	make_plan(model, table);
	assert_int_equal(plan.count, 0);
}

static void the_kernels_own_scan_leaves_nothing_to_do(void **state)
{
	struct table table;

	(void)state;
	for (unsigned int round = 0; round < ROUNDS; round++) {
		struct model model = new_model();

		(chance(2) ? make_any : make_disjoint)(&table, &model);
		model_scan(&model, &table);
		make_plan(&model, &table);
		assert_int_equal(plan.count, 0);
	}
}

static void from_one_table_to_another(void **state)
{
	struct table table;

	(void)state;
	for (unsigned int round = 0; round < ROUNDS; round++) {
		struct model model = new_model();

		make_disjoint(&table, &model);
		assert_plan_works(&model, &table);
		make_disjoint(&table, &model);
		assert_plan_works(&model, &table);
		/* The kernel's own list may overlap. */
		make_any(&table, &model);
		model_scan(&model, &table);
		make_disjoint(&table, &model);
		assert_plan_works(&model, &table);
		make_any(&table, &model);
		model_scan(&model, &table);
		make_apart(&table, &model);
		assert_plan_works(&model, &table);
	}
}

static bool is_in_table(const struct table *table, const struct kernel_partition *partition)
{
	for (size_t i = 0; i < table->count; i++)
		if (table->items[i].number == partition->number && table->items[i].start == partition->start &&
			table->items[i].size)
			return true;
	return false;
}

static void assert_differs(const struct model *model, const struct table *table, const struct plan_action *action)
{
	const struct kernel_partition *new = &action->partition;
	const struct kernel_partition *old = kernel_partitions_find(&model->list, new->number);

	switch (action->kind) {
	case PLAN_REMOVE:
		assert_false(is_in_table(table, old));
		break;
	case PLAN_RESIZE:
		assert_int_equal(old->start, new->start);
		assert_int_not_equal(old->size, new->size);
		break;
	case PLAN_ADD:
		assert_true(!old || old->start != new->start);
		break;
	}
}

static void only_what_differs_is_planned(void **state)
{
	struct table table;

	(void)state;
	for (unsigned int round = 0; round < ROUNDS; round++) {
		struct model model = new_model();

		make_disjoint(&table, &model);
		assert_plan_works(&model, &table);
		change_some(&table, &model);
		make_plan(&model, &table);
		for (size_t i = 0; i < plan.count; i++)
			assert_differs(&model, &table, &plan.actions[i]);
	}
}

/* What could not be done is planned again, and nothing else. */
static void what_is_refused_stays_to_do(void **state)
{
	struct table table;

	(void)state;
	for (unsigned int round = 0; round < ROUNDS; round++) {
		struct model model = new_model();
		static struct plan first;
		size_t refused = 0;

		make_any(&table, &model);
		model_scan(&model, &table);
		for (unsigned int number = 1; number < NUMBERS; number++)
			model.is_used[number] = chance(4) == 0;
		change_some(&table, &model);
		make_plan(&model, &table);
		first = plan;
		for (size_t i = 0; i < first.count; i++) {
			int err = model_apply(&model, &first.actions[i]);

			if (err == -EBUSY && first.actions[i].kind != PLAN_REMOVE)
				assert_non_null(plan_obstacle(&model.list, &first.actions[i]));
			assert_true(!err || err == -EBUSY);
			refused += err != 0;
		}
		make_plan(&model, &table);
		assert_in_range(plan.count, 0, first.count);
		assert_int_equal(plan.count == 0, refused == 0);
		for (size_t i = 0; i < model.list.count; i++)
			assert_true(model.is_used[model.list.items[i].number] ||
				is_in_table(&table, &model.list.items[i]));
	}
}

static void forget_removes_all(void **state)
{
	struct table table;

	(void)state;
	for (unsigned int round = 0; round < 1000; round++) {
		struct model model = new_model();

		make_any(&table, &model);
		model_scan(&model, &table);
		plan_forget(&plan, &model.list);
		assert_int_equal(plan.count, model.list.count);
		for (size_t i = 0; i < plan.count; i++)
			assert_step_works(&model, &plan.actions[i]);
		assert_int_equal(model.list.count, 0);
	}
}

static void as_many_as_there_can_be(void **state)
{
	struct table table = { .count = 0 };
	struct model model = { .sector_size = 512, .disk_size = 1ULL << 40 };

	(void)state;
	for (unsigned int i = 0; i < PTCHECK_PARTITIONS_MAX; i++)
		add_to_table(&table, &model, i + 1, i, 1, 0);
	assert_plan_works(&model, &table);
	for (unsigned int i = 0; i < PTCHECK_PARTITIONS_MAX; i++)
		table.items[i].start += 1 << 20;
	make_plan(&model, &table);
	assert_int_equal(plan.count, 2 * PTCHECK_PARTITIONS_MAX);
	assert_plan_works(&model, &table);
}

/* --- single cases */

#define GIB (1ULL << 30)

static void an_extended_partition_is_two_sectors(void **state)
{
	static const struct {
		__u64 size;
		__u32 sector_size;
		__u64 told;
	} cases[] = {
		{ GIB, 512, 1024 }, { GIB, 1024, 1024 }, { GIB, 2048, 2048 }, { GIB, 4096, 4096 },
		{ 512, 512, 512 }, { 4096, 4096, 4096 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct ptcheck_partition table = { .number = 1, .start = GIB, .flags = PTCHECK_EXTENDED };
		struct kernel_partitions kernel = { .count = 0 };

		table.size = cases[i].size;
		plan_make(&plan, &kernel, &table, 1, cases[i].sector_size);
		assert_int_equal(plan.count, 1);
		assert_int_equal(plan.actions[0].kind, PLAN_ADD);
		assert_int_equal(plan.actions[0].partition.size, cases[i].told);
	}
}

/* Of the kernel's own scan the second sector of an extended partition may belong to a logical one, too. */
static void an_extended_partition_is_less_where_another_begins(void **state)
{
	struct model model = { .sector_size = 512, .disk_size = GIB };
	struct table table = { .count = 0 };

	(void)state;
	add_to_table(&table, &model, 1, 100, 100, PTCHECK_EXTENDED);
	add_to_table(&table, &model, 5, 101, 50, PTCHECK_LOGICAL);
	assert_plan_works(&model, &table);
	assert_int_equal(model_find(&model, 1)->size, 512);
	model_scan(&model, &table);
	make_plan(&model, &table);
	assert_int_equal(plan.count, 0);
	/* But not if the logical one is to become another. */
	table.items[1].size = 20 * 512;
	assert_plan_works(&model, &table);
	assert_int_equal(model_find(&model, 1)->size, 512);
}

static void what_is_outside_is_not_told(void **state)
{
	struct model model = { .sector_size = 512, .disk_size = 1000 * 512 };
	struct table table = { .count = 0 };

	(void)state;
	add_to_table(&table, &model, 1, 10, 10, 0);
	add_to_table(&table, &model, 2, 990, 100, 0);
	table.items[table.count++] = (struct ptcheck_partition){ .number = 3, .start = ~511ULL, .size = 512 };
	table.items[table.count++] = (struct ptcheck_partition){ .number = 4, .start = 512, .size = ~511ULL };
	make_plan(&model, &table);
	assert_int_equal(plan.count, 1);
	assert_int_equal(plan.outside_count, 3);
	assert_int_equal(plan.outside[0].number, 2);
	plan_keep_numbers(&plan, 1, 1);
	assert_int_equal(plan.count, 1);
	assert_int_equal(plan.outside_count, 0);
	make_plan(&model, &table);
	plan_keep_numbers(&plan, 3, 3);
	assert_int_equal(plan.count, 0);
	assert_int_equal(plan.outside_count, 1);
	assert_int_equal(plan.outside[0].number, 3);
	/* The kernel has it as far as the disk goes: so it stays. Another one of that number does not. */
	model_scan(&model, &table);
	assert_int_equal(model_find(&model, 2)->size, 10 * 512);
	make_plan(&model, &table);
	assert_int_equal(plan.count, 0);
	model_find(&model, 2)->start -= 512;
	make_plan(&model, &table);
	assert_int_equal(plan.count, 1);
	assert_int_equal(plan.actions[0].kind, PLAN_REMOVE);
}

static void what_contains_others_comes_last(void **state)
{
	struct model model = { .sector_size = 512, .disk_size = 1000 * 512 };
	struct table table = { .count = 0 };

	(void)state;
	add_to_table(&table, &model, 3, 0, 1000, 0);
	add_to_table(&table, &model, 4, 0, 500, 0);
	add_to_table(&table, &model, 7, 500, 500, 0);
	make_plan(&model, &table);
	assert_int_equal(plan.count, 3);
	assert_int_equal(plan.actions[0].partition.number, 4);
	assert_int_equal(plan.actions[1].partition.number, 7);
	assert_int_equal(plan.actions[2].partition.number, 3);
	assert_int_equal(model_apply(&model, &plan.actions[0]), 0);
	assert_int_equal(plan_obstacle(&model.list, &plan.actions[2])->number, 4);
	/* One that ends with it is in it. */
	table.items[1] = table.items[2];
	table.count = 2;
	model.list.count = 0;
	make_plan(&model, &table);
	assert_int_equal(plan.actions[0].partition.number, 7);
	assert_int_equal(plan.actions[1].partition.number, 3);
}

/* As Sun's third. */
static void what_stands_for_the_whole_disk_stays_as_it_is(void **state)
{
	struct model model = { .sector_size = 512, .disk_size = 1000 * 512 };
	struct table table = { .count = 0 };

	(void)state;
	add_to_table(&table, &model, 3, 0, 1000, PTCHECK_WHOLE);
	add_to_table(&table, &model, 4, 100, 400, 0);
	make_plan(&model, &table);
	assert_int_equal(plan.count, 1);
	assert_int_equal(plan.actions[0].partition.number, 4);
	model_scan(&model, &table);
	assert_int_equal(model.list.count, 2);
	make_plan(&model, &table);
	assert_int_equal(plan.count, 0);
	model_find(&model, 3)->size -= 512;
	make_plan(&model, &table);
	assert_int_equal(plan.count, 0);
	/* Alone it is one like others. */
	table.count = 1;
	model.list.count = 0;
	assert_plan_works(&model, &table);
}

static void a_list_that_may_be_short_removes_nothing(void **state)
{
	struct model model = { .sector_size = 512, .disk_size = 1000 * 512 };
	struct table table = { .count = 0 };

	(void)state;
	add_to_table(&table, &model, 1, 10, 10, 0);
	add_to_table(&table, &model, 2, 30, 10, 0);
	add_to_table(&table, &model, 3, 50, 10, 0);
	assert_plan_works(&model, &table);
	table.count = 2;
	table.items[1].start += 512;
	make_plan(&model, &table);
	assert_int_equal(plan.count, 3);
	plan_keep_unlisted(&plan);
	assert_int_equal(plan.count, 2);
	assert_int_equal(plan.actions[0].kind, PLAN_REMOVE);
	assert_int_equal(plan.actions[0].partition.number, 2);
	assert_int_equal(plan.actions[1].kind, PLAN_ADD);
}

static int begin(void **state)
{
	(void)state;
	chance_state = 20031006;
	return 0;
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(the_kernels_own_scan_leaves_nothing_to_do, begin),
		cmocka_unit_test_setup(from_one_table_to_another, begin),
		cmocka_unit_test_setup(only_what_differs_is_planned, begin),
		cmocka_unit_test_setup(what_is_refused_stays_to_do, begin),
		cmocka_unit_test_setup(forget_removes_all, begin),
		cmocka_unit_test(as_many_as_there_can_be),
		cmocka_unit_test(an_extended_partition_is_two_sectors),
		cmocka_unit_test(an_extended_partition_is_less_where_another_begins),
		cmocka_unit_test(what_is_outside_is_not_told),
		cmocka_unit_test(what_contains_others_comes_last),
		cmocka_unit_test(what_stands_for_the_whole_disk_stays_as_it_is),
		cmocka_unit_test(a_list_that_may_be_short_removes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
