/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Questions to the kernel about routes, interfaces and neighbours: rtnetlink(7), by libmnl. */
#ifndef KERNKIT_NETCON_SEND_RTNETLINK_H
#define KERNKIT_NETCON_SEND_RTNETLINK_H

#include <net/if.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <linux/types.h>

struct mnl_socket;

/* How datagrams to an address leave. */
struct next_hop {
	unsigned int interface; /* its index */
	bool is_unicast; /* and not of this machine itself */
	struct sockaddr_storage neighbour; /* the gateway, or the address itself; the port is 0 */
};

struct interface_state {
	char name[IF_NAMESIZE];
	unsigned int flags; /* IFF_..., IFF_LOWER_UP too */
	__u32 carrier_changes;
};

/* All return 0 or the kernel's negative errno. */

/*
 * The route that is used now; interface: 0, or its index. -ENETUNREACH: there is none, or no address to send from:
 * during duplicate address detection, for example.
 */
int rtnetlink_route(struct mnl_socket *socket, const struct sockaddr_storage *address, unsigned int interface,
	struct next_hop *hop);

/* -ENODEV: there is no such interface. */
int rtnetlink_interface(struct mnl_socket *socket, unsigned int index, struct interface_state *state);

/* NUD_...; 0 where the table has no entry. */
int rtnetlink_neighbour(struct mnl_socket *socket, const struct next_hop *hop, unsigned int *state);

/* Makes the kernel look for the neighbour, if it does not know it. -EPERM: without CAP_NET_ADMIN. */
int rtnetlink_use_neighbour(struct mnl_socket *socket, const struct next_hop *hop);

#endif
