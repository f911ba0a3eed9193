// SPDX-License-Identifier: GPL-2.0-or-later
#include "advise.h"
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "../../lib/text/text.h"
#include "../../lib/time/clock.h"

/* Parts of a whole from which on a swap is full, or anonymous memory is worth the trouble. */
#define FULL_PART 0.95
#define ANONYMOUS_PART 0.1

/* What is assumed of compression where nothing is measured: half of the anonymous pages, at this ratio. */
#define ASSUMED_RATIO 3.0

const char *advise_answer_word(enum advise_answer answer)
{
	static const char *const words[] = { "no", "yes", "larger", "enough", "too-much" };

	return words[answer];
}

const char *advise_answer_text(enum advise_answer answer)
{
	static const char *const texts[] = {
		[ADVISE_NO] = "No: swap in memory would not have helped.",
		[ADVISE_YES] = "Yes: swap in memory would have helped: see ramswap plan.",
		[ADVISE_LARGER] = "Yes: there is swap in memory, and more of it would have helped.",
		[ADVISE_ENOUGH] = "There is swap in memory, and it does what it can.",
		[ADVISE_TOO_MUCH] = "More swap would not have helped: what ran needs more memory than there is.",
	};

	return texts[answer];
}

/* What the answer is made of. */
struct view {
	struct advice *advice;
	const struct status_sample *last;
	const struct status_rates *rates;
	bool has_pressure;
	bool is_short, is_much_too_short;
	bool has_traffic; /* pages came from swap, or went there */
	bool is_full, is_fast_full; /* at any time */
};

static void say(struct view *view, const char *code, const char *format, ...) __attribute__((format(printf, 3, 4)));

static void say(struct view *view, const char *code, const char *format, ...)
{
	struct advise_reason *reason = &view->advice->reasons[view->advice->reason_count];
	va_list arguments;

	if (view->advice->reason_count == ADVISE_REASONS_MAX)
		return;
	view->advice->reason_count++;
	snprintf(reason->code, sizeof(reason->code), "%s", code);
	va_start(arguments, format);
	vsnprintf(reason->text, sizeof(reason->text), format, arguments);
	va_end(arguments);
}

static bool is_part(__u64 part, __u64 whole, double least)
{
	return whole && (double)part >= least * (double)whole;
}

static void say_pressure(struct view *view)
{
	const struct advice *advice = view->advice;

	if (!view->has_pressure) {
		say(view, "no-pressure", "The kernel does not say who waited for memory (/proc/pressure/memory): only traffic counts.");
		return;
	}
	say(view, "pressure",
		"In %.0f s at least one program waited for memory %.2f %% of the time, and all of them at once %.2f %%; in the "
		"worst %.0f s of it %.1f %%. It is short from %.0f %% on, or %.0f %% in the worst %d s.",
		advice->rates.seconds, advice->rates.some, advice->rates.full, advice->worst.seconds, advice->worst.some,
		ADVISE_SOME, ADVISE_WORST, ADVISE_WINDOW);
	if (advice->is_of_worst)
		say(view, "worst", "What follows is about these worst %.0f s.", advice->worst.seconds);
}

static void say_traffic(struct view *view)
{
	const struct status_rates *rates = view->rates;
	char in[16], out[16], anonymous[16], file[16];

	status_print_size(in, status_whole(rates->in));
	status_print_size(out, status_whole(rates->out));
	say(view, "traffic", "%s a second came back from swap, %s went to it.", in, out);
	if (!view->last->counters.has_refaults)
		return;
	status_print_size(anonymous, status_whole(rates->refaults_anonymous));
	status_print_size(file, status_whole(rates->refaults_file));
	say(view, "refaults",
		"Wanted again soon after they were given up: %s a second of anonymous pages, %s a second of files.", anonymous,
		file);
}

static void say_swap(struct view *view)
{
	const struct status_sample *last = view->last;
	char swap[16], used[16], fast[16], fast_used[16];

	if (!last->swap) {
		say(view, "no-swap", "There is no swap: anonymous pages have to stay in memory.");
		return;
	}
	status_print_size(swap, last->swap);
	status_print_size(used, last->swap_used);
	status_print_size(fast, last->fast);
	status_print_size(fast_used, last->fast_used);
	say(view, "swap", "%s of %s of swap are used; in memory (zram, pmem) %s of %s.", used, swap, fast_used, fast);
}

static void say_kills(struct view *view)
{
	__u64 kills = view->advice->rates.kills;

	if (kills)
		say(view, "kills", "The kernel killed %llu program%s, since there was no memory left.",
			(unsigned long long)kills, text_plural(kills));
}

/* What could be gained, as far as it can be told without a measurement. */
static void say_gain(struct view *view)
{
	__u64 half = view->last->anonymous / 2, taken = status_whole((double)half / ASSUMED_RATIO);
	char all[16], out[16], costs[16], gain[16];

	say(view, "gain",
		"%s are anonymous. Half of that, %s, compressed %.0f : 1 would take %s, and free %s. That ratio is assumed: ramswap "
		"test measures it.",
		status_print_size(all, view->last->anonymous), status_print_size(out, half), ASSUMED_RATIO,
		status_print_size(costs, taken), status_print_size(gain, half - taken));
}

/* What swap in memory does already. */
static void say_saved(struct view *view)
{
	const struct status_sample *last = view->last;
	char fast[16], stored[16], resident[16], saved[16];

	if (!last->fast_used)
		return;
	if (!last->resident) {
		say(view, "saved", "Swap in memory holds %s.", status_print_size(fast, last->fast_used));
		return;
	}
	say(view, "saved", "Swap in memory holds %s; zram stores %s in %s, which saves %s.",
		status_print_size(fast, last->fast_used), status_print_size(stored, last->stored),
		status_print_size(resident, last->resident),
		status_print_signed(saved, status_minus(last->stored, last->resident)));
}

