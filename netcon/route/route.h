/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Questions to the kernel about the way to an address: routes, interfaces and neighbours, by rtnetlink(7).
 *
 * All return 0, or a negative errno: the kernel's own; that of a socket; or -ETIMEDOUT: there was no answer.
 */
#ifndef KERNKIT_NETCON_ROUTE_H
#define KERNKIT_NETCON_ROUTE_H

#include <stdbool.h>
#include <linux/if_ether.h>
#include <linux/types.h>
#include "address.h"

enum route_kind { ROUTE_UNICAST, ROUTE_LOCAL, ROUTE_BROADCAST, ROUTE_MULTICAST };

/* How datagrams to an address leave. */
struct route {
	enum route_kind kind; /* ROUTE_LOCAL: an address of this machine */
	unsigned int interface; /* its index */
	union address source; /* the address that they are from */
	union address next_hop; /* the gateway, or the address itself; without a port */
};

/*
 * The route that is used now. interface: its index; 0: any, or that of a link-local address. source: a given
 * address, or NULL. -ENETUNREACH and the like: there is none. -EADDRNOTAVAIL: it has no address to send from: during
 * duplicate address detection, for example.
 */
int route_find(const union address *remote, unsigned int interface, const union address *source, struct route *route);

struct interface_state {
	char name[IF_NAMESIZE];
	unsigned int flags; /* IFF_..., IFF_LOWER_UP too */
	unsigned short type; /* ARPHRD_ETHER and the like */
	__u32 carrier_changes; /* how often it has come or gone */
	__u32 master; /* of a bond or a bridge that it is a part of; 0: none */
};

/* -ENODEV: there is no such interface. */
int interface_read(unsigned int index, struct interface_state *state);

/* Whether an interface with these flags is up, and has carrier. */
bool interface_has_carrier(unsigned int flags);

/* What the kernel's table says of a next hop. */
struct neighbour_state {
	unsigned int state; /* NUD_...; 0: it has no entry */
	bool has_mac;
	__u8 mac[ETH_ALEN];
};

int neighbour_read(const struct route *route, struct neighbour_state *neighbour);

/* Makes the kernel look for the next hop, if it does not know it. -EPERM: without CAP_NET_ADMIN. */
int neighbour_use(const struct route *route);

#endif
