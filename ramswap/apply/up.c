// SPDX-License-Identifier: GPL-2.0-or-later
/* A plan made and carried out under the lock: all of it or nothing. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "../../lib/time/clock.h"
#include "../config/config.h"
#include "../plan/prepare.h"
#include "../state/lock.h"
#include "internal.h"

/* Seconds. */
#define LOCK_WAIT 2.0
#define BACK_MOST 60

int apply_prepare(int root, const char *config, struct apply_prepared *prepared, struct ramswap_problem *problem)
{
	struct ramswap_settings settings;
	int err;

	*prepared = (struct apply_prepared){ 0 };
	err = config_load(root, config, &settings, problem);
	if (!err)
		err = ramswap_facts_read(root, &prepared->facts, problem);
	if (!err) {
		plan_prepare(root, prepared->facts, &settings);
		err = ramswap_plan_make(prepared->facts, &settings, NULL, &prepared->plan);
		/* The plan says itself what is wrong with a setting. */
		if (err == -EINVAL && prepared->plan)
			err = 0;
		else if (err)
			apply_fail(problem, err, "a plan: %s", strerror(-err));
	}
	if (!err)
		err = apply_operations(prepared->plan, prepared->facts, &prepared->operations, problem);
	if (err)
		apply_prepared_free(prepared);
	return err;
}

void apply_prepared_free(struct apply_prepared *prepared)
{
	apply_operations_free(&prepared->operations);
	if (prepared->plan)
		ramswap_plan_free(prepared->plan);
	if (prepared->facts)
		ramswap_facts_free(prepared->facts);
	*prepared = (struct apply_prepared){ 0 };
}

/* The operations of modules, or all others. *count: of those that were begun. */
static int run_some(struct apply_run *run, const struct apply_operations *operations, bool are_modules, size_t *count)
{
	int err = 0;

	for (size_t i = 0; i < operations->count && !err; i++)
		if ((operations->list[i].kind == APPLY_MODULE) == are_modules) {
			(*count)++;
			err = apply_run(run, &operations->list[i]);
		}
	return err;
}

/* As the kernel has named it. */
static void name_zram(const struct apply_run *run, struct apply_operations *operations)
{
	for (size_t i = 0; i < operations->count && *run->zram; i++)
		if (operations->list[i].is_of_new_zram)
			strcpy(operations->list[i].device, run->zram);
}

/* Modules show what the plan could not know: devices, algorithms. */
static int run_all(struct apply_run *run, const char *config, struct apply_prepared *prepared)
{
	size_t modules = 0, others = 0;
	int err = run_some(run, &prepared->operations, true, &modules);

	if (!err && modules) {
		apply_prepared_free(prepared);
		err = apply_prepare(run->root, config, prepared, run->problem);
	}
	if (!err)
		err = run_some(run, &prepared->operations, false, &others);
	name_zram(run, &prepared->operations);
	/* A device that came with a module, and that the second plan does not want. */
	for (size_t i = run->state->count; i-- > 0 && !err;)
		if (run->state->steps[i].kind == STATE_ADDING) {
			const struct apply_bounds bounds = { 0 };

			err = apply_take_back(run->root, run->state, i, &bounds, run->watcher, run->problem);
		}
	return err;
}

/* Takes back all but the first steps. What it cannot take back stays in the state, and is added to the problem. */
static void take_back(struct apply_run *run, size_t first)
{
	/* Nobody is asked: that it was stopped may be why it is taken back. */
	const struct apply_bounds bounds = { .end = clock_now() + BACK_MOST * CLOCK_SECOND };
	struct ramswap_problem problem = { "" };
	size_t length = strlen(run->problem->text);

	for (size_t i = run->state->count; i-- > first;) {
		if (!apply_take_back(run->root, run->state, i, &bounds, run->watcher, &problem))
			continue;
		snprintf(run->problem->text + length, sizeof(run->problem->text) - length,
			"; and not taken back: %.200s: try ramswap down", problem.text);
		break;
	}
}

static int up(struct apply_run *run, const char *config, struct apply_prepared *prepared)
{
	size_t first;
	int err = apply_settle(run->root, run->state, run->watcher, run->problem);

	if (err)
		return err;
	first = run->state->count;
	err = apply_prepare(run->root, config, prepared, run->problem);
	if (!err)
		err = run_all(run, config, prepared);
	if (err)
		take_back(run, first);
	return err;
}

int apply_up(int root, const char *config, const struct apply_watcher *watcher, struct apply_prepared *prepared,
	struct ramswap_problem *problem)
{
	struct state state;
	struct apply_run run = { root, &state, watcher, problem, "" };
	int lock = state_lock(root, LOCK_WAIT, problem), err;

	*prepared = (struct apply_prepared){ 0 };
	if (lock < 0)
		return lock;
	err = apply_state_read(root, &state, problem);
	if (!err) {
		err = up(&run, config, prepared);
		state_free(&state);
	}
	if (err)
		apply_prepared_free(prepared);
	close(lock);
	return err;
}
