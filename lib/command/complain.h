/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How a command says that something is wrong: one line on stderr. */
#ifndef KERNKIT_COMMAND_COMPLAIN_H
#define KERNKIT_COMMAND_COMPLAIN_H

/* Defined by each command: what its lines begin with. */
extern const char command_name[];

enum { EXIT_USAGE = 2 }; /* of every command: called in a way that it does not understand */

/*
 * The command's name, the message and a newline, on stderr, after what stdout still holds. Bytes that
 * could speak to the terminal are escaped: the names of files and the like may hold anything.
 */
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * Says how the command, or its subcommand, is called, on stderr, and returns EXIT_USAGE. subcommand
 * is NULL in a command that has none.
 */
int usage_error(const char *subcommand, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* From now on complain() calls clear first, which takes what is drawn off the terminal; NULL: nothing. */
void complain_after(void (*clear)(void));

#endif
