/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What decides which messages the kernel's consoles get, netconsole being one. */
#ifndef KERNKIT_NETCON_TARGET_CONSOLE_H
#define KERNKIT_NETCON_TARGET_CONSOLE_H

#include <stdbool.h>

enum { CONSOLE_LEVEL_ALL = 8 };

/* Messages below this level go to consoles: 0 to CONSOLE_LEVEL_ALL; or a negative errno. */
int console_level(void);

/* Sets it. 0 or a negative errno. */
int console_set_level(unsigned int level);

/*
 * Whether the last words of a panic are lost: netconsole is a console with a thread of its own, "N" in /proc/consoles,
 * as in Linux 7.2, and the kernel restarts after a panic, which *seconds, kernel.panic, says. Of such a console, which is
 * not safe in every context (CON_NBCON_ATOMIC_UNSAFE), panic() sends the rest by nbcon_atomic_flush_unsafe, behind
 * the restart.
 */
bool console_loses_panic(int *seconds);

#endif
