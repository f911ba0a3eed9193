/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A connection that does not block: a socket, or TLS upon one. */
#ifndef SCCON_CHANNEL_CHANNEL_H
#define SCCON_CHANNEL_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct ssl_st;

struct channel {
	int fd; /* -1: closed */
	struct ssl_st *ssl; /* NULL: no TLS */
	bool is_open; /* TLS has shaken hands; without TLS at once */
	short handshake_events; /* what the handshake waits for */
	short read_events, write_events; /* what TLS waits for before it can go on */
	bool has_failed; /* TLS cannot go on */
};

/* fd, which becomes the channel's, does not block. Without TLS. */
void channel_init(struct channel *channel, int fd);

/* 0: it is open; -EAGAIN: wait for channel_events; another negative errno, and channel_words of TLS: it failed. */
int channel_handshake(struct channel *channel);

/* Bytes; 0: the other side has ended it; -EAGAIN; another negative errno: it broke. */
ssize_t channel_read(struct channel *channel, void *bytes, size_t size);

/* Bytes; -EAGAIN; another negative errno: it broke. SIGPIPE has to be ignored. */
ssize_t channel_write(struct channel *channel, const void *bytes, size_t size);

/* For poll(2), by what is wanted. */
short channel_events(const struct channel *channel, bool reads, bool writes);

/* Whether there are bytes to be read of which poll(2) does not know. */
bool channel_has_pending(const struct channel *channel);

/* Says that nothing more comes, and goes on reading. */
void channel_shut(struct channel *channel);

void channel_close(struct channel *channel);

#endif
