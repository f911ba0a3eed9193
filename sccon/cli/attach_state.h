/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The state of attach_run, for its parts. */
#ifndef SCCON_CLI_ATTACH_STATE_H
#define SCCON_CLI_ATTACH_STATE_H

#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <linux/types.h>
#include "attach.h"
#include "escape.h"

/* Bytes of one read, and what has to fit into the queue of the client for them: escapes may add to them. */
enum { ATTACH_CHUNK = 4096, ATTACH_INPUT_ROOM = 3 * ATTACH_CHUNK };

struct attach {
	const struct attach_settings *settings;
	struct client *client; /* NULL: it is connected again at retry */
	struct escape escape;
	char escape_name[8];
	bool has_terminal, input_has_ended;
	bool has_begun; /* it was connected once: what is typed has a meaning */
	sigset_t mask; /* while it waits */
	bool may_write, is_asking;
	bool wants_write; /* also after a new connection */
	int log; /* -1: none */
	__u64 retry, wait, told;
	bool is_done;
	int code;
};

/* The loop ends, with this exit code. */
void attach_end(struct attach *attach, int code);

/* Asks for the right to write. */
void attach_ask(struct attach *attach, bool is_forced);

/*
 * While it is connected, for client_open: what is typed is taken, and ~. and signals end it. 0; -ETIMEDOUT; -ECANCELED: it ends; another
 * negative errno.
 */
int attach_wait_for_server(void *context, int fd, short events, unsigned long long deadline);

/* For the terminal, the server if there is one, and signals. 0 or a negative errno. */
int attach_wait(struct attach *attach, struct pollfd fds[2]);

/* Does what signals ask for. */
void attach_attend_signals(struct attach *attach);

/* Reads standard input once, sends it and does what it asks for. */
void attach_read_input(struct attach *attach);

#endif
