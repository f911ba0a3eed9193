// SPDX-License-Identifier: GPL-2.0-or-later
/* Messages to a syslog server: over UDP or a local socket a datagram each, over TCP by a queue. */
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "../../lib/text/endpoint.h"
#include "bytes.h"
#include "local_socket.h"
#include "output.h"
#include "syslog_format.h"
#include "syslog_stream.h"

enum { SYSLOG_PORT = 514 };

/* A datagram of UDP has room for 65,507 bytes. In a stream all of a message has room, however much of it is escaped. */
enum { DATAGRAM_LIMIT = 65000, STREAM_LIMIT = 8 << 20 };

struct syslog {
	struct output output;
	char *name;
	struct endpoint server; /* of UDP */
	int descriptor; /* of UDP; -1: none */
	struct local_socket local; /* its descriptor is -1: none */
	struct syslog_stream *stream; /* NULL: none */
	struct bytes message;
	__u64 dropped; /* messages that the queue had no room for, and of which it was not told yet */
	char words[128];
};

/* --- UDP */

static int connect_datagrams(const struct endpoint *server, int *descriptor)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_DGRAM, .ai_flags = AI_NUMERICSERV };
	struct addrinfo *found, *address;
	char port[8];
	int err;

	snprintf(port, sizeof(port), "%u", server->port);
	err = getaddrinfo(server->host, port, &hints, &found);
	if (err)
		return err == EAI_SYSTEM ? -errno : -EHOSTUNREACH;
	err = -EHOSTUNREACH;
	for (address = found; address && err; address = address->ai_next) {
		int new = socket(address->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);

		err = new < 0 || connect(new, address->ai_addr, address->ai_addrlen) ? -errno : 0;
		if (!err)
			*descriptor = new;
		else if (new >= 0)
			close(new);
	}
	freeaddrinfo(found);
	return err;
}

/*
 * An error may be of the datagram before: nobody received there, which its sender is told later. That is not known of this one,
 * which is sent then.
 */
static int send_datagram(struct syslog *syslog)
{
	const struct bytes *message = &syslog->message;
	int err = 0;

	for (int attempt = 0; attempt < 2; attempt++) {
		if (send(syslog->descriptor, message->bytes, message->size, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0)
			return err;
		err = -errno;
		if (errno != ECONNREFUSED && errno != EINTR)
			return err;
	}
	return err;
}

/* The name of the server may mean another address now. */
static int reopen_datagrams(struct output *output)
{
	struct syslog *syslog = (struct syslog *)output;
	int new, err;

	err = connect_datagrams(&syslog->server, &new);
	if (err)
		return err;
	close(syslog->descriptor);
	syslog->descriptor = new;
	return 0;
}

/* --- TCP */

/* It stands in the log where the messages that it is about would. */
static void tell_of_dropped(struct syslog *syslog)
{
	struct bytes message = { 0 };

	if (!syslog->dropped || syslog_stream_waiting(syslog->stream) > SYSLOG_STREAM_ROOM / 2)
		return;
	syslog_format_queue_full(&message, syslog->dropped);
	if (!message.is_short && !syslog_stream_put(syslog->stream, message.bytes, message.size))
		syslog->dropped = 0;
	bytes_free(&message);
}

static int queue(struct syslog *syslog)
{
	int err;

	tell_of_dropped(syslog);
	err = syslog->dropped ? -ENOBUFS : syslog_stream_put(syslog->stream, syslog->message.bytes, syslog->message.size);
	if (err)
		syslog->dropped++;
	return err;
}

static const char *explain_stream(struct output *output, int err)
{
	struct syslog *syslog = (struct syslog *)output;

	if (err == -ENOBUFS)
		return "no room in memory: the server has been away for too long, or is too slow";
	snprintf(syslog->words, sizeof(syslog->words), "%s; messages wait in memory", strerror(-err));
	return syslog->words;
}

static int flush_stream(struct output *output)
{
	return syslog_stream_flush(((struct syslog *)output)->stream);
}

/* --- all */

static int send_message(struct syslog *syslog)
{
	if (syslog->message.is_short)
		return -ENOMEM;
	if (syslog->stream)
		return queue(syslog);
	if (syslog->descriptor >= 0)
		return send_datagram(syslog);
	return local_socket_send(&syslog->local, syslog->message.bytes, syslog->message.size, -1);
}

static int put(struct output *output, const struct received *received)
{
	struct syslog *syslog = (struct syslog *)output;

	bytes_clear(&syslog->message);
	syslog_format(&syslog->message, received, syslog->stream ? STREAM_LIMIT : DATAGRAM_LIMIT);
	return send_message(syslog);
}

static int put_happened(struct output *output, const struct happened *happened)
{
	struct syslog *syslog = (struct syslog *)output;

	bytes_clear(&syslog->message);
	syslog_format_happened(&syslog->message, happened);
	return send_message(syslog);
}

static int close_syslog(struct output *output)
{
	struct syslog *syslog = (struct syslog *)output;
	int err = 0;

	if (syslog->stream) {
		tell_of_dropped(syslog);
		err = syslog_stream_close(syslog->stream);
	}
	if (syslog->descriptor >= 0)
		close(syslog->descriptor);
	local_socket_close(&syslog->local);
	bytes_free(&syslog->message);
	free(syslog->name);
	free(syslog);
	return err;
}

static int open_place(struct syslog *syslog, const char *place)
{
	struct endpoint server;
	int err;

	if (!strncmp(place, "unix:", 5) && place[5])
		return local_socket_open(&syslog->local, place + 5);
	if (strncmp(place, "udp:", 4) && strncmp(place, "tcp:", 4))
		return -EINVAL;
	err = endpoint_parse(place + 4, SYSLOG_PORT, &server);
	if (err)
		return err;
	if (*place == 'u') {
		syslog->server = server;
		syslog->output.reopen = reopen_datagrams;
		return connect_datagrams(&server, &syslog->descriptor);
	}
	syslog->output.flush = flush_stream;
	syslog->output.explain = explain_stream;
	return syslog_stream_open(&server, &syslog->stream);
}

int output_syslog(const char *place, struct output **output)
{
	struct syslog *syslog = calloc(1, sizeof(*syslog));
	int err = -ENOMEM;

	if (!syslog)
		return err;
	syslog->descriptor = syslog->local.descriptor = -1;
	syslog->output = (struct output){ .needs_lock = true, .put = put, .happened = put_happened, .close = close_syslog };
	syslog->name = strdup(place);
	if (syslog->name) {
		syslog->output.name = syslog->name;
		err = open_place(syslog, place);
	}
	if (err)
		close_syslog(&syslog->output);
	else
		*output = &syslog->output;
	return err;
}
