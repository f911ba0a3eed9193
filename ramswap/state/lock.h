/* SPDX-License-Identifier: GPL-2.0-or-later */
/* At most one ramswap changes the machine at a time: flock(2) of a file beside the state. It ends with the process. */
#ifndef RAMSWAP_STATE_LOCK_H
#define RAMSWAP_STATE_LOCK_H

#include "state.h"

#define STATE_LOCK STATE_FOLDER "/lock"

/*
 * Waits so many seconds if another has it. A descriptor, which close(2) lets go of, or a negative errno and what was
 * wrong: -EAGAIN: another has it still, and which process that is.
 */
int state_lock(int root, double seconds, struct ramswap_problem *problem);

#endif
