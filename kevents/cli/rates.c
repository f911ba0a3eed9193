// SPDX-License-Identifier: GPL-2.0-or-later
/* --rates: events per second, their course, and who causes them. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "../../lib/command/output.h"
#include "../../lib/command/terminal.h"
#include "../../lib/text/json.h"
#include "../../lib/text/text.h"
#include "rates.h"

const struct rate rates[RATES] = {
	{"forks", "forks/s", "forks", KEVENTS_BIT(KEVENTS_FORK)},
	{"execs", "execs/s", "execs", KEVENTS_BIT(KEVENTS_EXEC)},
	{"exits", "exits/s", "exits", KEVENTS_BIT(KEVENTS_EXIT)},
	{"image_loads", "image loads/s", "images", KEVENTS_BIT(KEVENTS_IMAGE_LOAD)},
	{"anonymous", "anonymous code/s", "anon", KEVENTS_BIT(KEVENTS_ANON_EXEC)},
	{"kernel_loads", "kernel loads/s", "kernel", KEVENTS_BIT(KEVENTS_KERNEL_LOAD)},
	{"unsigned_loads", "unsigned loads/s", "unsigned", 0},
};

static struct {
	const struct settings *settings;
	struct counts counts; /* of the current interval */
	uint64_t unsigned_loads; /* the same */
	bool knows_verdicts; /* an image with one was seen: DigSig's engine runs */
	uint64_t since; /* when the interval began; 0: no tick yet */
	uint64_t last, realtime; /* of the last record */
	bool is_screen;
	struct rates_frame frame; /* the last interval */
} state;

static int begin(const struct settings *settings)
{
	state.settings = settings;
	state.frame.interval = settings->interval;
	state.is_screen = !settings->json && terminal_follow();
	if (state.is_screen)
		fputs("\033[2J", stdout);
	return 0;
}

static int count(const struct kevents_record *record, uint64_t realtime)
{
	if (record->flags & KEVENTS_SYNTHESISED)
		return 0;
	if (!state.since)
		state.since = record->time - 1;
	state.last = record->time;
	state.realtime = realtime;
	counts_add(&state.counts, record);
	if (record->type == KEVENTS_LOST)
		state.frame.lost += record->lost.count;
	if (record->type == KEVENTS_IMAGE_LOAD && record->image.verdict) {
		state.knows_verdicts = true;
		state.unsigned_loads += record->image.verdict != 1;
	}
	return 0;
}

uint64_t rate_sum(const struct rate *rate, const struct program_count *count)
{
	uint64_t sum = 0;

	for (uint32_t type = 1; type <= KEVENTS_TYPE_MAX; type++)
		if (rate->types & KEVENTS_BIT(type))
			sum += count->by_type[type];
	return sum;
}

static bool is_shown(size_t rate)
{
	if (rate == UNSIGNED_LOADS)
		return state.knows_verdicts;
	return rates[rate].types & state.settings->types;
}

/* The interval is over, and took so long. */
static void push(double seconds, uint64_t realtime)
{
	struct rates_frame *frame = &state.frame;

	if (frame->length == RATES_HISTORY) {
		for (size_t i = 0; i < RATES; i++)
			memmove(frame->history[i], frame->history[i] + 1,
				(RATES_HISTORY - 1) * sizeof(frame->history[i][0]));
		frame->length--;
	}
	for (size_t i = 0; i < RATES; i++) {
		uint64_t sum = i == UNSIGNED_LOADS ? state.unsigned_loads :
						     rate_sum(&rates[i], &state.counts.sum);

		frame->shown[i] = is_shown(i);
		frame->history[i][frame->length] = (double)sum / seconds;
	}
	frame->length++;
	counts_sort(&state.counts);
	frame->top_count = state.counts.used < RATES_TOP ? state.counts.used : RATES_TOP;
	memcpy(frame->top, state.counts.programs, frame->top_count * sizeof(frame->top[0]));
	frame->seconds = seconds;
	frame->realtime = realtime;
}

static double newest(size_t rate)
{
	return state.frame.history[rate][state.frame.length - 1];
}

/* -- For programs ----------------------------------------------------------------------------------- */

static void print_json(uint64_t realtime, double seconds)
{
	struct json_object *object = json_object_new_object(), *top = json_object_new_array();
	char text[32];

	print_time(text, realtime / 1000000000);
	json_add_string(object, "time", text);
	snprintf(text, sizeof(text), "%.3f", seconds);
	json_object_object_add(object, "seconds", json_object_new_double_s(seconds, text));
	for (size_t i = 0; i < RATES; i++) {
		if (!is_shown(i))
			continue;
		snprintf(text, sizeof(text), "%.1f", newest(i));
		json_object_object_add(
			object, rates[i].name, json_object_new_double_s(newest(i), text));
	}
	json_add_number(object, "lost", state.frame.lost);
	for (size_t i = 0; i < state.frame.top_count; i++) {
		const struct program_count *program = &state.frame.top[i];
		struct json_object *one = json_object_new_object();

		json_add_text(one, "comm", program->comm);
		for (size_t j = 0; j < UNSIGNED_LOADS; j++)
			if (is_shown(j))
				json_add_number(one, rates[j].name, rate_sum(&rates[j], program));
		json_object_array_add(top, one);
	}
	json_object_object_add(object, "top", top);
	json_put_line(object);
}

/* -- For people ------------------------------------------------------------------------------------- */

void rates_print_clock(uint64_t realtime)
{
	time_t second = (time_t)(realtime / 1000000000);
	struct tm parts;
	char text[16];

	localtime_r(&second, &parts);
	strftime(text, sizeof(text), "%H:%M:%S", &parts);
	fputs(text, stdout);
}

static void print_line(uint64_t realtime)
{
	static unsigned int lines;

	if (lines++ % 20 == 0) {
		printf("%-8s", "Time");
		for (size_t i = 0; i < RATES; i++)
			if (is_shown(i))
				printf(" %16s", rates[i].title);
		printf("  top program\n");
	}
	rates_print_clock(realtime);
	for (size_t i = 0; i < RATES; i++)
		if (is_shown(i))
			printf(" %16.1f", newest(i));
	printf("  ");
	if (state.counts.used)
		print_safely(stdout, state.counts.programs[0].comm);
	if (state.counts.sum.by_type[KEVENTS_LOST])
		printf("  LOST %" PRIu64, state.counts.sum.by_type[KEVENTS_LOST]);
	putchar('\n');
}

static void tick(uint64_t time, uint64_t realtime)
{
	double seconds = (double)(time - state.since) / 1e9;

	if (!state.since || time <= state.since) {
		state.since = time;
		return;
	}
	state.since = time;
	push(seconds, time + realtime);
	if (state.settings->json)
		print_json(time + realtime, seconds);
	else if (state.is_screen)
		rates_print_screen(&state.frame);
	else
		print_line(time + realtime);
	output_flush();
	counts_clear(&state.counts);
	state.unsigned_loads = 0;
}

static void redraw(void)
{
	if (state.is_screen && state.frame.length)
		rates_print_screen(&state.frame);
}

/* The rest of an interval, too. */
static int end(void)
{
	if (state.counts.sum.total)
		tick(state.last, state.realtime);
	return output_flush() ? EXIT_ERROR : 0;
}

const struct view rates_view = {.begin = begin,
	.record = count,
	.tick = tick,
	.redraw = redraw,
	.tick_ms = TICK_INTERVAL,
	.end = end};
