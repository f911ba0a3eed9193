// SPDX-License-Identifier: GPL-2.0-or-later
#include "interrupt.h"
#include <stddef.h>
#include <stdio.h>

volatile sig_atomic_t interrupted;

static void note(int number)
{
	interrupted = number;
}

void interrupt_catch(void)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction action = { .sa_handler = note }, before;

	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		/* nohup and background jobs of a shell script ignore some on purpose. */
		if (!sigaction(numbers[i], NULL, &before) && before.sa_handler != SIG_IGN)
			sigaction(numbers[i], &action, NULL);
	}
}

void interrupt_obey(void)
{
	if (!interrupted)
		return;
	fflush(stdout);
	signal(interrupted, SIG_DFL);
	raise(interrupted);
}
