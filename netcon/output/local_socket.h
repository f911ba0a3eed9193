/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Datagrams to a socket of this machine, whose reader may be slow, stop, or be started again. */
#ifndef KERNKIT_NETCON_LOCAL_SOCKET_H
#define KERNKIT_NETCON_LOCAL_SOCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/un.h>

struct local_socket {
	int descriptor;
	struct sockaddr_un address;
	bool is_slow; /* its reader did not read the last datagram in time */
};

/*
 * 0; or a negative errno: -ENAMETOOLONG, or of connect(2): nobody reads there. local_socket_close closes it.
 */
int local_socket_open(struct local_socket *socket, const char *path);

/*
 * Sends a datagram; and a descriptor with it, if that is not -1. The path is looked up each time. A reader that is slow
 * is waited for a second; then, until it has read, no more. 0 or a negative errno: -ETIMEDOUT: it is slow; -EMSGSIZE.
 */
int local_socket_send(struct local_socket *socket, const void *bytes, size_t size, int descriptor);

void local_socket_close(struct local_socket *socket);

#endif
