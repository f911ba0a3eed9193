// SPDX-License-Identifier: GPL-2.0-or-later
/* ramswap watch: what goes to swap and comes back, now: on a screen, or a line for each interval. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "../../lib/command/interrupt.h"
#include "../../lib/command/output.h"
#include "../../lib/command/terminal.h"
#include "../../lib/time/clock.h"
#include "cli.h"
#include "root.h"
#include "watch_screen.h"

struct watch_settings {
	double delay, duration;
	const char *root;
};

static const struct command_option options[] = {
	{ OPTION_DURATION, 'd', "delay", "DURATION", "between two looks: 1s", OPTION_FIELD(struct watch_settings, delay) },
	{ OPTION_DURATION, 0, "for", "DURATION", "end after that", OPTION_FIELD(struct watch_settings, duration) },
	ROOT_OPTION(struct watch_settings, root),
	{ 0 },
};

struct watch {
	int root;
	double delay;
	__u64 end; /* of CLOCK_MONOTONIC; 0: none */
	bool is_screen;
	struct ramswap_facts *facts;
	struct ramswap_status *status;
	struct status_sample sample;
	struct status_rates rates;
	struct watch_history history;
	struct watch_page page;
};

static void print_clock(char text[16])
{
	time_t now = time(NULL);
	struct tm local;

	if (!localtime_r(&now, &local) || !strftime(text, 16, "%H:%M:%S", &local))
		strcpy(text, "?");
}

static void forget(struct watch *watch)
{
	ramswap_status_free(watch->status);
	ramswap_facts_free(watch->facts);
	watch->status = NULL;
	watch->facts = NULL;
}

/* Reads all again. An exit code, having complained. */
static int look(struct watch *watch)
{
	struct status_sample before = watch->sample;
	struct status_counters counters;
	int err;

	forget(watch);
	watch->facts = root_read(watch->root, RAMSWAP_READ_ZRAM | RAMSWAP_READ_PRESSURE);
	if (!watch->facts)
		return EXIT_ERROR;
	err = status_counters_read(watch->root, &counters);
	err = ramswap_status_make(watch->facts, err ? NULL : &counters, &watch->status);
	if (err) {
		complain("%s", strerror(-err));
		return EXIT_ERROR;
	}
	status_sample_make(watch->facts, watch->status, clock_now(), &watch->sample);
	if (!before.time)
		return EXIT_OK;
	status_rates_make(&before, &watch->sample, &watch->rates);
	watch_history_add(&watch->history, &watch->rates);
	return EXIT_OK;
}

static int draw(struct watch *watch)
{
	struct terminal_size size = terminal_size();
	char clock[16];
	struct watch_view view = { .status = watch->status, .sample = &watch->sample, .history = &watch->history,
		.delay = watch->delay, .clock = clock };

	print_clock(clock);
	watch->page.columns = size.columns;
	watch->page.rows = size.rows;
	watch_compose(&view, &watch->page);
	return watch_screen_draw(&watch->page);
}

/* A pipe: of the first look there are no rates. An exit code; what cannot be written main says. */
static int print(struct watch *watch)
{
	char text[WATCH_ROW_MAX], clock[16];

	if (!watch->history.count) {
		watch_print_headings(text);
	} else {
		print_clock(clock);
		watch_print_row(clock, &watch->sample, &watch->rates, text);
	}
	puts(text);
	return output_flush() ? EXIT_ERROR : EXIT_OK;
}

static enum watch_wish wait_until(const struct watch *watch, __u64 due)
{
	if (watch->is_screen)
		return watch_screen_wait(due);
	clock_sleep_until(due, &interrupted);
	return interrupted ? WATCH_QUIT : WATCH_GO_ON;
}

/* Shows what is there until the next look is due, or there is an end to it. */
static enum watch_wish show_until(struct watch *watch, __u64 due)
{
	enum watch_wish wish = WATCH_DRAW;

	if (!watch->is_screen)
		return print(watch) ? WATCH_QUIT : wait_until(watch, due);
	while (wish == WATCH_DRAW)
		wish = draw(watch) ? WATCH_QUIT : wait_until(watch, due);
	return wish;
}

static int watch_on(struct watch *watch)
{
	__u64 step = (__u64)(watch->delay * CLOCK_SECOND), due = clock_now();
	int code;

	do {
		code = look(watch);
		if (code)
			return code;
		/* What was missed is not caught up on. */
		due = due + step > clock_now() ? due + step : clock_now() + step;
		if (watch->end && due > watch->end)
			due = watch->end;
	} while (show_until(watch, due) != WATCH_QUIT && (!watch->end || clock_now() < watch->end));
	if (!watch->is_screen && watch->end && !interrupted)
		code = look(watch) || print(watch) ? EXIT_ERROR : EXIT_OK;
	return code;
}

static int start(struct watch *watch)
{
	int code;

	watch->is_screen = watch_screen_is_possible();
	interrupt_catch();
	if (!watch->is_screen)
		return watch_on(watch);
	/* What cannot be read is said before the screen is cleared. */
	code = look(watch);
	if (code)
		return code;
	watch_screen_open();
	complain_after(watch_screen_close);
	code = watch_on(watch);
	complain_after(NULL);
	watch_screen_close();
	return code;
}

static int run(const struct command *command, int argc, char **argv)
{
	struct watch_settings settings = { .delay = 1 };
	struct watch *watch;
	int code;

	if (!options_take(command, &argc, &argv, &settings, &code))
		return code;
	watch = calloc(1, sizeof(*watch));
	if (!watch) {
		complain("%s", strerror(ENOMEM));
		return EXIT_ERROR;
	}
	watch->root = root_open(settings.root);
	watch->delay = settings.delay;
	if (settings.duration > 0)
		watch->end = clock_now() + (__u64)(settings.duration * CLOCK_SECOND);
	code = watch->root < 0 ? EXIT_ERROR : start(watch);
	if (watch->root >= 0)
		close(watch->root);
	forget(watch);
	free(watch);
	return code;
}

const struct command watch_command = {
	.name = "watch",
	.summary = "what goes to swap and comes back, now",
	.usage = "[-d DURATION] [--for DURATION] [--root DIR]",
	.about = "Shows on a screen what goes to swap and what comes back, who waits for memory, and what each swap\n"
		 "holds; q ends it. If the output is no terminal, or TERM is dumb, it prints a line for each interval.\n",
	.options = options,
	.notes = "Exit codes: 0 it was ended; 2 usage; 3 something could not be read.\n",
	.run = run,
};
