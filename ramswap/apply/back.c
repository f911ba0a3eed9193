// SPDX-License-Identifier: GPL-2.0-or-later
/* Steps taken back: by ramswap down, after a failure, and after a kill. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "../zram/control.h"
#include "internal.h"

static int say(struct ramswap_problem *problem, int err, const struct state_step *step)
{
	char words[sizeof(problem->text) / 2];

	apply_step_print(step, words, sizeof(words));
	return apply_fail(problem, err, "%s: %s", words, strerror(-err));
}

/* Whether it has a size, nobody uses it, and nothing but a swap header of ours is in it. */
static bool is_left_over(int root, const char *device)
{
	char uuid[APPLY_UUID_TEXT];
	int fd = apply_device_open(root, device, O_RDONLY | O_EXCL);
	bool is_blank;

	if (fd < 0)
		return false;
	is_blank = apply_device_is_blank(fd);
	close(fd);
	return is_blank || (!apply_header_read(root, device, uuid) && *uuid);
}

/* A device without a size is as the kernel made it. With one it must be ours still. */
static int back_zram(int root, const struct state_step *step, const struct apply_watcher *watcher,
	struct ramswap_problem *problem)
{
	bool has_size = zram_has_size(root, step->name);
	int err;

	if (!zram_exists(root, step->name))
		return 0;
	if (has_size && (step->kind == STATE_ADDING || !is_left_over(root, step->name))) {
		apply_note(watcher, "%s has become somebody else's: it is left as it is", step->name);
		return 0;
	}
	err = zram_remove(root, step->name);
	return err ? say(problem, err, step) : 0;
}

static int back_swap(int root, const struct state_step *step, const struct apply_bounds *bounds,
	const struct apply_watcher *watcher, struct ramswap_problem *problem)
{
	const char *device = step->name + strlen("/dev/");
	struct apply_swap swap;
	int err = apply_swap_find(root, device, &swap);

	if (err)
		return say(problem, err, step);
	if (swap.is_on && !apply_swap_is_ours(root, step)) {
		apply_note(watcher, "%s has become somebody else's swap: it is left as it is", step->name);
		return 0;
	}
	if (swap.is_on)
		err = apply_swapoff(root, device, bounds, watcher, problem);
	if (err)
		return err;
	/* zram goes with all that is in it. What cannot be opened for us alone has a new owner. */
	if (strncmp(device, "zram", 4))
		err = apply_header_wipe(root, device, step->value);
	return err && err != -EBUSY && err != -ENXIO ? say(problem, err, step) : 0;
}

/* The module stays if it has another user, or goes by itself. */
static int back_module(const struct state_step *step, const struct apply_watcher *watcher)
{
	if (syscall(SYS_delete_module, step->name, O_NONBLOCK) && errno != ENOENT)
		apply_note(watcher, "the module %s stays: %s", step->name, strerror(errno));
	return 0;
}

static int back_tuned(int root, const struct state_step *step, const struct apply_watcher *watcher,
	struct ramswap_problem *problem)
{
	char value[APPLY_VALUE_MAX];
	int err = apply_read(root, step->name, value);

	if (err == -ENOENT)
		return 0;
	if (err)
		return say(problem, err, step);
	if (apply_is_same_value(value, step->was))
		return 0;
	if (!apply_is_same_value(value, step->value)) {
		apply_note(watcher, "/%s is %s, and not %s as ramswap has set it: it is left as it is", step->name,
			value, step->value);
		return 0;
	}
	err = apply_write(root, step->name, step->was);
	return err ? say(problem, err, step) : 0;
}

static int back_one(int root, const struct state_step *step, const struct apply_bounds *bounds,
	const struct apply_watcher *watcher, struct ramswap_problem *problem)
{
	switch (step->kind) {
	case STATE_ADDING:
	case STATE_ZRAM:
		return back_zram(root, step, watcher, problem);
	case STATE_MODULE:
		return back_module(step, watcher);
	case STATE_SWAP:
		return back_swap(root, step, bounds, watcher, problem);
	case STATE_MEMORY:
		return apply_memory_remove(root, step->name, problem);
	case STATE_TUNED:
		return back_tuned(root, step, watcher, problem);
	}
	return -EINVAL;
}

int apply_take_back(int root, struct state *state, size_t place, const struct apply_bounds *bounds,
	const struct apply_watcher *watcher, struct ramswap_problem *problem)
{
	struct state_step step = state->steps[place];
	char words[sizeof(problem->text) / 2];
	int err;

	apply_step_print(&step, words, sizeof(words));
	if (!apply_tell(watcher, APPLY_WILL_TAKE_BACK, words) && bounds->can_stop)
		return apply_fail(problem, -ECANCELED, "interrupted");
	err = back_one(root, &step, bounds, watcher, problem);
	if (err)
		return err;
	apply_tell(watcher, APPLY_TAKEN_BACK, words);
	err = state_drop(root, state, place);
	if (err)
		return apply_fail(problem, err, "/%s: %s", STATE_FILE, strerror(-err));
	return 0;
}
