// SPDX-License-Identifier: GPL-2.0-or-later
#include "decide.h"
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../lib/text/size.h"
#include "../../lib/text/text.h"

void upkeep_say(struct upkeep_device *device, const char *code, const char *format, ...)
{
	struct upkeep_reason *reason = &device->reasons[device->reason_count];
	va_list arguments;

	if (device->reason_count == UPKEEP_REASONS_MAX)
		return;
	device->reason_count++;
	snprintf(reason->code, sizeof(reason->code), "%s", code);
	va_start(arguments, format);
	print_safe_message(reason->text, sizeof(reason->text), -ENOMEM, format, arguments);
	va_end(arguments);
}

static char *print_blocks(char text[16], __u64 blocks)
{
	size_print(text, 16, (double)blocks * UPKEEP_BLOCK);
	return text;
}

/* In whole seconds, of which there is at least one: 0 would mark all. */
static __u64 seconds(double time)
{
	__u64 whole = time < 1e9 ? (__u64)time : 1000000000;

	return time > (double)whole ? whole + 1 : whole;
}

static void look_back(struct upkeep_device *device, const struct past *past)
{
	const struct ramswap_zram *zram = device->zram;
	const struct past_device *before = past_find(past, zram);

	if (!before) {
		device->unaccounted = zram->back_writes;
		return;
	}
	device->has_past = true;
	device->came_back = zram->back_reads - before->reads;
	device->were_back = before->pages;
	device->unaccounted = zram->back_writes - before->writes;
	device->marked = before->marked;
	device->is_paused = before->is_paused;
}

/* Whether what comes back says that pages were written back that are wanted. */
static void judge_returns(struct upkeep_device *device)
{
	__u64 were = device->were_back > device->came_back ? device->were_back : device->came_back;
	double part = were ? (double)device->came_back / (double)were : 0;
	bool was_paused = device->is_paused;
	char came[16], of[16];

	if (!device->has_past)
		return;
	if (were >= UPKEEP_PART_PAGES && part >= UPKEEP_PAUSE_PART)
		device->is_paused = true;
	else if (part < UPKEEP_RESUME_PART)
		device->is_paused = false;
	print_blocks(came, device->came_back);
	print_blocks(of, were);
	if (device->is_paused)
		upkeep_say(device, "paused",
			"%s of %s that were written back came back since the last time (%.0f %%): nothing more is written back until "
			"less than %.0f %% do.",
			came, of, part * 100, UPKEEP_RESUME_PART * 100);
	else if (was_paused)
		upkeep_say(device, "resumed", "Only %s of %s came back since the last time (%.0f %%): more is written back again.",
			came, of, part * 100);
}

static bool can_write_back(struct upkeep_device *device, const struct ramswap_settings *settings)
{
	const struct ramswap_zram *zram = device->zram;

	if (settings->idle_after <= 0) {
		if (settings->recompress_after <= 0)
			upkeep_say(device, "off", "Nothing is wanted: neither idle-after nor recompress-after is set.");
		return false;
	}
	if (!zram->has_writeback) {
		upkeep_say(device, "writeback-kernel", "Nothing is written back: this kernel's zram cannot (CONFIG_ZRAM_WRITEBACK).");
		return false;
	}
	if (!*zram->backing) {
		upkeep_say(device, "writeback-device",
			"Nothing is written back: the device has no backing device, which it can only get before its size.");
		return false;
	}
	return true;
}

static bool can_recompress(struct upkeep_device *device, const struct ramswap_settings *settings)
{
	const struct ramswap_zram *zram = device->zram;

	if (settings->recompress_after <= 0)
		return false;
	if (!zram->has_recompression) {
		upkeep_say(device, "recompress-kernel",
			"Nothing is compressed again: this kernel's zram cannot (CONFIG_ZRAM_MULTI_COMP).");
		return false;
	}
	if (!*zram->recompression) {
		upkeep_say(device, "recompress-algorithm",
			"Nothing is compressed again: the device has no second algorithm, which it can only get before its size.");
		return false;
	}
	return true;
}

