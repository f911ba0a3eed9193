/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who may write to the machine: one client, or nobody. Clients have numbers above 0 that are not used again. */
#ifndef SCCON_SERVER_TOKEN_H
#define SCCON_SERVER_TOKEN_H

#include <stdbool.h>
#include <linux/types.h>

struct token {
	__u64 holder; /* 0: nobody */
};

enum token_answer {
	TOKEN_HAD, /* it was its own before */
	TOKEN_GRANTED, /* it was nobody's */
	TOKEN_TAKEN, /* it was another one's: *before */
	TOKEN_REFUSED, /* it is another one's */
};

/* is_forced: takes it from who has it. is_abandoned: who has it has hung up, and only what it sent before is left. */
static inline enum token_answer token_ask(
	struct token *token, __u64 client, bool is_forced, bool is_abandoned, __u64 *before)
{
	*before = token->holder;
	if (token->holder == client)
		return TOKEN_HAD;
	if (token->holder && !is_forced && !is_abandoned)
		return TOKEN_REFUSED;
	token->holder = client;
	return *before ? TOKEN_TAKEN : TOKEN_GRANTED;
}

/* Whether it was the client's; then it is nobody's. */
static inline bool token_release(struct token *token, __u64 client)
{
	if (!client || token->holder != client)
		return false;
	token->holder = 0;
	return true;
}

#endif
