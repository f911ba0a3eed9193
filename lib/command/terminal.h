/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How large the terminal is that stdout is, if it is one. */
#ifndef KERNKIT_COMMAND_TERMINAL_H
#define KERNKIT_COMMAND_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>

struct terminal_size {
	size_t columns, rows;
};

/*
 * Follows the size of the terminal from now on; false: stdout is none. The system calls that SIGWINCH
 * interrupts are started again, but for those that wait, such as poll(2).
 */
bool terminal_follow(void);

/* Of now; 80 x 24 where the terminal does not tell. */
struct terminal_size terminal_size(void);

/* Whether it was resized since the last call. */
bool terminal_was_resized(void);

#endif
