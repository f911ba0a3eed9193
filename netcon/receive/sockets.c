// SPDX-License-Identifier: GPL-2.0-or-later
#include "sockets.h"
#include <arpa/inet.h>
#include <errno.h>
#include <linux/sock_diag.h>
#include <net/if.h>
#include <netdb.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>
#include "../output/output.h"

#ifndef IPV6_MULTICAST_ALL
#define IPV6_MULTICAST_ALL 29
#endif

static int resolve(const struct endpoint *endpoint, struct sockaddr_storage *address, socklen_t *size)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_DGRAM, .ai_flags = AI_NUMERICHOST | AI_PASSIVE };
	struct addrinfo *found;

	if (getaddrinfo(endpoint->host, NULL, &hints, &found))
		return -EINVAL;
	memcpy(address, found->ai_addr, found->ai_addrlen);
	*size = found->ai_addrlen;
	freeaddrinfo(found);
	/* The port is in the same place of both. */
	((struct sockaddr_in *)address)->sin_port = htons(endpoint->port);
	return 0;
}

static int set(int descriptor, int level, int name, int value)
{
	return setsockopt(descriptor, level, name, &value, sizeof(value)) ? -errno : 0;
}

/* What cannot be had of these is done without: another system, or less memory. */
static void set_usual(int descriptor, int family, __u64 buffer)
{
	int size = buffer > 1 << 30 ? 1 << 30 : (int)buffer;

	if (set(descriptor, SOL_SOCKET, SO_RCVBUFFORCE, size))
		set(descriptor, SOL_SOCKET, SO_RCVBUF, size);
	/* Otherwise a group that one socket has joined is received by all of them. */
	set(descriptor, IPPROTO_IP, IP_MULTICAST_ALL, 0);
	if (family == AF_INET6) {
		set(descriptor, IPPROTO_IPV6, IPV6_MULTICAST_ALL, 0);
		set(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, 0);
	}
}

/* is_shared: with other sockets at the same endpoint. */
static int open_socket(const struct endpoint *endpoint, bool is_shared, __u64 buffer, int *descriptor)
{
	struct endpoint v4 = { .host = "0.0.0.0", .port = endpoint->port };
	struct sockaddr_storage address;
	socklen_t size;
	int fd, err;

	err = resolve(endpoint, &address, &size);
	if (err)
		return err;
	fd = socket(address.ss_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0 && errno == EAFNOSUPPORT && !strcmp(endpoint->host, "::"))
		return open_socket(&v4, is_shared, buffer, descriptor);
	if (fd < 0)
		return -errno;
	set_usual(fd, address.ss_family, buffer);
	err = set(fd, SOL_SOCKET, SO_REUSEPORT, is_shared);
	if (!err && bind(fd, (struct sockaddr *)&address, size))
		err = -errno;
	if (err) {
		close(fd);
		return err;
	}
	*descriptor = fd;
	return 0;
}

int socket_buffer(int descriptor)
{
	socklen_t length = sizeof(int);
	int size;

	return getsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, &length) ? -errno : size;
}

/* All zero, if the kernel does not say it: before Linux 4.12. */
static void read_memory(int descriptor, __u32 memory[SK_MEMINFO_VARS])
{
	socklen_t length = SK_MEMINFO_VARS * sizeof(*memory);

	memset(memory, 0, length);
	getsockopt(descriptor, SOL_SOCKET, SO_MEMINFO, memory, &length);
}

bool socket_is_full(int descriptor)
{
	__u32 memory[SK_MEMINFO_VARS];

	read_memory(descriptor, memory);
	return memory[SK_MEMINFO_RMEM_ALLOC] > memory[SK_MEMINFO_RCVBUF] / 8 * 7;
}

__u32 socket_drops(int descriptor)
{
	__u32 memory[SK_MEMINFO_VARS];

	read_memory(descriptor, memory);
	return memory[SK_MEMINFO_DROPS];
}

int socket_open(const struct endpoint *endpoint, __u64 buffer, int *descriptor)
{
	return open_socket(endpoint, true, buffer, descriptor);
}

int socket_is_free(const struct endpoint *endpoint)
{
	int descriptor, err;

	err = open_socket(endpoint, false, 0, &descriptor);
	if (!err)
		close(descriptor);
	return err;
}

int socket_join(int descriptor, const char *group)
{
	struct group_req request = { 0 };
	struct endpoint endpoint = { 0 };
	const char *percent = strchrnul(group, '%');
	struct sockaddr_storage address;
	socklen_t size;
	int level;

	if ((size_t)(percent - group) >= sizeof(endpoint.host))
		return -EINVAL;
	memcpy(endpoint.host, group, (size_t)(percent - group));
	if (*percent) {
		request.gr_interface = if_nametoindex(percent + 1);
		if (!request.gr_interface)
			return -ENODEV;
	}
	if (resolve(&endpoint, &address, &size))
		return -EINVAL;
	memcpy(&request.gr_group, &address, sizeof(address));
	level = address.ss_family == AF_INET ? IPPROTO_IP : IPPROTO_IPV6;
	return setsockopt(descriptor, level, MCAST_JOIN_GROUP, &request, sizeof(request)) ? -errno : 0;
}

void source_of(const struct sockaddr_storage *address, struct netcon_source *source)
{
	const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)address;
	const struct sockaddr_in *v4 = (const struct sockaddr_in *)address;

	*source = (struct netcon_source){ 0 };
	if (address->ss_family == AF_INET6) {
		source->address = v6->sin6_addr;
		source->port = v6->sin6_port;
		source->scope = IN6_IS_ADDR_LINKLOCAL(&v6->sin6_addr) ? v6->sin6_scope_id : 0;
		return;
	}
	source->address.s6_addr[10] = source->address.s6_addr[11] = 0xff;
	memcpy(&source->address.s6_addr[12], &v4->sin_addr, sizeof(v4->sin_addr));
	source->port = v4->sin_port;
}
