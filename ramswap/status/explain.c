// SPDX-License-Identifier: GPL-2.0-or-later
#include "explain.h"
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../lib/text/text.h"

enum { SENTENCES_A_DEVICE = 16, SENTENCES_OF_ALL = 8 };

struct story {
	const struct ramswap_facts *facts;
	const struct ramswap_status *status;
	const struct status_device *device;
	struct status_sentences *sentences;
};

/* Sizes for one sentence, printed: as many as it needs. */
struct sizes {
	char text[6][16];
};

#define SIZE(sizes, index, bytes) status_print_size((sizes).text[index], bytes)
#define SIGNED(sizes, index, bytes) status_print_signed((sizes).text[index], bytes)

static void tell(struct story *story, const char *figure, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void tell(struct story *story, const char *figure, const char *format, ...)
{
	struct status_sentence *sentence = &story->sentences->list[story->sentences->count++];
	va_list arguments;

	sentence->device = story->device;
	sentence->figure = figure;
	va_start(arguments, format);
	vsnprintf(sentence->text, sizeof(sentence->text), format, arguments);
	va_end(arguments);
}

/* Appends ", at most 1.5M WHAT" for a reason that there may be. */
static void append(char *text, size_t size, __u64 bytes, const char *what)
{
	char most[16];
	size_t length = strlen(text);

	if (bytes)
		snprintf(text + length, size - length, "%s at most %s %s", *text ? "," : "",
			status_print_size(most, bytes), what);
}

static void tell_used(struct story *story)
{
	const struct status_device *device = story->device;
	const struct status_difference *difference = &device->difference;
	char reasons[384] = "";
	struct sizes s;

	if (!difference->bytes) {
		tell(story, "used",
			"/proc/swaps calls %s used: slots that hold a page, as much as is stored here beside the swap header of %s.",
			SIZE(s, 0, device->used), SIZE(s, 1, device->stored ? story->status->page_size : 0));
		return;
	}
	if (difference->bytes < 0) {
		tell(story, "used",
			"/proc/swaps calls %s used, %s less than is stored: what is left of slots that were freed, or of what was on "
			"the device before.",
			SIZE(s, 0, device->used), SIZE(s, 1, -(__u64)difference->bytes));
		return;
	}
	append(reasons, sizeof(reasons), difference->zeros_most, "are pages of zeros, which the kernel does not write");
	append(reasons, sizeof(reasons), difference->zswap_most, "are in zswap's pool");
	append(reasons, sizeof(reasons), difference->cached_most, "are in memory (swap cache)");
	append(reasons, sizeof(reasons), difference->held_most, "are slots that processors hold back");
	append(reasons, sizeof(reasons), difference->unexplained, "are slots that were given out and not yet written or freed");
	tell(story, "used", "/proc/swaps calls %s used: of these slots %s are not stored here:%s.", SIZE(s, 0, device->used),
		SIZE(s, 1, (__u64)difference->bytes), reasons);
}

static void tell_stored(struct story *story)
{
	const struct status_device *device = story->device;
	struct sizes s;

	tell(story, "stored", "%s are stored, before compression (orig_data_size): %s in memory and %s written back.",
		SIZE(s, 0, device->stored), SIZE(s, 1, device->in_memory), SIZE(s, 2, device->written_back));
	if (device->same)
		tell(story, "same", "%s of it are pages filled with one word (same_pages), which take no memory.",
			SIZE(s, 0, device->same));
	if (device->huge)
		tell(story, "huge", "%s of it did not compress, and are kept as they are (huge_pages).",
			SIZE(s, 0, device->huge));
}

static void tell_resident(struct story *story)
{
	const struct status_device *device = story->device;
	struct sizes s;

	tell(story, "compressed", "%s in memory became %s (compr_data_size).", SIZE(s, 0, device->in_memory),
		SIZE(s, 1, device->compressed));
	tell(story, "resident",
		"%s of memory are used for it now (mem_used_total): %s and %s of the allocator. The most was %s "
		"(mem_used_max).",
		SIZE(s, 0, device->resident), SIZE(s, 1, device->compressed), SIGNED(s, 2, device->overhead),
		SIZE(s, 3, device->resident_peak));
	if (device->ratio > 0)
		tell(story, "ratio", "The ratio is %s / %s = %.2f.", SIZE(s, 0, device->in_memory),
			SIZE(s, 1, device->resident), device->ratio);
	tell(story, "saved", "%s of memory are saved: %s stored, less %s that it takes.", SIGNED(s, 0, device->saved),
		SIZE(s, 1, device->stored), SIZE(s, 2, device->resident));
}

static void tell_limit(struct story *story)
{
	const struct status_device *device = story->device;
	struct sizes s;

	if (device->limit)
		tell(story, "limit", "It may take %s of memory (mem_limit), and takes %.0f %% of that%s", SIZE(s, 0, device->limit),
			device->limit_used * 100,
			device->limit_used < 0.9 ? "." : ": at the limit writes fail, and the kernel has to do without.");
	else
		tell(story, "limit",
			"It has no limit of memory (mem_limit): %s of pages that do not compress would take all of that.",
			SIZE(s, 0, device->size));
}

static void tell_back(struct story *story)
{
	const struct status_device *device = story->device;
	char *backing;
	struct sizes s;

	if (!device->backing)
		return;
	backing = safe_text(device->backing);
	tell(story, "written_back", "%s are on %.200s now; %s were written to it, and %s read from it (bd_stat, times 4 KiB).",
		SIZE(s, 0, device->written_back), backing ? backing : "the backing device", SIZE(s, 1, device->back_writes),
		SIZE(s, 2, device->back_reads));
	free(backing);
}

static void tell_failures(struct story *story)
{
	const struct status_device *device = story->device;
	__u64 reads = status_less(device->failed_reads, device->failed_reads_harmless);

	if (device->failed_reads_harmless)
		tell(story, "failed_reads",
			"%llu reads count as failed, of which %llu are none: kernels until 6.2 count a read of a page that is written "
			"back as failed before they read it in another way.",
			(unsigned long long)device->failed_reads, (unsigned long long)device->failed_reads_harmless);
	else if (reads)
		tell(story, "failed_reads", "%llu reads failed: pages were lost, and programs that needed them were killed.",
			(unsigned long long)reads);
	if (device->failed_writes)
		tell(story, "failed_writes",
			"%llu writes failed, since the limit was reached or memory was short: these pages stayed in memory.",
			(unsigned long long)device->failed_writes);
}

static void tell_size(struct story *story)
{
	struct sizes s;

	tell(story, "size", "%s of pages can be stored (disksize), before compression; empty it takes next to nothing.",
		SIZE(s, 0, story->device->size));
}

static void tell_other(struct story *story)
{
	const struct status_device *device = story->device;
	struct sizes s;

	switch (device->kind) {
	case STATUS_PMEM:
		tell(story, "saved",
			"%s of %s are used, in memory that the kernel does not use otherwise: all of that is gained.",
			SIZE(s, 0, device->used), SIZE(s, 1, device->size));
		break;
	case STATUS_BRD:
		tell(story, "saved",
			"%s of %s are used, and take as much of the kernel's memory: nothing is gained.",
			SIZE(s, 0, device->used), SIZE(s, 1, device->size));
		break;
	case STATUS_ZRAM:
		tell(story, "stored", "%s of %s are used; the kernel does not say what is stored: mm_stat cannot be read.",
			SIZE(s, 0, device->used), SIZE(s, 1, device->size));
		break;
	default:
		tell(story, "saved", "%s of %s are used, on a disk: as much memory is free for that.", SIZE(s, 0, device->used),
			SIZE(s, 1, device->size));
	}
}

static void tell_device(struct story *story)
{
	if (!story->device->has_store) {
		tell_other(story);
		return;
	}
	tell_size(story);
	if (story->device->has_difference)
		tell_used(story);
	tell_stored(story);
	tell_resident(story);
	tell_limit(story);
	tell_back(story);
	tell_failures(story);
}

static void tell_total(struct story *story)
{
	const struct status_total *total = &story->status->total;
	struct sizes s;

	tell(story, "gained",
		"%s of memory are gained by all swaps: %s used, less %s that are in memory, too (SwapCached), %s that zram takes, "
		"%s that brd takes, and %s that zswap takes.",
		SIGNED(s, 0, total->gained), SIZE(s, 1, total->used), SIZE(s, 2, total->cached), SIZE(s, 3, total->resident),
		SIZE(s, 4, total->copied), SIZE(s, 5, total->zswap));
	if (total->zswapped)
		tell(story, "zswap", "zswap keeps %s of pages in %s of memory.", SIZE(s, 0, total->zswapped),
			SIZE(s, 1, total->zswap));
}

static void tell_pressure(struct story *story)
{
	const struct ramswap_facts *facts = story->facts;
	const struct status_counters *counters = &story->status->counters;
	struct sizes s;

	if (facts->pressure_some_10 >= 0)
		tell(story, "pressure",
			"In the last 10 s at least one program waited for memory %.2f %% of the time (some), and all of them at once "
			"%.2f %% (full).",
			facts->pressure_some_10, facts->pressure_full_10);
	if (!story->status->has_counters)
		return;
	tell(story, "swap_in", "Since the start %s came back from swap devices (pswpin), and %s went there (pswpout).",
		SIZE(s, 0, status_times(counters->in, story->status->page_size)),
		SIZE(s, 1, status_times(counters->out, story->status->page_size)));
}

int status_explain(const struct ramswap_facts *facts, const struct ramswap_status *status,
	struct status_sentences *sentences)
{
	struct story story = { .facts = facts, .status = status, .sentences = sentences };

	sentences->count = 0;
	sentences->list =
		calloc(status->device_count * SENTENCES_A_DEVICE + SENTENCES_OF_ALL, sizeof(*sentences->list));
	if (!sentences->list)
		return -ENOMEM;
	for (size_t i = 0; i < status->device_count; i++) {
		story.device = &status->devices[i];
		tell_device(&story);
	}
	story.device = NULL;
	tell_total(&story);
	tell_pressure(&story);
	return 0;
}

void status_sentences_free(struct status_sentences *sentences)
{
	free(sentences->list);
	sentences->list = NULL;
	sentences->count = 0;
}
