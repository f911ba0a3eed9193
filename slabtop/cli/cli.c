// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli.h"
#include "config.h"
#include <errno.h>
#include <signal.h>
#include <time.h>

const char command_name[] = SLABTOP_NAME;

volatile int interrupted;

static void note_interrupt(int signal)
{
	(void)signal;
	interrupted = 1;
}

void catch_interrupts(void)
{
	struct sigaction action = { .sa_handler = note_interrupt };

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	action.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &action, NULL);
}

void wait_until(unsigned long long monotonic)
{
	const struct timespec time = {
		.tv_sec = (time_t)(monotonic / 1000000000),
		.tv_nsec = (long)(monotonic % 1000000000),
	};

	if (!interrupted)
		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL);
}
