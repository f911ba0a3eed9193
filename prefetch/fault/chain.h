/* SPDX-License-Identifier: GPL-2.0-or-later */
/* This process' actions for the signals of page faults: ours first, then the program's. */
#ifndef PREFETCH_FAULT_CHAIN_H
#define PREFETCH_FAULT_CHAIN_H

#include <signal.h>
#include <stdbool.h>

/* sigaction(2) itself, where a preloaded library has put its own in that place. */
extern int (*chain_sigaction)(int number, const struct sigaction *action, struct sigaction *old);

/* Whether there is a chain for the signal: SIGSEGV, SIGBUS. */
bool chain_has(int number);

/*
 * Of such a signal: sets (unless NULL) and gets (unless NULL) the program's action, which comes second. 0 or a
 * negative errno. Async-signal-safe.
 */
int chain_exchange(int number, const struct sigaction *action, struct sigaction *old);

#endif
