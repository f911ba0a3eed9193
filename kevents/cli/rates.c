// SPDX-License-Identifier: GPL-2.0-or-later
/* --rates: events per second, their course, and who causes them. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>
#include "../../lib/text/json.h"
#include "../../lib/text/text.h"
#include "cli.h"
#include "counts.h"

#define HISTORY 240
#define TOP 8

/* The rates that are shown: of one type or more. */
struct rate {
	const char *name; /* in JSON */
	const char *title;
	uint32_t types;
};

static const struct rate rates[] = {
	{"forks", "forks/s", KEVENTS_BIT(KEVENTS_FORK)},
	{"execs", "execs/s", KEVENTS_BIT(KEVENTS_EXEC)},
	{"exits", "exits/s", KEVENTS_BIT(KEVENTS_EXIT)},
	{"image_loads", "image loads/s", KEVENTS_BIT(KEVENTS_IMAGE_LOAD)},
	{"anonymous", "anonymous code/s", KEVENTS_BIT(KEVENTS_ANON_EXEC)},
	{"kernel_loads", "kernel loads/s", KEVENTS_BIT(KEVENTS_KERNEL_LOAD)},
	{"unsigned_loads", "unsigned loads/s", 0},
};

#define RATES (sizeof(rates) / sizeof(rates[0]))
#define UNSIGNED_LOADS (RATES - 1)

static struct {
	const struct settings *settings;
	struct counts counts; /* of the current interval */
	uint64_t unsigned_loads; /* the same */
	bool knows_verdicts; /* an image with one was seen: DigSig's engine runs */
	double history[RATES][HISTORY]; /* the last one is the newest */
	size_t length;
	uint64_t since; /* when the interval began; 0: no tick yet */
	uint64_t last, realtime; /* of the last record */
	bool is_screen;
	uint64_t lost; /* since the start */
} state;

static int begin(const struct settings *settings)
{
	state.settings = settings;
	state.is_screen = !settings->json && isatty(STDOUT_FILENO);
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
		state.lost += record->lost.count;
	if (record->type == KEVENTS_IMAGE_LOAD && record->image.verdict) {
		state.knows_verdicts = true;
		state.unsigned_loads += record->image.verdict != 1;
	}
	return 0;
}

static uint64_t sum_of(const struct rate *rate, const struct program_count *count)
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

static void push(double seconds)
{
	if (state.length == HISTORY) {
		for (size_t i = 0; i < RATES; i++)
			memmove(state.history[i], state.history[i] + 1,
				(HISTORY - 1) * sizeof(state.history[i][0]));
		state.length--;
	}
	for (size_t i = 0; i < RATES; i++) {
		uint64_t sum = i == UNSIGNED_LOADS ? state.unsigned_loads :
						     sum_of(&rates[i], &state.counts.sum);

		state.history[i][state.length] = (double)sum / seconds;
	}
	state.length++;
}

static double newest(size_t rate)
{
	return state.history[rate][state.length - 1];
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
	json_add_number(object, "lost", state.lost);
	for (size_t i = 0; i < state.counts.used && i < TOP; i++) {
		const struct program_count *program = &state.counts.programs[i];
		struct json_object *one = json_object_new_object();

		json_add_text(one, "comm", program->comm);
		for (size_t j = 0; j < UNSIGNED_LOADS; j++)
			if (is_shown(j))
				json_add_number(one, rates[j].name, sum_of(&rates[j], program));
		json_object_array_add(top, one);
	}
	json_object_object_add(object, "top", top);
	json_put_line(object);
}

/* -- For people ------------------------------------------------------------------------------------- */

static double highest(size_t rate)
{
	double high = 0;

	for (size_t i = 0; i < state.length; i++)
		if (state.history[rate][i] > high)
			high = state.history[rate][i];
	return high;
}

/* A column an interval, in eighths of a line. */
static void print_plot(size_t rate, size_t width, double high)
{
	static const char *const bars[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
	size_t first = state.length > width ? state.length - width : 0;

	for (size_t i = state.length - first; i < width; i++)
		putchar(' ');
	for (size_t i = first; i < state.length; i++) {
		double value = state.history[rate][i];
		int eighths = high > 0 ? (int)(value / high * 8 + 0.5) : 0;

		if (value > 0 && !eighths)
			eighths = 1;
		fputs(bars[eighths], stdout);
	}
}

static size_t terminal_width(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || size.ws_col < 40)
		return 80;
	return size.ws_col;
}

static void end_line(void)
{
	fputs(state.is_screen ? "\033[K\n" : "\n", stdout);
}

static void print_top(double seconds)
{
	printf("%-16s", "Program");
	for (size_t i = 0; i < UNSIGNED_LOADS; i++)
		if (is_shown(i))
			printf(" %14.*s", (int)strcspn(rates[i].title, "/"), rates[i].title);
	end_line();
	for (size_t i = 0; i < state.counts.used && i < TOP; i++) {
		char *name = safe_text(state.counts.programs[i].comm);

		printf("%-16.16s", name ? name : "?");
		for (size_t j = 0; j < UNSIGNED_LOADS; j++)
			if (is_shown(j))
				printf(" %14.1f",
					(double)sum_of(&rates[j], &state.counts.programs[i]) / seconds);
		end_line();
		free(name);
	}
}

static void print_clock(uint64_t realtime)
{
	time_t second = (time_t)(realtime / 1000000000);
	struct tm parts;
	char text[16];

	localtime_r(&second, &parts);
	strftime(text, sizeof(text), "%H:%M:%S", &parts);
	fputs(text, stdout);
}

static void print_screen(uint64_t realtime, double seconds)
{
	size_t width = terminal_width();

	fputs("\033[H", stdout);
	print_clock(realtime);
	printf("  every %.3g s", state.settings->interval);
	if (state.lost)
		printf("  %" PRIu64 " records LOST", state.lost);
	end_line();
	end_line();
	printf("%-16s %9s %9s", "", "now", "highest");
	end_line();
	for (size_t i = 0; i < RATES; i++) {
		if (!is_shown(i))
			continue;
		printf("%-16s %9.1f %9.1f ", rates[i].title, newest(i), highest(i));
		print_plot(i, width - 38 < HISTORY ? width - 38 : HISTORY, highest(i));
		end_line();
	}
	end_line();
	print_top(seconds);
	fputs("\033[J", stdout);
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
	print_clock(realtime);
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
	push(seconds);
	counts_sort(&state.counts);
	if (state.settings->json)
		print_json(time + realtime, seconds);
	else if (state.is_screen)
		print_screen(time + realtime, seconds);
	else
		print_line(time + realtime);
	fflush(stdout);
	counts_clear(&state.counts);
	state.unsigned_loads = 0;
}

/* The rest of an interval, too. */
static int end(void)
{
	if (state.counts.sum.total)
		tick(state.last, state.realtime);
	return fflush(stdout) ? EXIT_ERROR : 0;
}

const struct view rates_view = {.begin = begin,
	.record = count,
	.tick = tick,
	.tick_ms = TICK_INTERVAL,
	.end = end};
