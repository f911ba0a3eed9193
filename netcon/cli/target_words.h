/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the subcommands for the kernel's targets share. */
#ifndef NETCON_CLI_TARGET_WORDS_H
#define NETCON_CLI_TARGET_WORDS_H

#include "../target/record.h"
#include "../target/target.h"

/* "eth0, 192.0.2.7:6665 to 192.0.2.1:6666 at 52:54:00:12:34:56" on standard output, a line, behind the target's name. */
void print_target(const struct target *target);

/* If the kernel would restart before the last words of a panic are sent, a line that says so. */
void warn_of_panic(const struct target *target);

/*
 * Makes the target's messages whole, though the kernel sends only what comes from now on: writes a record to the
 * kernel's log, and sends all before it, and itself, as netcon send does. What the kernel has sent meanwhile
 * is sent twice; the receiver drops one by its number. Says what it did. An exit code, having complained.
 */
int hand_over(const struct target *target, const struct record *record);

#endif
