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
 * Whether the last words of a panic are lost: netconsole is a console with a thread of its own, as since Linux
 * 7.0, "N" in /proc/consoles, and the kernel restarts after a panic. It sends what such a console has not got yet
 * only at the very end, which a restart does not reach: panic() in kernel/panic.c calls nbcon_atomic_flush_unsafe
 * last. *seconds is kernel.panic then.
 */
bool console_loses_panic(int *seconds);

#endif
