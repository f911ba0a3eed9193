/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A client's end of the connection to a server of a console. Nothing blocks but client_open. */
#ifndef SCCON_CLIENT_CLIENT_H
#define SCCON_CLIENT_CLIENT_H

#include <stddef.h>
#include "../channel/target.h"
#include "../channel/tls.h"
#include "../protocol/frame.h"

struct client;

struct client_settings {
	struct target target;
	struct tls_settings tls; /* for a target with TLS */
	unsigned int flags; /* HELLO_WATCH and the like */
	const char *name; /* what the client calls itself; NULL: USER@HOST */
	struct waiter waiter; /* while it connects */
	struct frame_window window; /* of the terminal that HELLO_REPLAY draws on; 0 x 0: not known */
};

/*
 * Connects, for at most some seconds, greets, and says hello; settings->waiter waits. SIGPIPE has to be ignored. *client is for client_close. 0; or
 * a negative errno, with words for people, safe for a terminal.
 */
int client_open(const struct client_settings *settings, struct client **client, char words[FAILURE_SIZE]);

/* What to wait for with poll(2). */
int client_fd(const struct client *client);
short client_events(const struct client *client);

/* Puts a frame into the queue, to be sent. 0; -ENOBUFS: too much waits; -ENOMEM. */
int client_send(struct client *client, enum frame_type type, const void *payload, size_t size);

/* FRAME_WRITE_ASK, and FRAME_WINDOW. */
int client_ask(struct client *client, bool is_forced);
int client_window(struct client *client, struct frame_window window);

/* How many bytes still fit into that queue, and how many wait there. */
size_t client_room(const struct client *client);
size_t client_waiting(const struct client *client);

/* Sends what can be sent at once. 0, or a negative errno: the connection broke. */
int client_flush(struct client *client);

/*
 * The next frame. 1: *frame points into the client, until the next call; 0: there is none now; a negative errno: -ENODATA: the
 * server has ended the connection; -EPROTO: what came is no frame; another one: it broke. It is to be called until it gives
 * no more: poll(2) does not know of what is here already.
 */
int client_next(struct client *client, struct frame *frame);

/*
 * The next frame, waited for until deadline, of CLOCK_MONOTONIC in nanoseconds; what waits is sent meanwhile. As client_next; but
 * -ETIMEDOUT in place of 0, and -EINTR: a signal came.
 */
int client_wait(struct client *client, unsigned long long deadline, struct frame *frame);

/* Says goodbye with what is still to be sent, waits for it a second at most, and frees it. NULL: nothing. */
void client_close(struct client *client);

#endif
