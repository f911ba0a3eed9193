// SPDX-License-Identifier: GPL-2.0-or-later
/* Sockets of other programs, which have no breaks and no window. */
#include <errno.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include "internal.h"

static int connect_to(struct line *line, const struct sockaddr *address, socklen_t size)
{
	int fd = socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), on = 1, err;

	if (fd < 0)
		return -errno;
	if (address->sa_family != AF_UNIX) {
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
		/* A machine that is gone without a word is noticed. */
		setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	}
	if (!connect(fd, address, size))
		return fd;
	if (errno == EINPROGRESS) {
		line->is_connecting = true;
		return fd;
	}
	err = -errno;
	close(fd);
	return err;
}

static int open_local(struct line *line)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd;

	strncpy(address.sun_path, line->address, sizeof(address.sun_path) - 1);
	fd = connect_to(line, (const struct sockaddr *)&address, sizeof(address));
	return fd == -ECONNREFUSED ? line_fail(line, fd, "%s: nobody listens there", line->address) : fd;
}

/* Of several addresses another one is tried each time. */
static int open_host(struct line *line)
{
	const struct addrinfo *address;

	if (!line->next_address)
		line->next_address = line->addresses;
	address = line->next_address;
	line->next_address = address->ai_next;
	return connect_to(line, address->ai_addr, address->ai_addrlen);
}

const struct line_kind line_kind_local = { .name = "unix socket", .open = open_local };
const struct line_kind line_kind_host = { .name = "TCP connection", .open = open_host };
