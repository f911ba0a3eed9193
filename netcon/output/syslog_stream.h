/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A syslog server behind TCP, which may be away: messages wait in memory, and a thread connects, sends, and connects again. Frames
 * are of RFC 6587, with octet counting. A frame is kept until the server's system has acknowledged it, and is sent again, whole,
 * on the next connection if it has not: it may come twice, which its sequence number shows.
 */
#ifndef KERNKIT_NETCON_SYSLOG_STREAM_H
#define KERNKIT_NETCON_SYSLOG_STREAM_H

#include <stddef.h>
#include <linux/types.h>
#include "../../lib/text/endpoint.h"

struct syslog_stream;

/* What may wait, in bytes, what the queue itself takes included. */
#define SYSLOG_STREAM_ROOM ((size_t)32 << 20)

/* Begins to connect; a server that does not answer is no error. 0 or a negative errno. */
int syslog_stream_open(const struct endpoint *server, struct syslog_stream **stream);

/* Takes a message. 0; -ENOBUFS: it is dropped, there is no room; -ENOMEM. */
int syslog_stream_put(struct syslog_stream *stream, const void *bytes, size_t size);

/* How many bytes wait. */
size_t syslog_stream_waiting(struct syslog_stream *stream);

/*
 * What was put is sent as soon as it can. 0; or the negative errno of an attempt to connect, or of a connection that broke,
 * once for each.
 */
int syslog_stream_flush(struct syslog_stream *stream);

/*
 * Waits some seconds until all is acknowledged, and frees the stream. 0; -ETIMEDOUT: it was not, or not all.
 */
int syslog_stream_close(struct syslog_stream *stream);

#endif
