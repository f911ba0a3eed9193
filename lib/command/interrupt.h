/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ctrl-C while something must not stay half done: finish or undo it, then end. */
#ifndef KERNKIT_COMMAND_INTERRUPT_H
#define KERNKIT_COMMAND_INTERRUPT_H

#include <signal.h>

/* Becomes the number of the signal (SIGINT, SIGTERM, SIGHUP) that came. */
extern volatile sig_atomic_t interrupted;

/* From here on those signals only set interrupted. */
void interrupt_catch(void);

/* Ends by the signal that came, as the shell expects; returns if none did. */
void interrupt_obey(void);

#endif
