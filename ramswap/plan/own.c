// SPDX-License-Identifier: GPL-2.0-or-later
/* A zram device that ramswap made and that is in use. */
#include <stdio.h>
#include <string.h>
#include "costs.h"
#include "existing.h"
#include "zram.h"

static const struct ramswap_swap *swap_of(const struct ramswap_facts *facts, const struct ramswap_zram *zram)
{
	char name[RAMSWAP_NAME_MAX + 1];

	snprintf(name, sizeof(name), "zram%u", zram->number);
	return plan_swap_of(facts, name);
}

const struct ramswap_zram *plan_own_zram(const struct ramswap_facts *facts)
{
	for (size_t i = 0; i < facts->zram_count; i++) {
		const struct ramswap_zram *zram = &facts->zrams[i];
		const struct ramswap_swap *swap = zram->is_ours && zram->is_set_up ? swap_of(facts, zram) : NULL;

		if (swap && swap->is_ours)
			return zram;
	}
	return NULL;
}

static const char *last_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static bool is_algorithm(const char *wanted, const char *is)
{
	char name[RAMSWAP_NAME_MAX + 1];

	plan_algorithm_name(wanted, name);
	return !strcmp(name, is);
}

/* What the settings ask for and the device is not: "" or "size 512.0M instead of 1.0G, ". */
struct difference {
	char text[256];
	size_t length;
};

static void differs(struct difference *difference, const char *what, const char *is, const char *wanted)
{
	int length = snprintf(difference->text + difference->length, sizeof(difference->text) - difference->length,
		"%s%s %s instead of %s", difference->length ? ", " : "", what, is, wanted);

	difference->length += (size_t)length;
	if (difference->length >= sizeof(difference->text))
		difference->length = sizeof(difference->text) - 1;
}

static void compare_sizes(struct plan_draft *draft, const struct ramswap_device *device, const struct ramswap_zram *own,
	struct difference *difference)
{
	const struct ramswap_settings *settings = draft->settings;
	struct ramswap_device as_is = *device;
	bool has_bad_limit;

	as_is.size = own->disksize;
	as_is.limit = own->limit;
	plan_cost_zram(draft, &as_is);
	/* RAM may have been taken away since. */
	has_bad_limit = !own->limit || own->limit > plan_zram_limit_most(draft) || as_is.cost_worst > draft->near;

	if (*settings->zram_size && own->disksize / draft->page != device->size / draft->page)
		differs(difference, "size", PLAN_SIZE(own->disksize), PLAN_SIZE(device->size));
	if (has_bad_limit || (*settings->zram_limit && own->limit / draft->page != device->limit / draft->page))
		differs(difference, "limit", own->limit ? PLAN_SIZE(own->limit) : "none", PLAN_SIZE(device->limit));
}

static bool has_other_recompression(
	const struct ramswap_settings *settings, const struct ramswap_device *device, const struct ramswap_zram *own)
{
	/* One that nobody asks for by name is that of the device. */
	if (!*settings->recompression || !*device->recompression)
		return strcmp(device->recompression, own->recompression);
	return !is_algorithm(device->recompression, own->recompression);
}

static void compare_algorithms(struct plan_draft *draft, const struct ramswap_device *device,
	const struct ramswap_zram *own, struct difference *difference)
{
	const struct ramswap_settings *settings = draft->settings;

	if (*settings->algorithm && !is_algorithm(settings->algorithm, own->algorithm))
		differs(difference, "algorithm", own->algorithm, settings->algorithm);
	if (has_other_recompression(settings, device, own))
		differs(difference, "recompression", *own->recompression ? own->recompression : "none",
			*device->recompression ? device->recompression : "none");
	if (strcmp(last_name(device->writeback), last_name(own->backing)))
		differs(difference, "writeback", *own->backing ? own->backing : "none",
			*device->writeback ? device->writeback : "none");
}

/* What a fresh plan would have chosen, where that matters: nobody asked for it, so the device stays. */
static void say_better(struct plan_draft *draft, const struct ramswap_zram *own, const char *name)
{
	const struct ramswap_measured *best = plan_best_measured(draft);

	if (best && !*draft->settings->algorithm && strcmp(best->algorithm, own->algorithm))
		plan_say(draft, RAMSWAP_ADVICE, "own-other-algorithm", name,
			"it compresses with %s, and %s was measured to be better: ramswap down %s, and algorithm=%s, "
			"change that",
			own->algorithm, best->algorithm, name, best->algorithm);
}

static void take_over(struct plan_draft *draft, struct ramswap_device *device, const struct ramswap_zram *own)
{
	device->is_up = true;
	device->size = own->disksize;
	device->limit = own->limit;
	plan_cost_zram(draft, device);
}

void plan_keep_own(struct plan_draft *draft, struct ramswap_device *device, const struct ramswap_zram *own, size_t mark)
{
	struct difference difference = { "", 0 };

	snprintf(device->name, sizeof(device->name), "zram%u", own->number);
	device->priority = swap_of(draft->facts, own)->priority;
	compare_sizes(draft, device, own, &difference);
	compare_algorithms(draft, device, own, &difference);
	if (difference.length) {
		plan_say(draft, RAMSWAP_WARNING, "differs", device->name,
			"it is in use, and has %s: a device in use stays as it is, so ramswap down %s has to come "
			"before ramswap up",
			difference.text, device->name);
		return;
	}
	plan_forget(draft, mark, "zram");
	say_better(draft, own, device->name);
	take_over(draft, device, own);
	plan_say(draft, RAMSWAP_REASON, "own-kept", device->name,
		"it is in use already: %s, at most %s of RAM, %s; what the settings leave open stays as it is",
		PLAN_SIZE(device->size), PLAN_SIZE(device->limit), device->algorithm);
}
