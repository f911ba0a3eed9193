/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A zram device of our own, from hot_add to hot_remove. It is written down in the state as long as it exists: after a
 * kill -9 the next ramswap up finds it there and removes it, or the next measurement. Its first page stays
 * empty: that is how ramswap knows a device that nobody came to use.
 */
#ifndef RAMSWAP_MEASURE_ZRAM_DEVICE_H
#define RAMSWAP_MEASURE_ZRAM_DEVICE_H

#include "../ramswap.h"
#include "../state/state.h"

struct measure_device {
	int root, lock; /* of ramswap's state: nobody else makes or removes devices for ramswap meanwhile */
	struct state state;
	unsigned int number;
	char name[RAMSWAP_NAME_MAX + 1]; /* "zram7" */
	char path[32]; /* "/dev/zram7" */
	int attributes; /* its folder in /sys/block */
};

/* All return 0; or a negative errno, and what was wrong. */

/* Loads zram, if need be. -ENODEV: this kernel has none; -EACCES: the caller is not root. */
int measure_device_load(struct ramswap_problem *problem);

/* Removes what a killed ramswap left, and adds a device. -EAGAIN: another ramswap is at work. */
int measure_device_add(struct measure_device *device, struct ramswap_problem *problem);

/* Gives it an algorithm and a size. -EINVAL: the kernel knows the algorithm, but cannot use it. */
int measure_device_set_up(const struct measure_device *device, const char *algorithm, __u64 size,
	struct ramswap_problem *problem);

/* Frees all pages of it: it has no size, and can be set up again. */
int measure_device_reset(const struct measure_device *device, struct ramswap_problem *problem);

/* Resets and removes it. */
int measure_device_remove(struct measure_device *device, struct ramswap_problem *problem);

#endif
