// SPDX-License-Identifier: GPL-2.0-or-later
#include "socket.h"
#include <errno.h>
#include <linux/errqueue.h>
#include <linux/filter.h>
#include <string.h>
#include <unistd.h>
#include "../netcon.h"

enum { DISCARD_PORT = 9, IPV4_HEADERS = 20 + 8, IPV6_HEADERS = 40 + 8 };

static int set_on(int fd, int level, int option)
{
	int on = 1;

	return setsockopt(fd, level, option, &on, sizeof(on)) ? -errno : 0;
}

/* Errors that ICMP and full queues report are told to this socket only on demand. */
static int want_errors(int fd, int family)
{
	return family == AF_INET ? set_on(fd, IPPROTO_IP, IP_RECVERR) : set_on(fd, IPPROTO_IPV6, IPV6_RECVERR);
}

/* Nothing is received: what others send here must not fill the memory that the errors need. */
static int refuse_all(int fd)
{
	struct sock_filter nothing = BPF_STMT(BPF_RET | BPF_K, 0);
	struct sock_fprog program = { .len = 1, .filter = &nothing };

	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)) ? -errno : 0;
}

static int bind_to_interface(int fd, const char *interface)
{
	if (!interface)
		return 0;
	return setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, interface, (socklen_t)strlen(interface) + 1) ? -errno : 0;
}

static int bind_to_port(int fd, sa_family_t family, unsigned int port)
{
	union address own = { .any.sa_family = family };

	address_set_port(&own, (in_port_t)port);
	return bind(fd, &own.any, address_length(&own)) ? -errno : 0;
}

int send_socket_open(const struct send_settings *settings, int *opened)
{
	sa_family_t family = settings->receiver.any.sa_family;
	int fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0), err;

	if (fd < 0)
		return -errno;
	err = refuse_all(fd);
	if (!err)
		err = want_errors(fd, family);
	if (!err)
		err = set_on(fd, SOL_SOCKET, SO_REUSEADDR);
	if (!err)
		err = set_on(fd, SOL_SOCKET, SO_BROADCAST);
	if (!err && family == AF_INET6)
		err = set_on(fd, IPPROTO_IPV6, IPV6_V6ONLY);
	if (!err)
		err = bind_to_interface(fd, settings->interface);
	if (!err)
		err = bind_to_port(fd, family, settings->source_port);
	if (err)
		close(fd);
	else
		*opened = fd;
	return err;
}

enum socket_outcome socket_outcome_of(int err)
{
	switch (err) {
	case 0:
		return SOCKET_SENT;
	case ECONNREFUSED:
	case ENOPROTOOPT:
	case EPROTO:
	case EOPNOTSUPP:
	case EMSGSIZE: /* a router's word: the kernel fragments from now on */
	case EINTR:
		return SOCKET_REFUSED;
	case ENOBUFS:
	case ENOMEM:
	case EAGAIN:
		return SOCKET_BUSY;
	case ENETUNREACH:
	case ENETDOWN:
	case EHOSTUNREACH:
	case EHOSTDOWN:
	case ENONET:
	case EADDRNOTAVAIL:
	case ENODEV:
	case ENXIO:
	case EPERM: /* a firewall, here */
	case EACCES: /* or on the way */
		return SOCKET_LOST;
	}
	return SOCKET_FAILED;
}

/* The queue of errors would fill up; what was in it has been the errno of a call. */
static void forget_errors(int fd)
{
	char control[512], content[1];
	struct iovec place = { content, sizeof(content) };
	struct msghdr message;

	do
		message = (struct msghdr){ .msg_iov = &place, .msg_iovlen = 1, .msg_control = control,
			.msg_controllen = sizeof(control) };
	while (recvmsg(fd, &message, MSG_ERRQUEUE | MSG_DONTWAIT) >= 0);
}

enum socket_outcome socket_send(int fd, const union address *receiver, const char *bytes, size_t size, int *err)
{
	ssize_t sent = sendto(fd, bytes, size, MSG_DONTWAIT | MSG_NOSIGNAL, &receiver->any, address_length(receiver));

	*err = sent < 0 ? -errno : 0;
	if (*err)
		forget_errors(fd);
	return socket_outcome_of(-*err);
}

int socket_take_error(int fd)
{
	socklen_t size = sizeof(int);
	int err = 0;

	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &size))
		err = errno;
	forget_errors(fd);
	return -err;
}

/* From another port: an answer is no answer to a message. */
void socket_touch(const struct send_settings *settings)
{
	union address discard = settings->receiver;
	int fd = socket(discard.any.sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0), err;

	if (fd < 0)
		return;
	address_set_port(&discard, DISCARD_PORT);
	if (!bind_to_interface(fd, settings->interface))
		socket_send(fd, &discard, NULL, 0, &err);
	close(fd);
}

size_t socket_datagram_size(const struct send_settings *settings)
{
	if (!settings->mtu)
		return NETCON_DATAGRAM_MAX;
	return settings->mtu - (settings->receiver.any.sa_family == AF_INET ? IPV4_HEADERS : IPV6_HEADERS);
}
