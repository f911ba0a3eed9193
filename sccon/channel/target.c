// SPDX-License-Identifier: GPL-2.0-or-later
#include "target.h"
#include <errno.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include "../../lib/time/clock.h"

static int set_path(struct target *target, const char *folder, const char *name)
{
	int length = snprintf(target->path, sizeof(target->path), "%s%s", folder, name);

	target->is_local = true;
	if (!*name)
		return -EINVAL;
	return (size_t)length < sizeof(target->path) ? 0 : -ENAMETOOLONG;
}

int target_parse(const char *text, struct target *target)
{
	int err;

	*target = (struct target){ 0 };
	if (!strncmp(text, "unix:", 5))
		return set_path(target, "", text + 5);
	if (!strncmp(text, "tls:", 4))
		target->has_tls = true;
	else if (strchr(text, '/'))
		return set_path(target, "", text);
	else if (!strchr(text, ':'))
		return set_path(target, "/run/sccon/", text);
	if (target->has_tls || !strncmp(text, "tcp:", 4))
		text += 4;
	err = endpoint_parse(text, 0, &target->endpoint);
	return err || !target->endpoint.port ? -EINVAL : 0;
}

/* Waits for a connection that was begun. */
static int finish(int fd, const struct waiter *waiter, unsigned long long deadline)
{
	socklen_t size = sizeof(int);
	int error = 0, err;

	do
		err = waiter_wait(waiter, fd, POLLOUT, deadline);
	while (err == -EINTR && clock_now() < deadline);
	if (err)
		return err;
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size))
		return -errno;
	return -error;
}

static int connect_to(const struct sockaddr *address, socklen_t size, const struct waiter *waiter, unsigned long long deadline)
{
	int fd = socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), on = 1, err = 0;

	if (fd < 0)
		return -errno;
	if (address->sa_family != AF_UNIX)
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (connect(fd, address, size))
		err = errno == EINPROGRESS ? finish(fd, waiter, deadline) : -errno;
	if (!err)
		return fd;
	close(fd);
	return err;
}

static int connect_local(
	const struct target *target, const struct waiter *waiter, unsigned long long deadline, char words[FAILURE_SIZE])
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd;

	memcpy(address.sun_path, target->path, sizeof(address.sun_path));
	fd = connect_to((const struct sockaddr *)&address, sizeof(address), waiter, deadline);
	if (fd == -ECONNREFUSED)
		return failure_say(words, fd, "%s: nobody listens there", target->path);
	return fd < 0 ? failure_say(words, fd, "%s: %s", target->path, strerror(-fd)) : fd;
}

int target_connect(
	const struct target *target, const struct waiter *waiter, unsigned long long deadline, char words[FAILURE_SIZE])
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	const struct endpoint *endpoint = &target->endpoint;
	struct addrinfo *found;
	char port[8];
	int fd = -ENOENT, err;

	if (target->is_local)
		return connect_local(target, waiter, deadline, words);
	snprintf(port, sizeof(port), "%u", endpoint->port);
	err = getaddrinfo(endpoint->host, port, &hints, &found);
	if (err)
		return failure_say(words, -ENOENT, "%s: %s", endpoint->host, gai_strerror(err));
	for (const struct addrinfo *one = found; one && fd < 0 && fd != -ECANCELED; one = one->ai_next)
		fd = connect_to(one->ai_addr, one->ai_addrlen, waiter, deadline);
	freeaddrinfo(found);
	return fd < 0 ? failure_say(words, fd, "%s port %s: %s", endpoint->host, port, strerror(-fd)) : fd;
}
