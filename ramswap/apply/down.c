// SPDX-License-Identifier: GPL-2.0-or-later
/* What ramswap up made, taken back, if what is swapped has room elsewhere. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "../../lib/time/clock.h"
#include "../state/lock.h"
#include "internal.h"

/* Seconds. */
#define LOCK_WAIT 2.0

static const char *plain_name(const char *device)
{
	return strncmp(device, "/dev/", 5) ? device : device + 5;
}

/* A tuning is of no device; what else there is, is of one. */
static bool is_of(const struct state_step *step, const char *device)
{
	switch (step->kind) {
	case STATE_MODULE:
		return !strcmp(step->name, "brd") && !strncmp(device, "ram", 3);
	case STATE_TUNED:
		return false;
	default:
		return !strcmp(plain_name(step->name), device);
	}
}

/*
 * Of memory that is not the kernel's, so that the image of a machine that hibernates does not have it; or of brd, which
 * systemd could choose for the image.
 */
static bool is_lost_without_power(const struct state_step *step)
{
	switch (step->kind) {
	case STATE_SWAP:
		return strncmp(plain_name(step->name), "zram", 4) != 0;
	case STATE_MODULE:
		return !strcmp(step->name, "brd");
	default:
		return step->kind == STATE_MEMORY;
	}
}

static bool is_wanted(const struct apply_down_settings *settings, const struct state_step *step)
{
	bool is_wanted = !settings->device_count;

	if (settings->for_hibernation)
		return is_lost_without_power(step);
	for (size_t i = 0; i < settings->device_count && !is_wanted; i++)
		is_wanted = is_of(step, plain_name(settings->devices[i]));
	return is_wanted;
}

/* When the last device goes, the tunings go, too. */
static bool are_all_wanted(const struct apply_down_settings *settings, const struct state *state)
{
	for (size_t i = 0; i < state->count; i++)
		if (state->steps[i].kind != STATE_TUNED && !is_wanted(settings, &state->steps[i]))
			return false;
	return true;
}

static int select_steps(const struct apply_down_settings *settings, const struct state *state, struct state *steps)
{
	bool are_all = are_all_wanted(settings, state);

	steps->steps = calloc(state->count + 1, sizeof(*steps->steps));
	if (!steps->steps)
		return -ENOMEM;
	for (size_t i = 0; i < state->count; i++)
		if (are_all || is_wanted(settings, &state->steps[i]))
			steps->steps[steps->count++] = state->steps[i];
	return 0;
}

static bool is_swap(const struct ramswap_facts *facts, const char *device)
{
	for (size_t i = 0; i < facts->swap_count; i++)
		if (!strcmp(facts->swaps[i].device, device) || !strcmp(facts->swaps[i].path, device))
			return true;
	return false;
}

static int check_names(const struct apply_down_settings *settings, const struct state *state,
	const struct ramswap_facts *facts, struct ramswap_problem *problem)
{
	for (size_t i = 0; i < settings->device_count; i++) {
		const char *device = plain_name(settings->devices[i]);
		bool is_ours = false;

		for (size_t k = 0; k < state->count && !is_ours; k++)
			is_ours = is_of(&state->steps[k], device);
		if (is_ours)
			continue;
		if (is_swap(facts, device))
			return apply_fail(problem, -ENOENT,
				"%s is swap, and ramswap up has not made it: swapoff(8) takes it off",
				settings->devices[i]);
		return apply_fail(problem, -ENOENT, "%s is nothing that ramswap up has made", settings->devices[i]);
	}
	return 0;
}

static int find_room(int root, const struct ramswap_facts *facts, struct apply_down *down)
{
	bool *goes = calloc(facts->swap_count + 1, sizeof(*goes));

	if (!goes)
		return -ENOMEM;
	for (size_t i = 0; i < facts->swap_count; i++)
		goes[i] = !facts->swaps[i].is_file && state_has(&down->steps, STATE_SWAP, facts->swaps[i].device);
	down->has_room = apply_room_of(facts, goes, &down->room);
	if (down->room.used)
		apply_group_check(root, &down->room);
	free(goes);
	return 0;
}

