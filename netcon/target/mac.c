// SPDX-License-Identifier: GPL-2.0-or-later
#include "mac.h"
#include <errno.h>
#include <linux/neighbour.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "../../lib/time/clock.h"

/* Between two looks at the table. */
enum { PAUSE_MS = 50 };

/* 0; -EAGAIN: the kernel is asking; -ENOENT: it has not asked, or had no answer. */
static int look_up(const struct route *route, __u8 mac[ETH_ALEN])
{
	struct neighbour_state neighbour;
	int err = neighbour_read(route, &neighbour);

	if (err)
		return err;
	if (neighbour.state & NUD_INCOMPLETE)
		return -EAGAIN;
	if (!neighbour.has_mac ||
		!(neighbour.state & (NUD_PERMANENT | NUD_REACHABLE | NUD_STALE | NUD_DELAY | NUD_PROBE)))
		return -ENOENT;
	memcpy(mac, neighbour.mac, ETH_ALEN);
	return 0;
}

/* An empty datagram to the discard port, for who may not change the table. */
static int provoke_by_datagram(const struct route *route)
{
	union address hop = route->next_hop;
	int fd = socket(hop.any.sa_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), err = 0;

	if (fd < 0)
		return -errno;
	address_set_port(&hop, 9);
	if (sendto(fd, "", 0, 0, &hop.any, address_length(&hop)) < 0 && errno != EAGAIN)
		err = -errno;
	close(fd);
	return err;
}

static int provoke(const struct route *route)
{
	int err = neighbour_use(route);

	return err == -EPERM ? provoke_by_datagram(route) : err;
}

static int resolve(const struct route *route, double seconds, __u8 mac[ETH_ALEN])
{
	__u64 end = clock_now() + (__u64)(seconds * CLOCK_SECOND);

	for (;;) {
		int err = look_up(route, mac);

		if (err == -ENOENT)
			err = provoke(route);
		else if (err != -EAGAIN)
			return err;
		if (err && err != -EAGAIN)
			return err;
		if (clock_now() >= end)
			return -ETIMEDOUT;
		usleep(PAUSE_MS * 1000);
	}
}

/* RFC 1112, RFC 2464 */
static void mac_of_group(const union address *group, __u8 mac[ETH_ALEN])
{
	if (group->any.sa_family == AF_INET6) {
		memcpy(mac, (const __u8[]){ 0x33, 0x33 }, 2);
		memcpy(mac + 2, &group->ipv6.sin6_addr.s6_addr[12], 4);
		return;
	}
	memcpy(mac, (const __u8[]){ 0x01, 0x00, 0x5e }, 3);
	memcpy(mac + 3, (const __u8 *)&group->ipv4.sin_addr + 1, 3);
	mac[3] &= 0x7f;
}

int mac_find(const struct route *route, double seconds, __u8 mac[ETH_ALEN])
{
	switch (route->kind) {
	case ROUTE_LOCAL:
		return -EINVAL;
	case ROUTE_BROADCAST:
		memset(mac, 0xff, ETH_ALEN);
		return 0;
	case ROUTE_MULTICAST:
		mac_of_group(&route->next_hop, mac);
		return 0;
	default:
		return resolve(route, seconds, mac);
	}
}
