// SPDX-License-Identifier: GPL-2.0-or-later
/* The running kernel, shown until a time, a signal, or a command's end. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include "../../lib/command/output.h"
#include "../../lib/command/terminal.h"
#include "../../lib/time/clock.h"
#include "account.h"
#include "child.h"
#include "cli.h"
#include "output_file.h"

static volatile sig_atomic_t is_interrupted;

static void interrupt(int number)
{
	(void)number;
	is_interrupted = 1;
}

struct live {
	const struct settings *settings;
	const struct view *view;
	struct child child;
	struct kevents *watch;
	uint64_t realtime; /* to be added to a record's time */
	uint64_t end; /* 0: none */
	struct kevents_sums sums;
	int code; /* of the view, if it is not 0 */
};

static int show(const struct kevents_record *record, void *context)
{
	struct live *live = context;

	if (!live->view->sees_all && !is_selected(live->settings, record))
		return 0;
	live->code = live->view->record(record, live->realtime);
	return live->code ? -ECANCELED : 0;
}

static int open_watch(struct live *live)
{
	const struct settings *settings = live->settings;
	struct kevents_options options = {
		.size = sizeof(options),
		.options = settings->options,
		.source = settings->source,
		.buffer_size = settings->buffer_size,
		.filter = {.types = types_for(settings, live->view),
			.pids = settings->pids,
			.pid_count = settings->pid_count,
			.has_uid = settings->has_uid,
			.uid = settings->uid,
			.cgroup = settings->cgroup,
			.comm = settings->comm},
	};
	struct kevents_error error;
	struct kevents_state state;

	if (live->child.pid) {
		options.filter.pids = &live->child.pid;
		options.filter.pid_count = 1;
		options.options |= KEVENTS_DESCENDANTS;
	}
	if (kevents_open(&options, &live->watch, &error)) {
		complain("%s", error.text);
		return EXIT_ERROR;
	}
	kevents_get_state(live->watch, &state);
	for (const char *line = state.missing; *line;) {
		int length = (int)strcspn(line, "\n");

		fprintf(stderr, "kevents: note: %.*s\n", length, line);
		line += length + (line[length] != 0);
	}
	return 0;
}

static void catch_signals(void)
{
	struct sigaction action = {.sa_handler = interrupt};

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
}

/* How long to wait for records: until the next tick, the end, or the next look at the child. */
static int next_wait(const struct live *live, uint64_t now, uint64_t tick)
{
	uint64_t wait = 1000000000;

	if (live->view->tick_ms)
		wait = tick > now ? tick - now : 0;
	if (live->end && live->end > now && live->end - now < wait)
		wait = live->end - now;
	if (live->child.pid && wait > 50000000)
		wait = 50000000;
	return (int)(wait / 1000000) + 1;
}

static int watch_on(struct live *live)
{
	uint64_t tick = clock_now(), now = tick;
	int err = 0;

	while (!is_interrupted && !child_has_ended(&live->child) &&
		(!live->end || now < live->end)) {
		live->realtime = clock_read(CLOCK_REALTIME) - clock_now();
		err = kevents_poll(live->watch, next_wait(live, now, tick), show, live);
		if (err < 0 && err != -EINTR)
			break;
		err = 0;
		now = clock_now();
		if (live->view->redraw && terminal_was_resized())
			live->view->redraw();
		if (live->view->tick_ms && now >= tick) {
			live->view->tick(now, live->realtime);
			tick += tick_every(live->view, live->settings);
			if (tick < now)
				tick = now;
		}
		if (output_flush()) { /* main says so */
			live->code = EXIT_ERROR;
			return 0;
		}
	}
	return err;
}

static int run_watch(struct live *live)
{
	int err;

	if (live->settings->seconds > 0)
		live->end = clock_now() +
			(uint64_t)(live->settings->seconds * 1e9);
	err = watch_on(live);
	if (!err && !live->code)
		err = kevents_finish(live->watch, show, live);
	kevents_get_sums(live->watch, &live->sums);
	if (err >= 0 && !live->code && live->view->sums)
		live->view->sums(
			&live->sums, clock_now(), live->realtime);
	if (err < 0 && !live->code) {
		complain("cannot go on: %s", strerror(-err));
		return EXIT_ERROR;
	}
	return live->code;
}

/* What is missing, in words. 0, or an exit code: of --strict. */
static int report_sums(const struct live *live)
{
	const struct kevents_sums *sums = &live->sums;

	if (sums->lost)
		complain("%llu records were lost%s", (unsigned long long)sums->lost,
			live->settings->buffer_size || sums->lost <= sums->missed ?
				"" :
				": a larger --buffer helps");
	return live->settings->strict ? account_check(sums) : 0;
}

int run_live(const struct settings *settings, const struct view *view)
{
	struct live live = {.settings = settings, .view = view};
	struct output_file file;
	int code = output_file_open(&file, settings->output_file), end, err;

	if (code)
		return code;
	catch_signals();
	/* Before the file takes the place of standard output, which stays the command's. */
	err = settings->command ? child_start(settings->command, &live.child) : 0;
	if (err) {
		complain("%s: cannot be run: %s", settings->command[0], strerror(-err));
		output_file_cancel(&file);
		return EXIT_ERROR;
	}
	code = open_watch(&live);
	if (!code)
		code = output_file_begin(&file);
	if (!code && view->begin)
		code = view->begin(settings);
	if (code) {
		child_cancel(&live.child);
		output_file_cancel(&file);
	} else {
		/* Only now that events are being collected: the command's exec is among them. */
		child_release(&live.child);
	}
	if (!code) {
		code = run_watch(&live);
		end = view->end ? view->end() : 0;
		code = code ? code : end;
	}
	kevents_close(live.watch);
	if (!live.watch)
		return code ? code : live.child.code;
	end = report_sums(&live);
	code = code ? code : end;
	return code ? code : live.child.code;
}