static int prepare(int root, const struct apply_down_settings *settings, const struct state *state,
	struct apply_down *down, struct ramswap_problem *problem)
{
	struct ramswap_facts *facts;
	int err = ramswap_facts_read_some(root, 0, &facts, problem);

	if (err)
		return err;
	err = check_names(settings, state, facts, problem);
	if (!err)
		err = select_steps(settings, state, &down->steps);
	if (!err)
		err = find_room(root, facts, down);
	if (err == -ENOMEM)
		apply_fail(problem, err, "out of memory");
	ramswap_facts_free(facts);
	return err;
}

int apply_down_prepare(int root, const struct apply_down_settings *settings, struct apply_down *down,
	struct ramswap_problem *problem)
{
	struct state state;
	int err;

	*down = (struct apply_down){ 0 };
	err = apply_state_read(root, &state, problem);
	if (err)
		return err;
	err = prepare(root, settings, &state, down, problem);
	state_free(&state);
	if (err)
		apply_down_free(down);
	return err;
}

void apply_down_free(struct apply_down *down)
{
	state_free(&down->steps);
}

static unsigned long long mebibytes(__u64 bytes)
{
	return (unsigned long long)(bytes >> 20);
}

/* A limit of a group is no matter of force: the kernel kills a program as soon as the first page does not fit. */
int apply_down_refuse(const struct apply_down_settings *settings, const struct apply_down *down,
	struct ramswap_problem *problem)
{
	const struct apply_room *room = &down->room;

	if (*room->group)
		return apply_fail(problem, -ENOSPC,
			"the control group %.200s has %llu MiB in swap and room for %llu MiB: the kernel would kill a "
			"program of it: raise its memory.max first",
			room->group, mebibytes(room->group_swapped), mebibytes(room->group_room));
	if (!down->has_room && !settings->is_forced)
		return apply_fail(problem, -ENOSPC,
			"%llu MiB are in use: with 5 %% more and %llu MiB that must stay free they need %llu MiB, and "
			"there are %llu MiB of memory and %llu MiB of other swap: end programs first, or try with "
			"--force, which stops before memory runs out",
			mebibytes(room->used), mebibytes(room->headroom), mebibytes(room->needed),
			mebibytes(room->available), mebibytes(room->other_free));
	return 0;
}

static int take_back(int root, struct state *state, const struct apply_down_settings *settings,
	const struct apply_watcher *watcher, const struct apply_down *down, struct ramswap_problem *problem)
{
	const struct apply_bounds bounds = { clock_now() + (__u64)(settings->timeout * CLOCK_SECOND), down->room.headroom / 2, true };
	int err = 0;

	for (size_t i = down->steps.count; i-- > 0 && !err;) {
		ssize_t place = state_find(state, down->steps.steps[i].kind, down->steps.steps[i].name);

		if (place >= 0)
			err = apply_take_back(root, state, (size_t)place, &bounds, watcher, problem);
	}
	return err;
}

static int take_down(int root, struct state *state, const struct apply_down_settings *settings,
	const struct apply_watcher *watcher, struct apply_down *down, struct ramswap_problem *problem)
{
	int err = apply_settle(root, state, watcher, problem);

	if (!err)
		err = prepare(root, settings, state, down, problem);
	if (!err)
		err = apply_down_refuse(settings, down, problem);
	return err ? err : take_back(root, state, settings, watcher, down, problem);
}

int apply_down(int root, const struct apply_down_settings *settings, const struct apply_watcher *watcher,
	struct apply_down *down, struct ramswap_problem *problem)
{
	struct state state;
	int lock = state_lock(root, LOCK_WAIT, problem), err;

	*down = (struct apply_down){ 0 };
	if (lock < 0)
		return lock;
	err = apply_state_read(root, &state, problem);
	if (!err) {
		err = take_down(root, &state, settings, watcher, down, problem);
		state_free(&state);
	}
	if (err)
		apply_down_free(down);
	close(lock);
	return err;
}
