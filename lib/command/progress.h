/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One line on the terminal that says how far long work is: what is worked on, percent, amount,
 * rate, time left. It comes after half a second of work, and goes before anything else is printed.
 */
#ifndef KERNKIT_COMMAND_PROGRESS_H
#define KERNKIT_COMMAND_PROGRESS_H

#include <stdbool.h>
#include <linux/types.h>

enum progress_unit { PROGRESS_BYTES, PROGRESS_FILES };

/*
 * Says once whether there may be a progress bar, and returns whether there will be: it also takes
 * a terminal as stderr, and TERM set and not "dumb". stdout may be a file or a pipe: who waits for
 * it sees the bar too. Without a bar what follows does nothing.
 */
bool progress_allow(bool is_wanted);

/* Work begins. The name is not copied and must live until it is replaced, or progress_end. */
void progress_begin(const char *name, enum progress_unit unit);
/* Another name for the work that began; nothing if none did. */
void progress_name(const char *name);

/* So much is done; to be called as often as is easy. Of files the total may be 0: nobody knows yet. */
void progress_update(__u64 done, __u64 total);

/* Takes the line off the terminal; the next update may draw it again. */
void progress_clear(void);

/* Takes the line off the terminal for good. */
void progress_end(void);

/* The tick of who collects files: so many were seen. */
void progress_tick(void *context, __u64 files);

#endif
