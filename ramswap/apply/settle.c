// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a killed ramswap left. A device whose swap is on is complete, since that is the last step of it; what is half
 * made has no swap that is on, so that nothing of a program's is in it.
 */
#include <string.h>
#include "internal.h"

static bool has_swap(int root, const struct state *state, const char *device)
{
	ssize_t place = state_find(state, STATE_SWAP, device);

	return place >= 0 && apply_swap_is_ours(root, &state->steps[place]);
}

/* brd was loaded for a device of its own. */
static bool has_user(int root, const struct state *state, const char *module)
{
	for (size_t i = 0; i < state->count; i++)
		if (state->steps[i].kind == STATE_SWAP && !strcmp(module, "brd") &&
			!strncmp(state->steps[i].name, "/dev/ram", 8) && apply_swap_is_ours(root, &state->steps[i]))
			return true;
	return false;
}

static bool is_in_effect(int root, const struct state *state, const struct state_step *step)
{
	char value[APPLY_VALUE_MAX];

	switch (step->kind) {
	case STATE_ADDING:
		return false;
	case STATE_ZRAM:
		return has_swap(root, state, step->name);
	case STATE_MODULE:
		return has_user(root, state, step->name);
	case STATE_SWAP:
		return apply_swap_is_ours(root, step);
	case STATE_MEMORY:
		return apply_memory_is_whole(root, step->name);
	case STATE_TUNED:
		return !apply_read(root, step->name, value) && !apply_is_same_value(value, step->was);
	}
	return false;
}

/* Nothing of it is on, so that the bounds do not matter. */
static int settle_one(int root, struct state *state, size_t place, const struct apply_watcher *watcher,
	struct ramswap_problem *problem)
{
	const struct apply_bounds bounds = { 0 };
	char words[256];

	apply_step_print(&state->steps[place], words, sizeof(words));
	if (state->steps[place].kind != STATE_TUNED)
		apply_note(watcher, "half made, or not in use any more: %s", words);
	return apply_take_back(root, state, place, &bounds, watcher, problem);
}

int apply_settle(int root, struct state *state, const struct apply_watcher *watcher, struct ramswap_problem *problem)
{
	int err = 0;

	/* That of a swapoff whose ramswap was killed, and which was killed with it. */
	apply_group_remove(root);
	for (size_t i = state->count; i-- > 0 && !err;)
		if (!is_in_effect(root, state, &state->steps[i]))
			err = settle_one(root, state, i, watcher, problem);
	return err;
}
