// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How large a zram device is, and how much memory it may take.
 *
 * The limit is on memory, and comes first: a third of the RAM that can be used at all. So two thirds remain for pages
 * in use, however badly the others compress. The size is what fits into the limit if pages compress as expected, less
 * a quarter: then the limit is reached only if they compress much worse. Without a measurement 2:1 is expected, which
 * makes half of RAM, as other tools have it; a measured 4:1 makes all of it.
 *
 * What happens at the limit was tried on Linux 6.12 and 7.2: a write to the device fails, and the page stays in memory
 * while its place in the device is taken; once all places are taken, the kernel uses the swap behind. So a size far
 * above what fits makes memory that can be swapped nowhere. Without swap behind, the kernel ends a program when
 * nothing else is left, which is sooner than without a limit, and with more memory for those that stay.
 */
#include <stdio.h>
#include "../config/expression.h"
#include "costs.h"
#include "existing.h"
#include "zram.h"

#define MIB (1ULL << 20)
#define ZRAM_SIZE_LEAST MIB
/* Its table is made at once, and one kswapd compresses a few GiB in a second: more is for those who ask for it. */
#define ZRAM_SIZE_MOST (16ULL << 30)
/* The table must fit into the kernel's address space. */
#define ZRAM_SIZE_MOST_32_BIT (2ULL << 30)

/* Below it zram gains nearly nothing. */
#define RATIO_LEAST 1.25
/* Of what the ratio promises, so much is counted on. */
#define CAUTION 0.75

__u64 plan_zram_limit_most(const struct plan_draft *draft)
{
	return draft->near - draft->near / 8;
}

static double in_mib(__u64 bytes)
{
	return (double)(bytes / MIB);
}

/* What a setting's expression gives, in bytes. False: it is none, which was said. */
static bool evaluate(struct plan_draft *draft, const char *setting, const char *text, __u64 *bytes)
{
	const struct expression_variable variables[] = EXPRESSION_VARIABLES(in_mib(draft->facts->memory.total),
		in_mib(plan_swap_behind(draft->facts)), in_mib(plan_device_sizes(draft->plan, RAMSWAP_ON_PMEM)));
	char words[128] = "";
	double value = 0;

	if (expression_evaluate(
		    text, variables, sizeof(variables) / sizeof(*variables), &value, words, sizeof(words))) {
		draft->is_wrong = true;
		plan_say(draft, RAMSWAP_REFUSAL, "bad-expression", "zram", "%s=%s: %s", setting, text, words);
		return false;
	}
	*bytes = plan_times(MIB, value, draft->page);
	return true;
}

/* A multiple of MiB, or of pages where it is less. */
static __u64 round_down(const struct plan_draft *draft, __u64 bytes)
{
	return bytes >= MIB ? bytes / MIB * MIB : bytes / draft->page * draft->page;
}

static __u64 size_most(const struct plan_draft *draft)
{
	return draft->facts->is_32_bit ? ZRAM_SIZE_MOST_32_BIT : ZRAM_SIZE_MOST;
}

/* A size for a limit on memory. */
static __u64 usual_size(const struct plan_draft *draft, __u64 limit, double ratio)
{
	__u64 size = plan_times(limit, ratio * CAUTION, 1);

	if (size > draft->near)
		size = draft->near;
	return round_down(draft, size < limit ? limit : size);
}

/* A limit on memory for a size that is the most. */
static __u64 usual_limit(const struct plan_draft *draft, __u64 size, double ratio)
{
	__u64 limit = plan_times(size, 1 / (ratio * CAUTION), 1), third = draft->near / 3;

	if (limit > size)
		limit = size;
	return round_down(draft, limit < third ? limit : third);
}

static const char *where_ratio_is_from(const struct ramswap_device *device)
{
	return device->is_measured ? "measured" : "assumed";
}

/* Nobody asked for a size. */
static void decide_size(struct plan_draft *draft, struct ramswap_device *device)
{
	bool is_limit_asked = *draft->settings->zram_limit;

	device->size = usual_size(draft, device->limit, device->ratio);
	if (device->size <= size_most(draft) || is_limit_asked) {
		plan_say(draft, RAMSWAP_REASON, "zram-size", "zram",
			"size %s: the limit of %s x the ratio %.2f (%s) x 3/4, since pages may compress worse; at "
			"least the limit, at most the RAM",
			PLAN_SIZE(device->size), PLAN_SIZE(device->limit), device->ratio, where_ratio_is_from(device));
		return;
	}
	device->size = size_most(draft);
	device->limit = usual_limit(draft, device->size, device->ratio);
	plan_say(draft, RAMSWAP_REASON, "zram-size", "zram",
		"size %s: more has to be asked for with size=, since what a machine swaps in a short time is less than "
		"that, and the device's table takes memory at once",
		PLAN_SIZE(device->size));
}

