/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A script that is carried out. Pure: bytes of the console and times in, what is to be done out. */
#ifndef SCCON_CHAT_CHAT_H
#define SCCON_CHAT_CHAT_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>
#include "script.h"

enum {
	CHAT_BUFFER = 64 << 10, /* the bytes that patterns see: at least half of it, of what came last */
	CHAT_PIECE_MAX = CHAT_BUFFER / 4,
	CHAT_WORDS_SIZE = 768,
};

enum chat_do {
	CHAT_DO_SEND, /* text, size */
	CHAT_DO_BREAK,
	CHAT_DO_WINDOW, /* rows, columns */
	CHAT_DO_PRINT, /* text, size */
	CHAT_DO_WAIT, /* for more of the console, or until the time */
	CHAT_DO_END, /* the script is done */
	CHAT_DO_FAIL, /* line, words */
};

struct chat_action {
	const char *text; /* the script's */
	size_t size;
	unsigned int rows, columns;
	__u64 until; /* in the clock of now */
	unsigned int line;
	char words[CHAT_WORDS_SIZE]; /* what failed; may hold bytes of the script */
};

struct chat;

/* The script stays the caller's, and is used until chat_free. NULL: memory is short. */
struct chat *chat_new(const struct chat_script *script);

/* NULL: nothing. */
void chat_free(struct chat *chat);

/* Bytes of the console, at most CHAT_PIECE_MAX. To be followed by chat_next until it is CHAT_DO_WAIT. */
void chat_put(struct chat *chat, const char *bytes, size_t size);

/* The console has ended: nothing more comes. */
void chat_put_end(struct chat *chat);

/* What is to be done next; now: nanoseconds of any clock. After CHAT_DO_END and CHAT_DO_FAIL it is that again. */
enum chat_do chat_next(struct chat *chat, __u64 now, struct chat_action *action);

/* The last bytes of the console, at most so many: where they are, until the next chat_put, with a 0 behind them, and how many. */
const char *chat_last(const struct chat *chat, size_t most, size_t *size);

#endif
