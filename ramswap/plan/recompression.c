// SPDX-License-Identifier: GPL-2.0-or-later
/* A second algorithm, for pages that lie idle: denser, and slower. Some kernels are built without it. */
#include <stdio.h>
#include <string.h>
#include "zram.h"

/* The densest that was measured and is denser than the first one; else zstd, where the kernel has it. */
static const char *denser_algorithm(
	const struct plan_draft *draft, const struct ramswap_zram *features, const char *first)
{
	const struct ramswap_measured *densest = plan_measured(draft, first);
	const char *name = NULL;

	for (size_t i = 0; densest && i < draft->measures->zram_count && i < RAMSWAP_ALGORITHMS_MAX; i++) {
		const struct ramswap_measured *measured = &draft->measures->zram[i];

		if (plan_is_sound(measured) && plan_is_offered(features, measured->algorithm) &&
			measured->ratio > densest->ratio) {
			densest = measured;
			name = measured->algorithm;
		}
	}
	if (name)
		return name;
	return !plan_measured(draft, first) && strcmp(first, "zstd") && plan_is_offered(features, "zstd") ? "zstd" :
													    NULL;
}

static void choose_recompression(
	struct plan_draft *draft, struct ramswap_device *device, const struct ramswap_zram *features)
{
	char first[RAMSWAP_NAME_MAX + 1];
	const char *name;

	plan_algorithm_name(device->algorithm, first);
	name = denser_algorithm(draft, features, first);
	if (!name) {
		plan_say(draft, RAMSWAP_REASON, "recompression-none", "zram",
			"recompress-after is set, and no algorithm of this kernel is denser than %s", first);
		return;
	}
	snprintf(device->recompression, sizeof(device->recompression), "%s", name);
	plan_say(draft, RAMSWAP_REASON, "recompression", "zram",
		"pages that are idle for %.0f s are compressed again with %s, which is denser: ramswap maintain does "
		"it",
		draft->settings->recompress_after, name);
}

/* A device of ours that is in use has one or none, and stays so unless another is asked for. */
static void take_own(struct plan_draft *draft, struct ramswap_device *device, const struct ramswap_zram *own)
{
	char name[RAMSWAP_NAME_MAX + 1];

	snprintf(device->recompression, sizeof(device->recompression), "%s", own->recompression);
	snprintf(name, sizeof(name), "zram%u", own->number);
	if (!*own->recompression && own->has_recompression && draft->settings->recompress_after > 0)
		plan_say(draft, RAMSWAP_ADVICE, "own-no-recompression", name,
			"recompress-after= is set, and it was made without a second algorithm: after ramswap down %s, "
			"ramswap up makes one with it",
			name);
}

void plan_zram_recompression(struct plan_draft *draft, struct ramswap_device *device)
{
	const struct ramswap_settings *settings = draft->settings;
	const struct ramswap_zram *features = plan_zram_features(draft->facts);
	const struct ramswap_zram *own = plan_own_zram(draft->facts);
	bool is_asked = *settings->recompression && strcmp(settings->recompression, "none");

	if (own && !*settings->recompression) {
		take_own(draft, device, own);
		return;
	}
	if (!strcmp(settings->recompression, "none") || (!is_asked && !(settings->recompress_after > 0)))
		return;
	if (features && !features->has_recompression) {
		/* Swap without it is better than none. */
		plan_say(draft, RAMSWAP_WARNING, "no-recompression", "zram",
			"the kernel %s has no recompression of zram (CONFIG_ZRAM_MULTI_COMP): pages stay as they were first "
			"compressed",
			draft->facts->release);
		return;
	}
	if (!is_asked) {
		if (features)
			choose_recompression(draft, device, features);
		return;
	}
	snprintf(device->recompression, sizeof(device->recompression), "%s", settings->recompression);
	plan_say(draft, RAMSWAP_REASON, "recompression", "zram", "recompression=%s is asked for%s",
		settings->recompression,
		settings->recompress_after > 0 ? ": ramswap maintain does it" :
						 "; it happens only when recompress-after= is set, or by hand");
	plan_check_offered(draft, "recompression", settings->recompression);
}
