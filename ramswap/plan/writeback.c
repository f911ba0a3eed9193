// SPDX-License-Identifier: GPL-2.0-or-later
/* The block device to which zram writes pages that are idle or do not compress. */
#include <stdio.h>
#include <string.h>
#include "../facts/usable.h"
#include "existing.h"
#include "zram.h"

static const char *last_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static void refuse(struct plan_draft *draft, const char *code, const char *why)
{
	plan_say(draft, RAMSWAP_REFUSAL, code, last_name(draft->settings->writeback), "writeback=%s: %s",
		draft->settings->writeback, why);
}

/* Whether what is stacked on the block, or on that, and so on, is the device of that name. */
static bool is_below(const struct ramswap_facts *facts, const struct ramswap_block *block, const char *name)
{
	/* One step for each device that there is: a circle in the facts ends, too. */
	for (size_t step = 0; block && step <= facts->block_count; step++) {
		if (!strcmp(block->name, name))
			return true;
		block = *block->holder ? ramswap_find_block(facts, block->holder) : NULL;
	}
	return false;
}

/* Whether it is RAM, or stacked on RAM: pages would go in a circle. */
static bool is_on_ram(const struct ramswap_facts *facts, const char *name)
{
	for (size_t i = 0; i < facts->block_count; i++) {
		const struct ramswap_block *block = &facts->blocks[i];

		if ((block->kind == RAMSWAP_ZRAM || block->kind == RAMSWAP_BRD) && is_below(facts, block, name))
			return true;
	}
	return false;
}

static bool is_planned(const struct ramswap_plan *plan, const char *name)
{
	for (size_t i = 0; i < plan->device_count; i++)
		if (!strcmp(plan->devices[i].name, name))
			return true;
	return false;
}

/* A device of ours writes back to it already. */
static bool is_ours_already(const struct ramswap_facts *facts, const char *name)
{
	const struct ramswap_zram *own = plan_own_zram(facts);

	return own && *own->backing && !strcmp(last_name(own->backing), name);
}

/* True: it may be taken. */
static bool check_block(struct plan_draft *draft, const struct ramswap_block *block)
{
	char why[FACTS_REASON_MAX + 1] = "", text[FACTS_REASON_MAX + 64];
	enum source_state state = facts_block_usable(draft->facts, block, why, sizeof(why));

	if (is_on_ram(draft->facts, block->name)) {
		refuse(draft, "writeback-loop", "it is in RAM itself, so pages would go in a circle");
		return false;
	}
	if (is_planned(draft->plan, block->name)) {
		refuse(draft, "writeback-is-source",
			"it is planned as swap of its own, which is faster: [source] use=no keeps it");
		return false;
	}
	if (is_ours_already(draft->facts, block->name))
		return true;
	if (state != SOURCE_USABLE) {
		snprintf(text, sizeof(text), "it cannot be taken: %s", why);
		refuse(draft, "writeback-unusable", text);
		return false;
	}
	return true;
}

static void say_writeback(struct plan_draft *draft, const struct ramswap_block *block)
{
	const struct ramswap_settings *settings = draft->settings;

	plan_say(draft, RAMSWAP_REASON, "writeback", block->name,
		"%s for pages of zram that lie idle or do not compress: what is on it is lost; %s",
		PLAN_SIZE(block->size),
		settings->idle_after > 0 ? "ramswap maintain writes them" :
					   "nothing is written until idle-after= says what is idle, or by hand");
	plan_say(draft, RAMSWAP_WARNING, "writeback-plain", block->name,
		"pages of programs, and their secrets, reach this disk as they are, unless it is encrypted below");
	if (draft->facts->is_crash_loaded)
		plan_say(draft, RAMSWAP_WARNING, "writeback-kdump", block->name,
			"a crash kernel is loaded: this device must not be where it saves memory to");
}

void plan_zram_writeback(struct plan_draft *draft, struct ramswap_device *device)
{
	const char *path = draft->settings->writeback;
	const struct ramswap_zram *features = plan_zram_features(draft->facts);
	const struct ramswap_block *block;

	if (!*path)
		return;
	if (features && !features->has_writeback) {
		refuse(draft, "no-writeback", "this kernel's zram has no writeback (CONFIG_ZRAM_WRITEBACK)");
		return;
	}
	block = ramswap_find_block(draft->facts, last_name(path));
	if (strncmp(path, "/dev/", 5) || !block) {
		refuse(draft, "writeback-missing", "there is no such block device");
		return;
	}
	if (!check_block(draft, block))
		return;
	snprintf(device->writeback, sizeof(device->writeback), "%s", path);
	say_writeback(draft, block);
}