static bool take_size(struct plan_draft *draft, struct ramswap_device *device)
{
	const struct ramswap_settings *settings = draft->settings;
	bool is_wanted = settings->zram == RAMSWAP_USE_YES;

	if (!evaluate(draft, "size", settings->zram_size, &device->size))
		return false;
	if (!device->size) {
		plan_say(draft, is_wanted ? RAMSWAP_REFUSAL : RAMSWAP_REASON, "zram-size-0", "zram",
			"size=%s is 0 here: no zram%s", settings->zram_size,
			is_wanted ? ", and use=yes wants one" : "");
		return false;
	}
	if (device->size < ZRAM_SIZE_LEAST) {
		plan_say(draft, RAMSWAP_REFUSAL, "size-too-small", "zram", "size=%s is %s here: at least 1 MiB",
			settings->zram_size, PLAN_SIZE(device->size));
		return false;
	}
	if (device->limit > device->size && !*settings->zram_limit)
		device->limit = device->size;
	if (device->size > plan_swap_most(draft)) {
		plan_say(draft, RAMSWAP_REFUSAL, "size-too-large", "zram", "size=%s is %s here: swap has at most %s",
			settings->zram_size, PLAN_SIZE(device->size), PLAN_SIZE(plan_swap_most(draft)));
		return false;
	}
	plan_say(draft, RAMSWAP_REASON, "zram-size", "zram", "size %s: size=%s is asked for", PLAN_SIZE(device->size),
		settings->zram_size);
	return true;
}

static bool take_limit(struct plan_draft *draft, struct ramswap_device *device)
{
	if (!evaluate(draft, "limit", draft->settings->zram_limit, &device->limit))
		return false;
	if (!device->limit) {
		plan_say(draft, RAMSWAP_REFUSAL, "limit-zero", "zram",
			"limit=%s is 0 here, which would be no limit: pages that do not compress could take all memory",
			draft->settings->zram_limit);
		return false;
	}
	if (device->limit > plan_zram_limit_most(draft)) {
		plan_say(draft, RAMSWAP_REFUSAL, "limit-too-large", "zram",
			"limit=%s is %s here: of the %s of RAM at least an eighth must remain for everything else, so "
			"at most %s",
			draft->settings->zram_limit, PLAN_SIZE(device->limit), PLAN_SIZE(draft->near),
			PLAN_SIZE(plan_zram_limit_most(draft)));
		return false;
	}
	return true;
}

static void say_limit(struct plan_draft *draft, const struct ramswap_device *device)
{
	const struct ramswap_memory *memory = &draft->facts->memory;

	if (*draft->settings->zram_limit)
		plan_say(draft, RAMSWAP_REASON, "zram-limit", "zram",
			"at most %s of RAM: limit=%s is asked for; a page that comes later stays in memory",
			PLAN_SIZE(device->limit), draft->settings->zram_limit);
	else if (device->limit < round_down(draft, draft->near / 3))
		plan_say(draft, RAMSWAP_REASON, "zram-limit", "zram",
			"at most %s of RAM, which is enough if pages compress %.2f:1; a page that comes later stays in "
			"memory",
			PLAN_SIZE(device->limit), (double)device->size / (double)device->limit);
	else
		plan_say(draft, RAMSWAP_REASON, "zram-limit", "zram",
			"at most %s of RAM, a third of %s (MemTotal %s less %s in huge pages and %s that other devices "
			"may take): two thirds remain, however badly pages compress; a page that comes later stays in "
			"memory",
			PLAN_SIZE(device->limit), PLAN_SIZE(draft->near), PLAN_SIZE(memory->total),
			PLAN_SIZE(memory->huge_reserved), PLAN_SIZE(plan_less(draft->ram, draft->near)));
	if (plan_times(device->limit, device->ratio, 1) < device->size)
		plan_say(draft, RAMSWAP_WARNING, "limit-before-size", "zram",
			"the limit of %s is reached before its %s are full, unless pages compress better than %.1f:1, "
			"and %.2f is expected: pages for which it has a place and no memory stay where they are, and "
			"can be swapped nowhere",
			PLAN_SIZE(device->limit), PLAN_SIZE(device->size), (double)device->size / (double)device->limit,
			device->ratio);
}

/* Whether what it costs is bearable; else that is said. */
static bool is_bearable(struct plan_draft *draft, struct ramswap_device *device)
{
	const struct ramswap_settings *settings = draft->settings;
	bool is_asked = settings->zram == RAMSWAP_USE_YES || *settings->zram_size || *settings->zram_limit;

	plan_cost_zram(draft, device);
	if (device->cost_empty > draft->near / 8) {
		plan_say(draft, is_asked ? RAMSWAP_REFUSAL : RAMSWAP_REASON, "zram-tables-too-large", "zram",
			"%s of it would take %s of RAM for tables, and for %u processors' work, while it is empty: "
			"more than an eighth of %s",
			PLAN_SIZE(device->size), PLAN_SIZE(device->cost_empty), draft->facts->processors,
			PLAN_SIZE(draft->near));
		return false;
	}
	if (device->cost_worst > draft->near) {
		plan_say(draft, RAMSWAP_REFUSAL, "limit-too-large", "zram",
			"with tables it could take %s of the %s of RAM: a smaller limit= or size=",
			PLAN_SIZE(device->cost_worst), PLAN_SIZE(draft->near));
		return false;
	}
	return true;
}

bool plan_zram_size(struct plan_draft *draft, struct ramswap_device *device)
{
	const struct ramswap_settings *settings = draft->settings;

	if (settings->zram == RAMSWAP_USE_AUTO && device->is_measured && device->ratio < RATIO_LEAST) {
		plan_say(draft, RAMSWAP_REASON, "incompressible", "zram",
			"no zram: with %s the pages of this machine compress %.2f:1, so it would take nearly the "
			"memory that it gives",
			device->algorithm, device->ratio);
		return false;
	}
	device->limit = round_down(draft, draft->near / 3);
	if (*settings->zram_limit && !take_limit(draft, device))
		return false;
	if (!*settings->zram_size)
		decide_size(draft, device);
	else if (!take_size(draft, device))
		return false;
	say_limit(draft, device);
	return is_bearable(draft, device);
}
