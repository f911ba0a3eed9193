// SPDX-License-Identifier: GPL-2.0-or-later
#include "recv_loop.h"
#include <signal.h>
#include <string.h>
#include <time.h>
#include "../../lib/text/text.h"
#include "../../lib/time/clock.h"
#include "cli.h"

/* An output that fails goes on being tried, and is complained of so often. */
#define COMPLAINT_INTERVAL (60 * CLOCK_SECOND)

/* How long a wait for a signal is, in nanoseconds: the other conditions are looked at in between. */
#define WAIT_NS (50 * CLOCK_MILLISECOND)

struct loop {
	struct output_set *outputs;
	__u64 failures[OUTPUTS_MAX]; /* that were complained of */
	__u64 complained[OUTPUTS_MAX]; /* when; 0: never */
};

static sigset_t signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGUSR1);
	return set;
}

void recv_block_signals(void)
{
	sigset_t set = signals();

	/* Whoever reads standard output may go: that is an error of write(2), as any other. */
	signal(SIGPIPE, SIG_IGN);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
}

/*
 * Complains of outputs that failed, but for standard output, of which the command complains at its end. false: that
 * one did, so that there is no use in going on.
 */
static bool look_at_outputs(struct loop *loop)
{
	for (unsigned int i = 0; i < loop->outputs->count; i++) {
		const struct output *output = loop->outputs->members[i].output;
		char words[512];
		int error;
		__u64 failures = output_set_failures(loop->outputs, i, &error), new = failures - loop->failures[i];

		if (!new)
			continue;
		if (output->is_standard_output)
			return false;
		if (loop->complained[i] && clock_now() - loop->complained[i] < COMPLAINT_INTERVAL)
			continue;
		output_set_explain(loop->outputs, i, error, words, sizeof(words));
		complain("%s: failed %llu time%s: %s", output->name, (unsigned long long)new,
			text_plural(new), words);
		loop->failures[i] = failures;
		loop->complained[i] = clock_now();
	}
	return true;
}

/* A file that cannot be written is complained of when the reason is another than before. */
static void write_metrics(struct metrics_file *file, int *err_before)
{
	int err = metrics_file_tick(file);

	if (err && err != *err_before)
		complain("%s: %s", file->path, strerror(-err));
	*err_before = err;
}

void recv_loop(struct receiver *receiver, struct output_set *outputs, double duration, struct metrics_file *metrics,
	void (*print_counts)(const struct receiver_counts *counts))
{
	const struct timespec wait = { .tv_nsec = WAIT_NS };
	__u64 end = duration > 0 ? clock_now() + (__u64)(duration * CLOCK_SECOND) : 0;
	struct loop loop = { .outputs = outputs };
	struct receiver_counts counts;
	sigset_t set = signals();
	int err = 0;

	while (!receiver_is_done(receiver) && !(end && clock_now() >= end)) {
		switch (sigtimedwait(&set, NULL, &wait)) {
		case SIGTERM:
		case SIGINT:
			return;
		case SIGHUP:
			output_set_reopen(outputs);
			break;
		case SIGUSR1:
			receiver_counts(receiver, &counts);
			print_counts(&counts);
			break;
		default:
			break;
		}
		if (!look_at_outputs(&loop))
			return;
		if (metrics->path)
			write_metrics(metrics, &err);
	}
}