/*
 * The kernel has one mark for idle pages, and it stays until a page is touched. A shorter age for one purpose would mark
 * pages for the other, too.
 */
static void choose_age(struct upkeep_device *device, const struct ramswap_settings *settings)
{
	__u64 idle = device->writes_back ? seconds(settings->idle_after) : 0;
	__u64 recompress = device->recompresses ? seconds(settings->recompress_after) : 0;

	device->age = idle > recompress ? idle : recompress;
	if (!device->age)
		return;
	upkeep_say(device, "age", "Pages that were not touched for %llu s are idle.", (unsigned long long)device->age);
	if (idle && recompress && idle != recompress)
		upkeep_say(device, "age-shared",
			"The kernel has one mark for both, so that the longer of %llu s (writeback) and %llu s (recompression) counts.",
			(unsigned long long)idle, (unsigned long long)recompress);
}

static void decide_device(struct upkeep_device *device, const struct ramswap_settings *settings, const struct past *past)
{
	look_back(device, past);
	judge_returns(device);
	device->writes_back = can_write_back(device, settings) && !device->is_paused;
	device->recompresses = can_recompress(device, settings);
	/* What is in memory of it: pages that are the same all over take none. */
	if (device->zram->stat_fields && !device->zram->compressed && (device->writes_back || device->recompresses)) {
		upkeep_say(device, "empty", "Nothing of what is stored takes memory.");
		device->writes_back = device->recompresses = false;
	}
	if (!device->zram->has_idle && (device->writes_back || device->recompresses)) {
		upkeep_say(device, "idle-kernel", "Nothing is done: this kernel's zram does not mark idle pages.");
		device->writes_back = device->recompresses = false;
	}
}

static void apply_budget(struct upkeep_plan *plan, __u64 now)
{
	for (size_t i = 0; i < plan->device_count; i++) {
		__u64 bytes;

		if (__builtin_mul_overflow(plan->devices[i].unaccounted, (__u64)UPKEEP_BLOCK, &bytes))
			bytes = ~0ULL;
		if (bytes)
			budget_add(&plan->budget, now, bytes);
	}
	plan->left = budget_left(&plan->budget, now, plan->daily);
	for (size_t i = 0; i < plan->device_count && plan->left < UPKEEP_BLOCK; i++) {
		char daily[16];

		if (!plan->devices[i].writes_back)
			continue;
		plan->devices[i].writes_back = false;
		size_print(daily, sizeof(daily), (double)plan->daily);
		upkeep_say(&plan->devices[i], "budget", "Nothing is written back: all of the %s for 24 hours were written.", daily);
	}
}

int upkeep_decide(const struct ramswap_facts *facts, const struct ramswap_settings *settings,
	const struct budget *budget, const struct past *past, __u64 now, struct upkeep_plan *plan)
{
	*plan = (struct upkeep_plan){ .has_budget = settings->writeback_daily, .daily = settings->writeback_daily };
	plan->devices = calloc(facts->zram_count + 1, sizeof(*plan->devices));
	if (!plan->devices)
		return -ENOMEM;
	for (size_t i = 0; i < facts->zram_count; i++) {
		struct upkeep_device *device = &plan->devices[plan->device_count];

		if (!facts->zrams[i].is_ours || !facts->zrams[i].is_set_up)
			continue;
		plan->device_count++;
		device->zram = &facts->zrams[i];
		decide_device(device, settings, past);
	}
	if (plan->has_budget) {
		plan->budget = *budget;
		apply_budget(plan, now);
	}
	for (size_t i = 0; i < plan->device_count; i++)
		choose_age(&plan->devices[i], settings);
	return 0;
}

void upkeep_plan_free(struct upkeep_plan *plan)
{
	free(plan->devices);
	*plan = (struct upkeep_plan){ 0 };
}
