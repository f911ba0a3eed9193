// SPDX-License-Identifier: GPL-2.0-or-later
/* New clients, and where they come from. */
#include <errno.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>
#include "internal.h"

/* What the kernel knows of it, which it cannot choose. */
static void describe(int fd, bool is_local, const struct sockaddr_storage *address, socklen_t size, char from[WHO_SIZE])
{
	char host[80], port[16];
	struct ucred peer;
	socklen_t length = sizeof(peer);

	if (is_local && !getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length))
		snprintf(from, WHO_SIZE, "uid %u, pid %d", peer.uid, peer.pid);
	else if (!is_local && !getnameinfo((const struct sockaddr *)address, size, host, sizeof(host), port, sizeof(port),
				      NI_NUMERICHOST | NI_NUMERICSERV))
		snprintf(from, WHO_SIZE, "%s port %s", host, port);
	else
		snprintf(from, WHO_SIZE, "unknown");
}

static void set_options(int fd)
{
	int on = 1, idle = 60;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	/* A client that is gone without a word does not keep the right to write for hours. */
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof(idle));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &idle, sizeof(idle));
}

static struct session *add_session(struct server *server)
{
	struct session **sessions = realloc(server->sessions, (server->session_count + 1) * sizeof(*sessions));
	struct session *session;

	if (!sessions)
		return NULL;
	server->sessions = sessions;
	session = calloc(1, sizeof(*session));
	if (session)
		sessions[server->session_count++] = session;
	return session;
}

static void begin(struct server *server, const struct listener *listener, int fd, const char *from, __u64 now)
{
	struct session *session = add_session(server);

	if (!session) {
		close(fd);
		return;
	}
	session->id = ++server->last_id;
	session->state = listener->has_tls ? SESSION_HANDSHAKE : SESSION_GREETING;
	session->out.limit = server->settings->buffer + CONTROL_ROOM;
	session->since = clock_read(CLOCK_REALTIME) / CLOCK_SECOND;
	session->deadline = now + HELLO_TIME;
	snprintf(session->from, sizeof(session->from), "%s", from);
	snprintf(session->who, sizeof(session->who), "%s", from);
	if (listener->has_tls && tls_accept(server->tls, fd, &session->channel))
		session_drop(server, session);
	else if (!listener->has_tls)
		channel_init(&session->channel, fd);
	if (queue_put(&session->out, protocol_greeting, GREETING_SIZE))
		session_drop(server, session);
}

/* Strangers take places from each other, and from nobody else. */
static void limit_strangers(struct server *server)
{
	struct session *oldest = NULL;
	size_t count = 0;

	for (size_t i = 0; i < server->session_count; i++) {
		struct session *session = server->sessions[i];

		if (session->state == SESSION_OPEN || session->is_closed)
			continue;
		oldest = oldest ? oldest : session;
		count++;
	}
	if (count >= STRANGERS_MOST)
		session_drop(server, oldest);
}

void server_accept(struct server *server, const struct listener *listener, __u64 now)
{
	/* Not more at once than the console can wait for. */
	for (int i = 0; i < 16; i++) {
		struct sockaddr_storage address;
		socklen_t size = sizeof(address);
		char from[WHO_SIZE];
		int fd;

		fd = accept4(listener->fd, (struct sockaddr *)&address, &size, SOCK_CLOEXEC | SOCK_NONBLOCK);
		if (fd < 0) {
			if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
				server->accept_again = now + CLOCK_SECOND;
			return;
		}
		server->counters.connections++;
		if (!listener->is_local)
			set_options(fd);
		describe(fd, listener->is_local, &address, size, from);
		limit_strangers(server);
		begin(server, listener, fd, from, now);
	}
}
