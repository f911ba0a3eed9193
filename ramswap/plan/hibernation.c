// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Hibernation writes RAM to swap on a disk and starts again from there. What ramswap makes cannot hold that image: it
 * is RAM, or goes when the machine is off. It stays possible as long as another swap has room, and is the one that is
 * written to.
 */
#include "existing.h"
#include "parts.h"

static bool has_own_swap(const struct ramswap_plan *plan)
{
	for (size_t i = 0; i < plan->device_count; i++)
		if (plan->devices[i].kind != RAMSWAP_AS_MEMORY)
			return true;
	return false;
}

/* What the kernel aims at: /sys/power/image_size, of which two fifths of RAM are the default. */
static __u64 needed(const struct ramswap_facts *facts)
{
	return facts->image_size ? facts->image_size : facts->memory.total / 5 * 2;
}

/* Where nothing was prepared for it, that is no news. */
static void say_fails(struct plan_draft *draft, __u64 behind)
{
	bool is_prepared = behind || draft->facts->resume_major || draft->facts->resume_minor;

	plan_say(draft, is_prepared ? RAMSWAP_WARNING : RAMSWAP_REASON, "hibernation-fails", "",
		"Hibernation will fail: its image, about %s, has to go to swap on a disk, where %s%s free; the planned "
		"devices cannot hold it",
		PLAN_SIZE(needed(draft->facts)), behind ? PLAN_SIZE(behind) : "nothing", behind ? " are" : " is");
}

static void say_where(struct plan_draft *draft, __u64 behind)
{
	const struct ramswap_facts *facts = draft->facts;

	if (facts->resume_major || facts->resume_minor)
		plan_say(draft, RAMSWAP_REASON, "hibernation-stays", "",
			"Hibernation stays possible: its image, about %s, goes to the device that the kernel resumes "
			"from (%u:%u); of swap on disks %s are free",
			PLAN_SIZE(needed(facts)), facts->resume_major, facts->resume_minor, PLAN_SIZE(behind));
	else
		plan_say(draft, RAMSWAP_WARNING, "hibernation-no-resume", "",
			"No device to resume from is set (/sys/power/resume), so a machine that hibernates without "
			"systemd, which takes such swap back before, may choose the first swap, which is then one in "
			"memory, and be lost: set resume= on the kernel's command line, or nohibernate");
}

void plan_hibernation(struct plan_draft *draft)
{
	__u64 behind = 0;

	if (!draft->facts->can_hibernate || !has_own_swap(draft->plan))
		return;
	for (size_t i = 0; i < draft->facts->swap_count; i++) {
		const struct ramswap_swap *swap = &draft->facts->swaps[i];
		enum plan_place place = plan_swap_place(draft->facts, swap);

		if (!swap->is_ours && (place == PLAN_ON_DISK || place == PLAN_ON_ROTATING_DISK))
			behind = plan_sum(behind, plan_less(swap->size, swap->used));
	}
	if (behind < needed(draft->facts))
		say_fails(draft, behind);
	else
		say_where(draft, behind);
}
