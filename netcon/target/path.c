// SPDX-License-Identifier: GPL-2.0-or-later
/* Routes and interfaces. */
#include <errno.h>
#include <string.h>
#include "netlink.h"
#include "path.h"

static size_t size_of(sa_family_t family)
{
	return family == AF_INET6 ? sizeof(struct in6_addr) : sizeof(struct in_addr);
}

static const void *bytes_of(const union address *address)
{
	return address->any.sa_family == AF_INET6 ? (const void *)&address->ipv6.sin6_addr
						  : (const void *)&address->ipv4.sin_addr;
}

/* Link-local addresses are of an interface. */
static void set_address(union address *address, sa_family_t family, const void *bytes, unsigned int interface)
{
	*address = (union address){ .any.sa_family = family };
	if (family == AF_INET) {
		memcpy(&address->ipv4.sin_addr, bytes, sizeof(struct in_addr));
		return;
	}
	memcpy(&address->ipv6.sin6_addr, bytes, sizeof(struct in6_addr));
	if (IN6_IS_ADDR_LINKLOCAL(&address->ipv6.sin6_addr))
		address->ipv6.sin6_scope_id = interface;
}

/* The gateway of the answer; without one the address itself. */
static void take_next_hop(const struct netlink_message *answer, const union address *remote, struct path *path)
{
	sa_family_t family = remote->any.sa_family;
	struct in6_addr address;
	struct {
		__kernel_sa_family_t family;
		unsigned char address[sizeof(struct in6_addr)];
	} via;
	size_t size;

	if (netlink_take(answer, sizeof(struct rtmsg), RTA_GATEWAY, &address, sizeof(address)) == size_of(family)) {
		set_address(&path->next_hop, family, &address, path->interface);
		return;
	}
	/* An IPv4 route may go by a gateway that has IPv6 alone. */
	size = netlink_take(answer, sizeof(struct rtmsg), RTA_VIA, &via, sizeof(via));
	if (size == sizeof(via) && via.family == AF_INET6) {
		set_address(&path->next_hop, AF_INET6, via.address, path->interface);
		return;
	}
	set_address(&path->next_hop, family, bytes_of(remote), path->interface);
}

static int take_route(const struct netlink_message *answer, const union address *remote, struct path *path)
{
	const struct rtmsg *route = netlink_header(answer, RTM_NEWROUTE, sizeof(*route));
	sa_family_t family = remote->any.sa_family;
	struct in6_addr source;
	__u32 interface;

	if (!route || netlink_take(answer, sizeof(*route), RTA_OIF, &interface, sizeof(interface)) != sizeof(interface))
		return -ENETUNREACH;
	path->interface = interface;
	path->kind = route->rtm_type == RTN_LOCAL     ? PATH_LOCAL
		     : route->rtm_type == RTN_BROADCAST ? PATH_BROADCAST
		     : route->rtm_type == RTN_MULTICAST ? PATH_MULTICAST
							: PATH_UNICAST;
	take_next_hop(answer, remote, path);
	if (path->source.any.sa_family)
		return 0;
	if (netlink_take(answer, sizeof(*route), RTA_PREFSRC, &source, sizeof(source)) != size_of(family))
		return -EADDRNOTAVAIL;
	set_address(&path->source, family, &source, path->interface);
	return 0;
}

int path_find(const union address *remote, unsigned int interface, const union address *source, struct path *path)
{
	struct netlink_message message;
	sa_family_t family = remote->any.sa_family;
	unsigned char bits = (unsigned char)(size_of(family) * 8);
	struct rtmsg *route = netlink_begin(&message, RTM_GETROUTE, 0, sizeof(*route));
	int err;

	*path = (struct path){ 0 };
	route->rtm_family = (unsigned char)family;
	route->rtm_dst_len = bits;
	if (source) {
		route->rtm_src_len = bits;
		path->source = *source;
		address_set_port(&path->source, 0);
	}
	if (!interface && family == AF_INET6)
		interface = remote->ipv6.sin6_scope_id;
	netlink_add(&message, RTA_DST, bytes_of(remote), size_of(family));
	if (source)
		netlink_add(&message, RTA_SRC, bytes_of(source), size_of(family));
	if (interface)
		netlink_add(&message, RTA_OIF, &(__u32){ interface }, sizeof(__u32));
	err = netlink_ask(&message);
	if (!err)
		err = take_route(&message, remote, path);
	/* IPv6 answers with a route of type multicast only where one was made by hand. */
	if (!err && family == AF_INET6 && IN6_IS_ADDR_MULTICAST(&remote->ipv6.sin6_addr))
		path->kind = PATH_MULTICAST;
	return err;
}

int path_link_read(unsigned int interface, struct path_link *link)
{
	struct netlink_message message;
	struct ifinfomsg *question = netlink_begin(&message, RTM_GETLINK, 0, sizeof(*question));
	const struct ifinfomsg *answer;
	__u8 carrier = 0;
	__u32 master = 0;
	int err;

	*link = (struct path_link){ 0 };
	question->ifi_index = (int)interface;
	err = netlink_ask(&message);
	if (err)
		return err;
	answer = netlink_header(&message, RTM_NEWLINK, sizeof(*answer));
	if (!answer || !netlink_take(&message, sizeof(*answer), IFLA_IFNAME, link->name, sizeof(link->name) - 1))
		return -EPROTO;
	netlink_take(&message, sizeof(*answer), IFLA_CARRIER, &carrier, sizeof(carrier));
	netlink_take(&message, sizeof(*answer), IFLA_MASTER, &master, sizeof(master));
	link->flags = answer->ifi_flags;
	link->type = answer->ifi_type;
	link->has_carrier = carrier;
	link->master = master;
	return 0;
}
