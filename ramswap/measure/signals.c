// SPDX-License-Identifier: GPL-2.0-or-later
#include "signals.h"
#include <stddef.h>

static const int numbers[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };

void measure_signals_hold(struct measure_signals *signals)
{
	struct sigaction action;

	sigemptyset(&signals->held);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		if (!sigaction(numbers[i], NULL, &action) && action.sa_handler != SIG_IGN)
			sigaddset(&signals->held, numbers[i]);
	pthread_sigmask(SIG_BLOCK, &signals->held, &signals->before);
}

bool measure_signals_came(const struct measure_signals *signals)
{
	sigset_t waiting;

	sigpending(&waiting);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		if (sigismember(&signals->held, numbers[i]) && sigismember(&waiting, numbers[i]))
			return true;
	return false;
}

void measure_signals_release(const struct measure_signals *signals)
{
	pthread_sigmask(SIG_SETMASK, &signals->before, NULL);
}
