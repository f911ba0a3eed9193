/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A script for sccon chat, from its text. A line is a statement; what follows # is a comment, but in strings.
 *
 *   send "root\r"                 bytes to the console
 *   expect "login: "              waits for a text
 *   expect /[#$] $/               or for a regular expression
 *   timeout 30s                   how long the expects behind it wait; 30s before the first one
 *   on "Kernel panic" fail "it panicked"   from now on, whenever it comes, the script fails
 *   sleep 500ms
 *   break                         a break on the line
 *   window 24 80                  the size of the terminal: rows, columns
 *   print "words"                 on standard output
 *   fail "words"                  ends the script
 *
 * In strings there are \r \n \t \e (escape) \" \\ and \xNN; in expressions \/ is a slash, and the rest is regex(7)'s.
 */
#ifndef SCCON_CHAT_SCRIPT_H
#define SCCON_CHAT_SCRIPT_H

#include <stddef.h>
#include "pattern.h"

enum {
	SCRIPT_SIZE_MAX = 1 << 20,
	SCRIPT_STEPS_MAX = 10000,
	SCRIPT_STRING_MAX = 4096, /* bytes of a string, before its escapes are taken */
	SCRIPT_WORDS_SIZE = 256,
};

enum chat_verb {
	CHAT_SEND, CHAT_EXPECT, CHAT_TIMEOUT, CHAT_ON, CHAT_SLEEP, CHAT_BREAK, CHAT_WINDOW, CHAT_PRINT, CHAT_FAIL,
};

struct chat_step {
	enum chat_verb verb;
	unsigned int line;
	struct pattern pattern; /* of CHAT_EXPECT and CHAT_ON */
	char *text; /* of CHAT_SEND, CHAT_PRINT, CHAT_FAIL and CHAT_ON; a 0 behind it; NULL: none */
	size_t size;
	double seconds; /* of CHAT_TIMEOUT and CHAT_SLEEP */
	unsigned int rows, columns; /* of CHAT_WINDOW */
};

struct chat_script {
	struct chat_step *steps;
	size_t count;
};

struct chat_error {
	unsigned int line;
	char words[SCRIPT_WORDS_SIZE]; /* may hold bytes of the script */
};

/*
 * *script is to be freed by chat_script_free. text: size bytes, behind which a 0 stands. 0; -EINVAL: *error says what is
 * wrong and where; -ENOMEM.
 */
int chat_script_parse(const char *text, size_t size, struct chat_script **script, struct chat_error *error);

/* NULL: nothing. */
void chat_script_free(struct chat_script *script);

#endif
