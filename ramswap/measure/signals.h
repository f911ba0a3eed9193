/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Signals that would end the process while something of it must be undone first. They wait instead: who measures asks
 * between two pages whether one came, and stops then. There is no handler, and nothing global.
 */
#ifndef RAMSWAP_MEASURE_SIGNALS_H
#define RAMSWAP_MEASURE_SIGNALS_H

#include <signal.h>
#include <stdbool.h>

struct measure_signals {
	sigset_t before, held;
};

/* SIGINT, SIGTERM, SIGHUP and SIGQUIT, but those that the process ignores, wait from now on. */
void measure_signals_hold(struct measure_signals *signals);

/* Whether one waits. */
bool measure_signals_came(const struct measure_signals *signals);

/* As before: one that waits comes now. */
void measure_signals_release(const struct measure_signals *signals);

#endif
