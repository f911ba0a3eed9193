/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The sockets that messages come by. */
#ifndef KERNKIT_NETCON_SOCKETS_H
#define KERNKIT_NETCON_SOCKETS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <linux/types.h>
#include "../../lib/text/endpoint.h"

/*
 * A UDP socket at the endpoint, which is a numeric address: several may be at the same one, and the kernel shares the senders
 * among them. buffer: bytes that it may hold, as far as the process may ask for them. "::" takes IPv4, too, and
 * where there is no IPv6, means 0.0.0.0. 0 and *descriptor, or a negative errno; -EINVAL: no address.
 */
int socket_open(const struct endpoint *endpoint, __u64 buffer, int *descriptor);

/* How much it may hold, as the kernel accounts for it, or a negative errno. */
int socket_buffer(int descriptor);

/* Whether it is about to be full: seven eighths of what it may hold are waiting in it. */
bool socket_is_full(int descriptor);

/* How many datagrams it has had no room for, in all, modulo 2^32. */
__u32 socket_drops(int descriptor);
/*
 * Whether nobody receives at the endpoint: 0, or -EADDRINUSE; or another negative errno. Who opens a socket there, too, of the same
 * user, would take a part of the senders away from whoever receives there, and neither would notice.
 */
int socket_is_free(const struct endpoint *endpoint);

/* Also takes what is sent to the group: an address of IPv4 or IPv6, or with %INTERFACE. 0 or a negative errno. */
int socket_join(int descriptor, const char *group);

/* The sender, as all of this tool has it. */
struct netcon_source;
void source_of(const struct sockaddr_storage *address, struct netcon_source *source);

#endif
