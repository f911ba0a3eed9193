// SPDX-License-Identifier: GPL-2.0-or-later
/* Swap devices that are on. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/swap.h>
#include "internal.h"

int apply_swap_find(int root, const char *device, struct apply_swap *swap)
{
	struct ramswap_problem problem;
	struct ramswap_facts *facts;
	int err = ramswap_facts_read_some(root, 0, &facts, &problem);

	*swap = (struct apply_swap){ 0 };
	if (err)
		return err;
	for (size_t i = 0; i < facts->swap_count; i++) {
		const struct ramswap_swap *one = &facts->swaps[i];

		if (!one->is_file && !strcmp(one->device, device))
			*swap = (struct apply_swap){ true, one->size, one->used, one->priority };
	}
	ramswap_facts_free(facts);
	return 0;
}

int apply_swapon(int root, const char *device, int priority, bool discards, struct ramswap_problem *problem)
{
	char path[RAMSWAP_NAME_MAX + 16];
	struct apply_swap swap;
	int flags = SWAP_FLAG_PREFER | (priority & SWAP_FLAG_PRIO_MASK) | (discards ? SWAP_FLAG_DISCARD : 0);
	int err = apply_swap_find(root, device, &swap);

	if (err)
		return apply_fail(problem, err, "/proc/swaps: %s", strerror(-err));
	if (swap.is_on)
		return apply_fail(problem, -EBUSY, "%s: somebody else has made swap of it meanwhile", device);
	snprintf(path, sizeof(path), "/dev/%s", device);
	if (swapon(path, flags)) {
		err = -errno;
		return apply_fail(problem, err, "swap on %s: %s", device, strerror(-err));
	}
	err = apply_swap_find(root, device, &swap);
	if (err)
		return apply_fail(problem, err, "/proc/swaps: %s", strerror(-err));
	if (!swap.is_on || swap.priority != priority)
		return apply_fail(problem, -EIO,
			"swap on %s: the kernel says that it is done, and /proc/swaps does not", device);
	return 0;
}

bool apply_swap_is_ours(int root, const struct state_step *step)
{
	const char *device = step->name + strlen("/dev/");
	char uuid[APPLY_UUID_TEXT];
	struct apply_swap swap;

	return *step->value && !apply_swap_find(root, device, &swap) && swap.is_on &&
	       !apply_header_read(root, device, uuid) && !strcmp(uuid, step->value);
}