/* Nobody waited. */
static enum advise_answer answer_enough_memory(struct view *view)
{
	char available[16], total[16];

	if (view->last->fast_used) {
		say_saved(view);
		return ADVISE_ENOUGH;
	}
	if (view->last->available)
		say(view, "memory", "%s of %s are available.", status_print_size(available, view->last->available),
			status_print_size(total, view->last->total));
	return ADVISE_NO;
}

static enum advise_answer answer_too_much(struct view *view)
{
	say(view, "too-much",
		"All programs waited at once for %.1f %% of the time while pages came back from swap in memory: they are wanted "
		"again as soon as they are out. Faster or more swap does not change that: less must run, or memory be added.",
		view->rates->full);
	return ADVISE_TOO_MUCH;
}

static enum advise_answer answer_with_fast_swap(struct view *view)
{
	if (view->is_much_too_short && view->rates->in >= ADVISE_TRAFFIC)
		return answer_too_much(view);
	say_saved(view);
	if (view->is_fast_full) {
		say(view, "fast-full", "Swap in memory was full: what does not fit goes to slower swap, or stays.");
		return ADVISE_LARGER;
	}
	if (!view->has_traffic && view->rates->refaults_file >= ADVISE_TRAFFIC)
		say(view, "swappiness",
			"The kernel gives up files and reads them again, rather than swapping: a higher vm.swappiness lets it swap.");
	return ADVISE_ENOUGH;
}

static enum advise_answer answer_with_slow_swap(struct view *view)
{
	if (view->has_traffic)
		say(view, "slow-swap", "These pages came from a disk, or went to one: each waited much longer than one of memory does.");
	else
		say(view, "slow-unused", "The swap on disks was not used in that time: the kernel gave up files instead.");
	say_gain(view);
	return ADVISE_YES;
}

static enum advise_answer answer_short(struct view *view)
{
	char anonymous[16], total[16];

	if (view->last->fast)
		return answer_with_fast_swap(view);
	if (!is_part(view->last->anonymous, view->last->total, ANONYMOUS_PART) && !view->has_traffic) {
		say(view, "little-anonymous",
			"%s of %s are anonymous, less than %.0f %%: only such pages can be swapped, so that little would be gained.",
			status_print_size(anonymous, view->last->anonymous), status_print_size(total, view->last->total),
			ANONYMOUS_PART * 100);
		return ADVISE_NO;
	}
	if (view->last->swap && !view->is_full)
		return answer_with_slow_swap(view);
	if (view->is_full)
		say(view, "full", "The swap was full.");
	say_gain(view);
	return ADVISE_YES;
}

/* How much had to be waited for; where the kernel does not say that, what was moved. */
static double badness(const struct status_rates *rates, bool has_pressure)
{
	return has_pressure ? rates->some : rates->in + rates->refaults_anonymous + rates->refaults_file;
}

/* The ADVISE_WINDOW that was worst: *last is its last sample. Of a shorter time: all of it. */
static void find_worst(const struct status_sample *samples, size_t count, bool has_pressure, struct status_rates *worst,
	const struct status_sample **last)
{
	struct status_rates window;

	status_rates_make(&samples[0], &samples[count - 1], worst);
	*last = &samples[count - 1];
	for (size_t from = 0, to = 1; to < count; to++) {
		while (from + 1 < to && status_less(samples[to].time, samples[from + 1].time) >= ADVISE_WINDOW * CLOCK_SECOND)
			from++;
		status_rates_make(&samples[from], &samples[to], &window);
		if (window.seconds < ADVISE_WINDOW || badness(&window, has_pressure) <= badness(worst, has_pressure))
			continue;
		*worst = window;
		*last = &samples[to];
	}
}

static bool is_short(const struct status_rates *rates, bool has_pressure, double some)
{
	return badness(rates, has_pressure) >= (has_pressure ? some : ADVISE_TRAFFIC);
}

static void look(struct view *view, const struct status_sample *samples, size_t count)
{
	struct advice *advice = view->advice;
	const struct status_sample *last;

	view->last = &samples[count - 1];
	view->rates = &advice->rates;
	view->has_pressure = samples[0].has_pressure && view->last->has_pressure;
	find_worst(samples, count, view->has_pressure, &advice->worst, &last);
	view->is_short = is_short(&advice->rates, view->has_pressure, ADVISE_SOME) || advice->rates.kills;
	if (!view->is_short && is_short(&advice->worst, view->has_pressure, ADVISE_WORST)) {
		view->is_short = advice->is_of_worst = true;
		view->rates = &advice->worst;
		view->last = last;
	}
	view->has_traffic = view->rates->in + view->rates->out >= ADVISE_TRAFFIC;
	for (size_t i = 0; i < count; i++) {
		view->is_full |= is_part(samples[i].swap_used, samples[i].swap, FULL_PART);
		view->is_fast_full |= is_part(samples[i].fast_used, samples[i].fast, FULL_PART);
	}
	view->is_much_too_short = view->rates->full >= ADVISE_FULL;
}

int advise_judge(const struct status_sample *samples, size_t count, struct advice *advice)
{
	struct view view = { .advice = advice };

	memset(advice, 0, sizeof(*advice));
	if (count < 2)
		return -ENODATA;
	status_rates_make(&samples[0], &samples[count - 1], &advice->rates);
	if (advice->rates.seconds < ADVISE_SECONDS_LEAST)
		return -ENODATA;
	look(&view, samples, count);
	say_pressure(&view);
	say_traffic(&view);
	say_swap(&view);
	say_kills(&view);
	advice->answer = view.is_short ? answer_short(&view) : answer_enough_memory(&view);
	return 0;
}
