// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli.h"
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

const char command_name[] = "slabtop";

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

int option_error(const char *subcommand, int option, int argc, char **argv)
{
	const char *word = optind > 0 && optind <= argc ? argv[optind - 1] : "";

	if (option == ':' && optopt > 0 && optopt < 256 && strncmp(word, "--", 2))
		return usage_error(subcommand, "option requires an argument -- '%c'", optopt);
	if (option == ':')
		return usage_error(subcommand, "option '%s' requires an argument", word);
	if (optopt > 0 && optopt < 256 && strncmp(word, "--", 2))
		return usage_error(subcommand, "invalid option -- '%c'", optopt);
	return usage_error(subcommand, "unrecognized option '%s'", word);
}

int finish_output(void)
{
	errno = 0;
	if (!fflush(stdout) && !ferror(stdout))
		return EXIT_OK;
	if (errno == EPIPE) /* whoever read it has enough */
		return EXIT_OK;
	complain("the output cannot be written: %s", strerror(errno ? errno : EIO));
	return EXIT_ERROR;
}
