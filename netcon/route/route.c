// SPDX-License-Identifier: GPL-2.0-or-later
#include "route.h"
#include <errno.h>
#include <string.h>
#include "netlink.h"

/* What a route says besides. */
struct answer {
	struct route *route;
	unsigned char type; /* RTN_... */
};

/* Nothing is taken, if size is not that of an address of the family. */
static void take_address(union address *address, sa_family_t family, const void *bytes, size_t size)
{
	union address taken = { .any.sa_family = family };

	if (family == AF_INET && size == sizeof(taken.ipv4.sin_addr))
		memcpy(&taken.ipv4.sin_addr, bytes, size);
	else if (family == AF_INET6 && size == sizeof(taken.ipv6.sin6_addr))
		memcpy(&taken.ipv6.sin6_addr, bytes, size);
	else
		return;
	*address = taken;
}

static int take_route(const struct nlmsghdr *message, void *context)
{
	const struct rtmsg *head = mnl_nlmsg_get_payload(message);
	struct answer *answer = context;
	struct route *route = answer->route;
	const struct nlattr *attribute;

	if (message->nlmsg_type != RTM_NEWROUTE || mnl_nlmsg_get_payload_len(message) < sizeof(*head))
		return MNL_CB_STOP;
	answer->type = head->rtm_type;
	mnl_attr_for_each(attribute, message, sizeof(*head)) {
		const void *bytes = mnl_attr_get_payload(attribute);
		size_t size = mnl_attr_get_payload_len(attribute);
		const struct rtvia *via = bytes;

		switch (mnl_attr_get_type(attribute)) {
		case RTA_OIF:
			netlink_take(attribute, &route->interface, sizeof(route->interface));
			break;
		case RTA_GATEWAY:
			take_address(&route->next_hop, head->rtm_family, bytes, size);
			break;
		case RTA_VIA: /* an IPv4 route may go by a gateway that has IPv6 alone */
			if (size > sizeof(*via))
				take_address(&route->next_hop, via->rtvia_family, via->rtvia_addr, size - sizeof(*via));
			break;
		case RTA_PREFSRC:
			take_address(&route->source, head->rtm_family, bytes, size);
			break;
		}
	}
	return MNL_CB_STOP;
}

/* Link-local addresses are of an interface. */
static void set_scope(union address *address, unsigned int interface)
{
	if (address->any.sa_family == AF_INET6 && IN6_IS_ADDR_LINKLOCAL(&address->ipv6.sin6_addr))
		address->ipv6.sin6_scope_id = interface;
}

/* False: nothing leaves by routes of that type. */
static bool take_kind(enum route_kind *kind, unsigned char type)
{
	switch (type) {
	case RTN_UNICAST:
	case RTN_ANYCAST:
		*kind = ROUTE_UNICAST;
		return true;
	case RTN_LOCAL:
		*kind = ROUTE_LOCAL;
		return true;
	case RTN_BROADCAST:
		*kind = ROUTE_BROADCAST;
		return true;
	case RTN_MULTICAST:
		*kind = ROUTE_MULTICAST;
		return true;
	}
	return false;
}

static int complete(struct route *route, unsigned char type, const union address *remote, const union address *source)
{
	if (!route->interface || !take_kind(&route->kind, type))
		return -ENETUNREACH;
	/* The type of a route of IPv6 need not say so. */
	if (remote->any.sa_family == AF_INET6 && IN6_IS_ADDR_MULTICAST(&remote->ipv6.sin6_addr))
		route->kind = ROUTE_MULTICAST;
	set_scope(&route->next_hop, route->interface);
	set_scope(&route->source, route->interface);
	if (source) {
		route->source = *source;
		address_set_port(&route->source, 0);
	}
	return route->source.any.sa_family ? 0 : -EADDRNOTAVAIL;
}

int route_find(const union address *remote, unsigned int interface, const union address *source, struct route *route)
{
	union netlink_question question;
	struct rtmsg *head = netlink_begin(&question, RTM_GETROUTE, 0, sizeof(*head));
	struct answer answer = { .route = route };
	size_t size;
	const void *bytes = address_bytes(remote, &size);
	int err;

	*route = (struct route){ 0 };
	take_address(&route->next_hop, remote->any.sa_family, bytes, size);
	head->rtm_family = (unsigned char)remote->any.sa_family;
	head->rtm_dst_len = (unsigned char)(size * 8);
	netlink_put_address(&question, RTA_DST, remote);
	if (source) {
		head->rtm_src_len = head->rtm_dst_len;
		netlink_put_address(&question, RTA_SRC, source);
	}
	if (!interface && remote->any.sa_family == AF_INET6)
		interface = remote->ipv6.sin6_scope_id;
	if (interface)
		mnl_attr_put_u32(&question.message, RTA_OIF, interface);
	err = netlink_ask(&question, take_route, &answer);
	return err ? err : complete(route, answer.type, remote, source);
}
