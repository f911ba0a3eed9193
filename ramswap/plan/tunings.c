// SPDX-License-Identifier: GPL-2.0-or-later
/* Numbers of the kernel that fit the planned devices, or that the user wants. */
#include <stdio.h>
#include "existing.h"
#include "parts.h"

enum { SWAPPINESS_USUAL = 60 };

static const struct plan_file zswap_file = { "sys/module/zswap/parameters/enabled", "zswap/enabled" };
static const struct plan_file page_cluster_file = { "proc/sys/vm/page-cluster", "vm.page-cluster" };
static const struct plan_file swappiness_file = { "proc/sys/vm/swappiness", "vm.swappiness" };
static const struct plan_file watermark_file = { "proc/sys/vm/watermark_scale_factor", "vm.watermark_scale_factor" };

static bool has_swap(const struct ramswap_plan *plan)
{
	return plan_has_device(plan, RAMSWAP_ON_ZRAM) || plan_has_device(plan, RAMSWAP_ON_PMEM) ||
		plan_has_device(plan, RAMSWAP_ON_BRD);
}

/* zswap compresses pages before they come to a swap device: those of zram twice. */
static void tune_zswap(struct plan_draft *draft)
{
	const struct ramswap_facts *facts = draft->facts;

	if (!facts->is_zswap_enabled || !has_swap(draft->plan))
		return;
	if (!plan_has_device(draft->plan, RAMSWAP_ON_ZRAM)) {
		plan_say(draft, RAMSWAP_ADVICE, "zswap-before-pmem", zswap_file.name,
			"zswap compresses pages into RAM before they come to memory that takes no RAM, and is not "
			"turned off for that: echo N >/%s, or zswap.enabled=0 on the kernel's command line",
			zswap_file.path);
		return;
	}
	if (!draft->settings->zswap_off) {
		plan_say(draft, RAMSWAP_REFUSAL, "zswap-compresses-twice", zswap_file.name,
			"zswap (%s) is on and zswap-off=no: with zram, pages would be compressed twice; either "
			"zswap-off=yes or [zram] use=no",
			facts->zswap_compressor);
		return;
	}
	plan_tune(draft, &zswap_file, "N", "Y", "zswap-compresses-twice",
		"it would compress pages before zram compresses them again");
}

/* The number as text; NULL: the kernel does not have it. */
static const char *number_text(char text[16], int number)
{
	if (number < 0)
		return NULL;
	snprintf(text, 16, "%d", number);
	return text;
}

static void tune_number(
	struct plan_draft *draft, const struct plan_file *file, int value, int is, const char *code, const char *why)
{
	char text[16], was[16];

	plan_tune(draft, file, number_text(text, value), number_text(was, is), code, why);
}

/* vm.page-cluster: how many pages (a power of 2) are read with the one that is wanted. */
static void tune_page_cluster(struct plan_draft *draft)
{
	const struct ramswap_facts *facts = draft->facts;

	if (draft->settings->page_cluster >= 0)
		tune_number(draft, &page_cluster_file, draft->settings->page_cluster, facts->page_cluster,
			"page-cluster", "page-cluster= is set");
	else if (!has_swap(draft->plan) || facts->page_cluster < 0)
		return;
	else if (plan_has_rotating_swap(facts))
		plan_say(draft, RAMSWAP_REASON, "page-cluster-kept", page_cluster_file.name,
			"it stays %d: there is swap on a disk that rotates, where neighbours are cheap to read",
			facts->page_cluster);
	else
		tune_number(draft, &page_cluster_file, 0, facts->page_cluster, "page-cluster",
			"from memory each page comes at the same price, so to read its neighbours too is only work");
}

static void tune_swappiness(struct plan_draft *draft)
{
	int is = draft->facts->swappiness;

	if (draft->settings->swappiness >= 0)
		tune_number(
			draft, &swappiness_file, draft->settings->swappiness, is, "swappiness", "swappiness= is set");
	else if (!has_swap(draft->plan) || is < 0)
		return;
	else if (!is)
		plan_say(draft, RAMSWAP_WARNING, "swappiness-0", swappiness_file.name,
			"it is 0: the kernel swaps only when nothing else is left, so the devices stay empty until it "
			"is late");
	else
		plan_say(draft, is > SWAPPINESS_USUAL ? RAMSWAP_REASON : RAMSWAP_ADVICE, "swappiness-kept",
			swappiness_file.name,
			"it stays %d: how much dearer a page of a file is than one of swap was not measured here; the "
			"kernel's documentation has values above 100 for swap in memory: try swappiness=100",
			is);
}

void plan_tunings(struct plan_draft *draft)
{
	tune_zswap(draft);
	tune_page_cluster(draft);
	tune_swappiness(draft);
	if (draft->settings->watermark_scale_factor >= 0)
		tune_number(draft, &watermark_file, draft->settings->watermark_scale_factor,
			draft->facts->watermark_scale_factor, "watermark-scale-factor",
			"watermark-scale-factor= is set");
}
