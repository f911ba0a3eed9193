/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The way to an address: what a program's datagram gets from the kernel's routes and neighbours, and a netconsole
 * target has to be told, because it builds its frames by itself.
 */
#ifndef KERNKIT_NETCON_TARGET_PATH_H
#define KERNKIT_NETCON_TARGET_PATH_H

#include <stdbool.h>
#include <linux/if_ether.h>
#include <linux/types.h>
#include "../route/address.h"

enum path_kind { PATH_UNICAST, PATH_LOCAL, PATH_BROADCAST, PATH_MULTICAST };

struct path {
	enum path_kind kind; /* PATH_LOCAL: an address of this machine */
	unsigned int interface; /* its number */
	union address source; /* the address that the datagram would be from */
	union address next_hop; /* whose MAC address the frame goes to; without a port */
};

/*
 * Asks the kernel for the route. interface: its number; 0: any. source: a given address, or NULL. 0 and
 * *path; or a negative errno: -ENETUNREACH and the like: there is no route; -EADDRNOTAVAIL: the route has no
 * source address.
 */
int path_find(const union address *remote, unsigned int interface, const union address *source, struct path *path);

/*
 * The MAC address that the frames go to. Of a neighbour that the kernel does not know it provokes the question
 * (ARP, neighbour discovery), and waits for so many seconds. 0; -ETIMEDOUT: nobody answered; or another negative errno.
 */
int path_find_mac(const struct path *path, double seconds, __u8 mac[ETH_ALEN]);

/* What there is to know of an interface. */
struct path_link {
	char name[IF_NAMESIZE];
	unsigned int flags; /* IFF_UP and the like */
	unsigned short type; /* ARPHRD_ETHER and the like */
	bool has_carrier;
	__u32 master; /* of a bond or a bridge that it is a part of; 0: none */
};

/* 0; -ENODEV: there is none of that number; or another negative errno. */
int path_link_read(unsigned int interface, struct path_link *link);

#endif
