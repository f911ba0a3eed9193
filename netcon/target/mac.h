/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The MAC address of the next hop: what a program's datagram gets from the kernel's neighbours, and a netconsole
 * target has to be told, because it builds its frames by itself.
 */
#ifndef KERNKIT_NETCON_TARGET_MAC_H
#define KERNKIT_NETCON_TARGET_MAC_H

#include "../route/route.h"

/*
 * The MAC address that the frames go to. Of a neighbour that the kernel does not know it provokes the question
 * (ARP, neighbour discovery), and waits for so many seconds. 0; -ETIMEDOUT: nobody answered; or another negative errno.
 */
int mac_find(const struct route *route, double seconds, __u8 mac[ETH_ALEN]);

#endif
