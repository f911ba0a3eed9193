/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ctrl-C while a file is rewritten: finish or undo, then end. */
#ifndef DIGSIG_CLI_INTERRUPT_H
#define DIGSIG_CLI_INTERRUPT_H

#include <signal.h>

/* Becomes the number of the signal (SIGINT, SIGTERM, SIGHUP) that came. */
extern volatile sig_atomic_t interrupted;

/* From here on those signals only set interrupted. */
void interrupt_catch(void);

/* Ends by the signal that came, as the shell expects; returns if none did. */
void interrupt_obey(void);

#endif
