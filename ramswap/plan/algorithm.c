// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which algorithm compresses. The price of one for each page that goes out and comes back:
 *
 *	write + read + price / ratio
 *
 * The first two are the time that the processor spends. 1 / ratio is the part of a page of memory that stays taken,
 * and price is what it costs to be without a page of memory: another page has to be written to and read from what is
 * behind. With a fast disk behind, or none, that is 100 us, as of an SSD; of a disk that rotates 1 ms: 8 ms for 8
 * pages at once. So a denser algorithm is worth its time where the disk is slow, and is not where time is the same.
 */
#include <stdio.h>
#include <string.h>
#include "existing.h"
#include "zram.h"

enum {
	PRICE_OF_A_PAGE = 100 * 1000, /* ns */
	PRICE_OF_A_PAGE_ROTATING = 1000 * 1000,
	SAMPLE_LEAST = 256, /* pages: with fewer a ratio is chance */
};

void plan_algorithm_name(const char *text, char name[RAMSWAP_NAME_MAX + 1])
{
	snprintf(name, RAMSWAP_NAME_MAX + 1, "%.*s", (int)strcspn(text, "( \t"), text);
}

const struct ramswap_zram *plan_zram_features(const struct ramswap_facts *facts)
{
	for (size_t i = 0; i < facts->zram_count; i++)
		if (facts->zrams[i].algorithm_count)
			return &facts->zrams[i];
	return NULL;
}

/* What a new device begins with; NULL: that is not known. */
static const char *default_algorithm(const struct ramswap_facts *facts)
{
	for (size_t i = 0; i < facts->zram_count; i++)
		if (!facts->zrams[i].is_set_up && *facts->zrams[i].algorithm)
			return facts->zrams[i].algorithm;
	return NULL;
}

bool plan_is_offered(const struct ramswap_zram *features, const char *name)
{
	for (size_t i = 0; i < features->algorithm_count && i < RAMSWAP_ALGORITHMS_MAX; i++)
		if (!strcmp(features->algorithms[i], name))
			return true;
	return false;
}

static void print_offered(const struct ramswap_zram *features, char *text, size_t size)
{
	size_t length = 0;

	*text = 0;
	for (size_t i = 0; i < features->algorithm_count && i < RAMSWAP_ALGORITHMS_MAX && length < size; i++)
		length +=
			(size_t)snprintf(text + length, size - length, "%s%s", i ? ", " : "", features->algorithms[i]);
}

void plan_check_offered(struct plan_draft *draft, const char *setting, const char *text)
{
	const struct ramswap_zram *features = plan_zram_features(draft->facts);
	char name[RAMSWAP_NAME_MAX + 1], offered[256];

	plan_algorithm_name(text, name);
	if (!features) {
		plan_say(draft, RAMSWAP_REASON, "algorithm-checked-at-up", "zram",
			"%s=%s: whether the kernel has it is known when the module zram is loaded, at ramswap up",
			setting, text);
		return;
	}
	if (plan_is_offered(features, name))
		return;
	print_offered(features, offered, sizeof(offered));
	plan_say(draft, RAMSWAP_REFUSAL, "algorithm-unknown", "zram", "%s=%s: this kernel's zram has %s", setting, name,
		offered);
}

static double price(const struct plan_draft *draft)
{
	return plan_has_rotating_swap(draft->facts) ? PRICE_OF_A_PAGE_ROTATING : PRICE_OF_A_PAGE;
}

bool plan_is_sound(const struct ramswap_measured *measured)
{
	return measured->ratio > 0 && measured->ratio < 1e9 && measured->write_ns >= 0 && measured->write_ns < 1e12 &&
		measured->read_ns >= 0 && measured->read_ns < 1e12;
}

static double cost(const struct plan_draft *draft, const struct ramswap_measured *measured)
{
	return measured->write_ns + measured->read_ns + price(draft) / measured->ratio;
}

const struct ramswap_measured *plan_measured(const struct plan_draft *draft, const char *algorithm)
{
	for (size_t i = 0; draft->measures && i < draft->measures->zram_count && i < RAMSWAP_ALGORITHMS_MAX; i++) {
		const struct ramswap_measured *measured = &draft->measures->zram[i];

		if (!strcmp(measured->algorithm, algorithm) && plan_is_sound(measured))
			return measured;
	}
	return NULL;
}

