/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The socket that sends. */
#ifndef KERNKIT_NETCON_SEND_SOCKET_H
#define KERNKIT_NETCON_SEND_SOCKET_H

#include <stddef.h>
#include "send.h"

/*
 * A socket bound to the source port and, where the settings name one, to the interface. It is not connected: the
 * kernel chooses the source address anew for each datagram, so that another lease changes nothing. 0 and *fd, or a
 * negative errno: -EADDRINUSE; -ENODEV: there is no such interface.
 */
int send_socket_open(const struct send_settings *settings, int *fd);

/* What has become of a datagram. */
enum socket_outcome {
	SOCKET_SENT,
	SOCKET_REFUSED, /* not this one, but one before it: nobody receives. To be sent at once */
	SOCKET_BUSY, /* not sent: a queue is full. To be sent in a while */
	SOCKET_LOST, /* neither this one nor, perhaps, those before it */
	SOCKET_FAILED, /* and it will again */
};

/* err: the errno of sendto(2), which may be about an ICMP message that answers an earlier datagram. */
enum socket_outcome socket_outcome_of(int err);

/* Sends one datagram, and does not wait. *err: the negative errno, where it was not sent. */
enum socket_outcome socket_send(int fd, const union address *receiver, const char *bytes, size_t size, int *err);

/*
 * The error that an answer to an earlier datagram has brought, negative, or 0. To be asked for when poll(2) says
 * POLLERR of the socket.
 */
int socket_take_error(int fd);

/*
 * Sends a datagram without content to the discard port of the receiver, from a socket of its own, which makes the
 * kernel look for the neighbour on the way.
 */
void socket_touch(const struct send_settings *settings);

/* How large a datagram may be: of the settings' mtu. */
size_t socket_datagram_size(const struct send_settings *settings);

#endif
