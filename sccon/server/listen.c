// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>
#include "../../lib/text/number.h"
#include "../../lib/text/text.h"
#include "internal.h"

static bool is_loopback(const struct sockaddr *address)
{
	if (address->sa_family == AF_INET)
		return ntohl(((const struct sockaddr_in *)address)->sin_addr.s_addr) >> 24 == 127;
	if (address->sa_family == AF_INET6)
		return IN6_IS_ADDR_LOOPBACK(&((const struct sockaddr_in6 *)address)->sin6_addr);
	return false;
}

static int add(struct server *server, struct listener listener, char words[FAILURE_SIZE])
{
	if (server->listener_count == SERVER_LISTENERS_MAX) {
		close(listener.fd);
		return failure_say(words, -EINVAL, "more than %d sockets to listen on", SERVER_LISTENERS_MAX);
	}
	server->listeners[server->listener_count++] = listener;
	return 0;
}

/* A socket that a server left behind is removed; one where somebody listens is not. */
static int clear_path(const struct sockaddr_un *address, char words[FAILURE_SIZE])
{
	struct stat status;
	int fd, err = 0;

	if (lstat(address->sun_path, &status))
		return 0;
	if (!S_ISSOCK(status.st_mode))
		return failure_say(words, -EEXIST, "%s: there is something that is no socket", address->sun_path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return failure_say(words, -errno, "%s: %s", address->sun_path, strerror(errno));
	if (!connect(fd, (const struct sockaddr *)address, sizeof(*address)) || errno != ECONNREFUSED)
		err = failure_say(words, -EADDRINUSE, "%s: another program listens there", address->sun_path);
	else if (unlink(address->sun_path))
		err = failure_say(words, -errno, "%s: %s", address->sun_path, strerror(errno));
	close(fd);
	return err;
}

static int group_of(const char *name, gid_t *group, char words[FAILURE_SIZE])
{
	const struct group *found = getgrnam(name);
	__u64 number;

	if (found)
		*group = found->gr_gid;
	else if (!number_parse(name, 0, UINT32_MAX - 1, &number))
		*group = (gid_t)number;
	else
		return failure_say(words, -EINVAL, "%s: no such group", name);
	return 0;
}

/* Who may connect; until then it is the owner alone. */
static int set_access(const struct server_settings *settings, char words[FAILURE_SIZE])
{
	gid_t group = (gid_t)-1;
	int err = settings->group ? group_of(settings->group, &group, words) : 0;

	if (err)
		return err;
	if (lchown(settings->socket, (uid_t)-1, group) || chmod(settings->socket, settings->mode))
		return failure_say(words, -errno, "%s: %s", settings->socket, strerror(errno));
	return 0;
}

static int bind_local(int fd, const struct sockaddr_un *address)
{
	mode_t mask = umask(0177);
	int err = bind(fd, (const struct sockaddr *)address, sizeof(*address)) ? -errno : 0;

	umask(mask);
	return err;
}

static int listen_local(struct server *server, char words[FAILURE_SIZE])
{
	const char *path = server->settings->socket;
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct listener listener = { .is_local = true };
	struct stat status;
	int err;

	if (!*path || strlen(path) >= sizeof(address.sun_path))
		return failure_say(words, -EINVAL, "%s: no path that a socket can have", path);
	memcpy(address.sun_path, path, strlen(path));
	err = clear_path(&address, words);
	if (err)
		return err;
	listener.fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	err = listener.fd < 0 ? -errno : bind_local(listener.fd, &address);
	if (err) {
		if (listener.fd >= 0)
			close(listener.fd);
		return failure_say(words, err, "%s: %s", path, strerror(-err));
	}
	if (!lstat(path, &status)) {
		memcpy(listener.path, address.sun_path, sizeof(listener.path));
		listener.device = status.st_dev;
		listener.inode = status.st_ino;
	}
	err = add(server, listener, words);
	if (!err)
		err = set_access(server->settings, words);
	if (!err && listen(listener.fd, SOMAXCONN))
		err = failure_say(words, -errno, "%s: %s", path, strerror(errno));
	return err;
}

static int listen_at(struct server *server, const struct addrinfo *address, const char *text, char words[FAILURE_SIZE])
{
	struct listener listener = { .has_tls = server->tls };
	int on = 1, err;

	if (!server->tls && !is_loopback(address->ai_addr))
		return failure_say(words, -EPERM, "%s: beyond the loopback only with TLS: --cert, and --client-ca for who may come", text);
	listener.fd = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (listener.fd < 0)
		return failure_say(words, -errno, "%s: %s", text, strerror(errno));
	setsockopt(listener.fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (address->ai_family == AF_INET6)
		setsockopt(listener.fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
	if (bind(listener.fd, address->ai_addr, address->ai_addrlen) || listen(listener.fd, SOMAXCONN)) {
		err = failure_say(words, -errno, "%s: %s", text, strerror(errno));
		close(listener.fd);
		return err;
	}
	return add(server, listener, words);
}

/* "[ADDRESS:]PORT". */
static int parse_tcp(const char *text, struct endpoint *endpoint)
{
	__u64 port;

	if (number_parse(text, 1, 65535, &port))
		return endpoint_parse(text, 0, endpoint) || !endpoint->port ? -EINVAL : 0;
	*endpoint = (struct endpoint){ .host = "127.0.0.1", .port = (__u16)port };
	return 0;
}

static int listen_tcp(struct server *server, const char *text, char words[FAILURE_SIZE])
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE };
	struct endpoint endpoint;
	struct addrinfo *found;
	char port[8];
	int err = parse_tcp(text, &endpoint);

	if (err)
		return failure_say(words, err, "%s: not PORT or ADDRESS:PORT", text);
	snprintf(port, sizeof(port), "%u", endpoint.port);
	err = getaddrinfo(endpoint.host, port, &hints, &found);
	if (err)
		return failure_say(words, -EINVAL, "%s: %s", text, gai_strerror(err));
	for (const struct addrinfo *one = found; one && !err; one = one->ai_next)
		err = listen_at(server, one, text, words);
	freeaddrinfo(found);
	return err;
}

/* A socket that systemd has opened. */
static int take_over_socket(struct server *server, int fd, char words[FAILURE_SIZE])
{
	struct sockaddr_storage address = { 0 };
	socklen_t size = sizeof(address);
	struct listener listener = { .fd = fd };

	if (sd_is_socket(fd, AF_UNSPEC, SOCK_STREAM, 1) <= 0 || getsockname(fd, (struct sockaddr *)&address, &size))
		return failure_say(words, -EINVAL, "systemd passed a descriptor that is no listening stream socket");
	if (fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK))
		return failure_say(words, -errno, "a socket that systemd passed: %s", strerror(errno));
	listener.is_local = address.ss_family == AF_UNIX;
	listener.has_tls = !listener.is_local && server->tls;
	if (!listener.is_local && !server->tls && !is_loopback((const struct sockaddr *)&address))
		return failure_say(words, -EPERM, "systemd passed a socket beyond the loopback, which may be only with TLS: --cert");
	return add(server, listener, words);
}

int server_listen(struct server *server, char words[FAILURE_SIZE])
{
	const struct server_settings *settings = server->settings;
	int passed = sd_listen_fds(1), err = 0;

	for (int i = 0; i < passed && !err; i++)
		err = take_over_socket(server, SD_LISTEN_FDS_START + i, words);
	if (!err && settings->socket)
		err = listen_local(server, words);
	for (size_t i = 0; i < settings->tcp_count && !err; i++)
		err = listen_tcp(server, settings->tcp[i], words);
	if (!err && !server->listener_count)
		err = failure_say(words, -EINVAL, "nobody could connect: --socket or --tcp is missing");
	return err;
}

void server_unlisten(struct server *server)
{
	for (size_t i = 0; i < server->listener_count; i++) {
		const struct listener *listener = &server->listeners[i];
		struct stat status;

		close(listener->fd);
		if (*listener->path && !lstat(listener->path, &status) && status.st_dev == listener->device &&
			status.st_ino == listener->inode)
			unlink(listener->path);
	}
	server->listener_count = 0;
}