const struct ramswap_measured *plan_best_measured(const struct plan_draft *draft)
{
	const struct ramswap_zram *features = plan_zram_features(draft->facts);
	const struct ramswap_measured *best = NULL;

	for (size_t i = 0; draft->measures && i < draft->measures->zram_count && i < RAMSWAP_ALGORITHMS_MAX; i++) {
		const struct ramswap_measured *measured = &draft->measures->zram[i];

		if (!plan_is_sound(measured) || (features && !plan_is_offered(features, measured->algorithm)))
			continue;
		if (!best || cost(draft, measured) < cost(draft, best))
			best = measured;
	}
	return best;
}

static double at_least_1(double ratio)
{
	return ratio < 1 ? 1 : ratio;
}

/* What was measured of the algorithm, or is assumed. */
static void take_ratio(struct plan_draft *draft, struct ramswap_device *device, const char *algorithm)
{
	const struct ramswap_measured *measured = plan_measured(draft, algorithm);

	device->is_measured = measured && measured->pages >= SAMPLE_LEAST;
	device->ratio = measured ? at_least_1(measured->ratio) : PLAN_ZRAM_RATIO;
	if (!device->is_measured && device->ratio > PLAN_ZRAM_RATIO)
		device->ratio = PLAN_ZRAM_RATIO;
	if (measured && !device->is_measured)
		plan_say(draft, RAMSWAP_WARNING, "sample-small", "zram",
			"only %llu pages of this machine were measured: a ratio of %.2f is not relied on, and %.2f is "
			"reckoned with",
			(unsigned long long)measured->pages, measured->ratio, device->ratio);
}

static void take_measured(
	struct plan_draft *draft, struct ramswap_device *device, const struct ramswap_measured *measured)
{
	take_ratio(draft, device, measured->algorithm);
	snprintf(device->algorithm, sizeof(device->algorithm), "%s", measured->algorithm);
	plan_say(draft, RAMSWAP_REASON, "algorithm-measured", "zram",
		"%s has the lowest price of a page that goes out and comes back: %.1f us to write, %.1f us to read, "
		"and %.0f us (what a page without memory costs%s) / ratio %.2f: %.1f us; of %llu pages of this machine "
		"%llu do not compress",
		measured->algorithm, measured->write_ns / 1e3, measured->read_ns / 1e3, price(draft) / 1e3,
		plan_has_rotating_swap(draft->facts) ? " with a disk that rotates" : "", measured->ratio,
		cost(draft, measured) / 1e3, (unsigned long long)measured->pages,
		(unsigned long long)measured->incompressible_pages);
}

static void take_asked(struct plan_draft *draft, struct ramswap_device *device)
{
	char name[RAMSWAP_NAME_MAX + 1];

	plan_algorithm_name(draft->settings->algorithm, name);
	take_ratio(draft, device, name);
	snprintf(device->algorithm, sizeof(device->algorithm), "%s", draft->settings->algorithm);
	plan_say(draft, RAMSWAP_REASON, "algorithm-asked", "zram", "algorithm=%s is asked for",
		draft->settings->algorithm);
	plan_check_offered(draft, "algorithm", draft->settings->algorithm);
}

/* A device of ours that is in use has one, and keeps it unless another is asked for. */
static void take_own(struct plan_draft *draft, struct ramswap_device *device, const struct ramswap_zram *own)
{
	snprintf(device->algorithm, sizeof(device->algorithm), "%s", own->algorithm);
	take_ratio(draft, device, own->algorithm);
}

void plan_zram_algorithm(struct plan_draft *draft, struct ramswap_device *device)
{
	const struct ramswap_measured *measured = plan_best_measured(draft);
	const struct ramswap_zram *own = plan_own_zram(draft->facts);
	const char *usual = default_algorithm(draft->facts);

	if (*draft->settings->algorithm) {
		take_asked(draft, device);
		return;
	}
	if (own) {
		take_own(draft, device, own);
		return;
	}
	if (measured) {
		take_measured(draft, device, measured);
		return;
	}
	device->ratio = PLAN_ZRAM_RATIO;
	snprintf(device->algorithm, sizeof(device->algorithm), "%s", usual ? usual : "");
	plan_say(draft, RAMSWAP_REASON, "algorithm-default", "zram",
		"the kernel's default algorithm%s%s: whether a denser one is worth its time, for which programs wait, "
		"depends on their pages; ramswap plan --measure finds out",
		usual ? ", " : "", usual ? usual : "");
}
