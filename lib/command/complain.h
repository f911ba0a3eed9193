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
 * The subcommand that the user called, or one of its own, which stays: it follows the command's name in
 * what is said below.
 */
void usage_enter(const char *subcommand);

/* What the user called: "digsig catalog create". */
const char *usage_name(void);

/*
 * Says what is wrong with the command line and where the help is, in one line on stderr, and returns
 * EXIT_USAGE: "digsig sign: MESSAGE: see digsig sign --help".
 */
int usage_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * The same of a word that is not known. what: "no such option". nearest: what was probably meant, with
 * dashes before it; NULL: nobody knows.
 */
int usage_unknown(const char *word, const char *what, const char *dashes, const char *nearest);

/* From now on complain() calls clear first, which takes what is drawn off the terminal; NULL: nothing. */
void complain_after(void (*clear)(void));

#endif
