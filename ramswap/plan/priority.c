// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Priorities: the kernel uses the swap of the highest first. Ours come before all others, the faster before the slower.
 *
 * The last one has one more than the highest of others, and at least 100, which is what other tools give zram: swap
 * that is turned on later with a small priority of its own, as fstab's pri=10, stays behind it. Swap without a
 * priority has one below 0.
 */
#include <stdio.h>
#include <string.h>
#include "existing.h"
#include "parts.h"

enum { PRIORITY_LEAST = 100 };

static bool is_swap(const struct ramswap_device *device)
{
	return device->kind != RAMSWAP_AS_MEMORY;
}

static int count_swaps(const struct ramswap_plan *plan)
{
	int count = 0;

	for (size_t i = 0; i < plan->device_count; i++)
		count += is_swap(&plan->devices[i]);
	return count;
}

static const struct ramswap_swap *highest_swap(const struct ramswap_facts *facts)
{
	const struct ramswap_swap *highest = NULL;

	for (size_t i = 0; i < facts->swap_count; i++)
		if (!facts->swaps[i].is_ours && (!highest || facts->swaps[i].priority > highest->priority))
			highest = &facts->swaps[i];
	return highest;
}

static const char *name_of(const struct ramswap_swap *swap)
{
	return swap && swap->path ? swap->path : "the swap of others";
}

static void refuse_taken(struct plan_draft *draft, const struct ramswap_swap *highest)
{
	plan_say(draft, RAMSWAP_REFUSAL, "priority-taken", "",
		"%s has priority %d, and %d is the highest that there is, so ours cannot come before it: turn it off "
		"and on again with a lower one (swapon --priority), or above-all=no",
		name_of(highest), highest ? highest->priority : RAMSWAP_PRIORITY_MOST, RAMSWAP_PRIORITY_MOST);
}

/* Whether the last of ours may have this priority. */
static bool check_last(struct plan_draft *draft, int last, int count)
{
	const struct ramswap_swap *highest = highest_swap(draft->facts);
	bool is_asked = draft->settings->priority >= 0;

	if (last > RAMSWAP_PRIORITY_MOST - (count - 1)) {
		if (is_asked)
			plan_say(draft, RAMSWAP_REFUSAL, "priority-taken", "",
				"priority=%d leaves no room for %d devices up to %d, the highest that there is", last,
				count, RAMSWAP_PRIORITY_MOST);
		else
			refuse_taken(draft, highest);
		return false;
	}
	if (is_asked && draft->settings->above_all && highest && last <= highest->priority) {
		plan_say(draft, RAMSWAP_REFUSAL, "priority-not-above", "",
			"priority=%d is not above that of %s, %d: take a higher one, none, or above-all=no", last,
			name_of(highest), highest->priority);
		return false;
	}
	return true;
}

/* Of the last of ours. */
static int choose_last(const struct plan_draft *draft, int count)
{
	int above = plan_highest_priority(draft->facts) + 1, most = RAMSWAP_PRIORITY_MOST - (count - 1);

	if (draft->settings->priority >= 0)
		return draft->settings->priority;
	if (above < PRIORITY_LEAST)
		above = PRIORITY_LEAST;
	return !draft->settings->above_all && above > most ? most : above;
}

static bool is_taken(const struct ramswap_plan *plan, const struct ramswap_device *device, int priority)
{
	for (size_t i = 0; i < plan->device_count; i++)
		if (&plan->devices[i] != device && is_swap(&plan->devices[i]) && plan->devices[i].priority == priority)
			return true;
	return false;
}

/* Whether a device that is up may stay at its priority. */
static bool keeps_priority(const struct plan_draft *draft, const struct ramswap_device *device, int planned)
{
	if (!device->is_up)
		return false;
	if (draft->settings->priority >= 0)
		return device->priority == planned;
	return device->priority >= 0 &&
		(!draft->settings->above_all || device->priority > plan_highest_priority(draft->facts));
}

static void say_priority(struct plan_draft *draft, const struct ramswap_device *device)
{
	const struct ramswap_swap *highest = highest_swap(draft->facts);
	const char *subject = *device->name ? device->name : "zram";

	if (highest && highest->priority >= device->priority)
		plan_say(draft, RAMSWAP_WARNING, "not-first", subject,
			"priority %d: %s, of priority %d, is used before it, or as much", device->priority,
			name_of(highest), highest->priority);
	else if (highest)
		plan_say(draft, RAMSWAP_REASON, "priority", subject,
			"priority %d: above all others, of which %s has the highest, %d", device->priority,
			name_of(highest), highest->priority);
	else
		plan_say(draft, RAMSWAP_REASON, "priority", subject,
			"priority %d: there is no other swap, and one that comes later has a lower one if it has none "
			"of its own",
			device->priority);
}

/* Of those that are up and have to move it is said; true: they stay. */
static void settle(struct plan_draft *draft, struct ramswap_device *device, int planned)
{
	if (keeps_priority(draft, device, planned))
		return;
	if (device->is_up) {
		plan_say(draft, RAMSWAP_WARNING, "differs", device->name,
			"it is in use at priority %d, and should be at %d: a device in use stays as it is, so ramswap "
			"down %s has to come before ramswap up",
			device->priority, planned, device->name);
		device->is_up = false;
	}
	device->priority = -1;
}

/* A priority for a device: from next on, or, where all those are taken, the highest below; -1: none is left. */
static int free_priority(const struct plan_draft *draft, const struct ramswap_device *device, int next)
{
	int least = draft->settings->above_all ? plan_highest_priority(draft->facts) + 1 : 0;

	for (int priority = next; priority <= RAMSWAP_PRIORITY_MOST; priority++)
		if (!is_taken(draft->plan, device, priority))
			return priority;
	for (int priority = RAMSWAP_PRIORITY_MOST; priority >= least; priority--)
		if (!is_taken(draft->plan, device, priority))
			return priority;
	return -1;
}

/* From the last to the first; those that are up have theirs. */
static void assign(struct plan_draft *draft, int next)
{
	struct ramswap_plan *plan = draft->plan;

	for (size_t i = plan->device_count; i-- > 0;) {
		struct ramswap_device *device = &plan->devices[i];

		if (!is_swap(device))
			continue;
		if (device->priority < 0)
			device->priority = free_priority(draft, device, next);
		if (device->priority < 0) {
			refuse_taken(draft, highest_swap(draft->facts));
			return;
		}
		if (device->priority >= next)
			next = device->priority + 1;
	}
}

void plan_priorities(struct plan_draft *draft)
{
	struct ramswap_plan *plan = draft->plan;
	int count = count_swaps(plan), last;

	if (!count)
		return;
	last = choose_last(draft, count);
	if (!check_last(draft, last, count))
		return;
	for (size_t i = plan->device_count, place = 0; i-- > 0;)
		if (is_swap(&plan->devices[i]))
			settle(draft, &plan->devices[i], last + (int)place++);
	assign(draft, last);
	for (size_t i = 0; i < plan->device_count; i++)
		if (is_swap(&plan->devices[i]))
			say_priority(draft, &plan->devices[i]);
}
