/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether what a command printed reached standard output. */
#ifndef KERNKIT_COMMAND_OUTPUT_H
#define KERNKIT_COMMAND_OUTPUT_H

/*
 * Writes what stdout holds, and keeps the reason if that fails, for output_finish: the stream itself
 * does not. 0 or a negative errno: -EIO: an earlier write failed.
 */
int output_flush(void);

/*
 * To be called at the end of main: writes what stdout still holds. Returns code; if anything could
 * not be written, complains and returns error, since a short list must not pass for a whole one. A
 * reader of a pipe that has gone has enough: that is no error.
 */
int output_finish(int code, int error);

/* What it is called in that complaint, where an option put a file in its place. A string that stays. */
void output_set_name(const char *name);

#endif
