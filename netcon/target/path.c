// SPDX-License-Identifier: GPL-2.0-or-later
/* Routes and interfaces. */
#include <errno.h>
#include <string.h>
#include "../route/netlink.h"
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

/* An IPv4 route may go by a gateway that has IPv6 alone. */
struct via {
	__kernel_sa_family_t family;
	unsigned char address[sizeof(struct in6_addr)];
};

/* What a route says. Addresses have room for both kinds. */
struct answer {
	unsigned char type;
	sa_family_t family;
	__u32 interface;
	bool has_gateway, has_source;
	struct in6_addr gateway, source;
	struct via via; /* of no family: there is none */
};

static int take_route(const struct nlmsghdr *message, void *context)
{
	const struct rtmsg *route = mnl_nlmsg_get_payload(message);
	struct answer *answer = context;
	const struct nlattr *attribute;

	if (message->nlmsg_type != RTM_NEWROUTE || mnl_nlmsg_get_payload_len(message) < sizeof(*route))
		return MNL_CB_STOP;
	answer->type = route->rtm_type;
	mnl_attr_for_each(attribute, message, sizeof(*route)) {
		switch (mnl_attr_get_type(attribute)) {
		case RTA_OIF:
			netlink_take(attribute, &answer->interface, sizeof(answer->interface));
			break;
		case RTA_GATEWAY:
			answer->has_gateway = netlink_take(attribute, &answer->gateway, size_of(answer->family));
			break;
		case RTA_PREFSRC:
			answer->has_source = netlink_take(attribute, &answer->source, size_of(answer->family));
			break;
		case RTA_VIA:
			netlink_take(attribute, &answer->via, sizeof(answer->via));
			break;
		}
	}
	return MNL_CB_STOP;
}

static enum path_kind kind_of(unsigned char type)
{
	switch (type) {
	case RTN_LOCAL:
		return PATH_LOCAL;
	case RTN_BROADCAST:
		return PATH_BROADCAST;
	case RTN_MULTICAST:
		return PATH_MULTICAST;
	default:
		return PATH_UNICAST;
	}
}

/* The path's source is set, if one was given. */
static int fill_path(const struct answer *answer, const union address *remote, struct path *path)
{
	sa_family_t family = answer->family;

	if (!answer->interface)
		return -ENETUNREACH;
	path->interface = answer->interface;
	path->kind = kind_of(answer->type);
	/* IPv6 answers with a route of type multicast only where one was made by hand. */
	if (family == AF_INET6 && IN6_IS_ADDR_MULTICAST(&remote->ipv6.sin6_addr))
		path->kind = PATH_MULTICAST;
	if (answer->has_gateway)
		set_address(&path->next_hop, family, &answer->gateway, path->interface);
	else if (answer->via.family == AF_INET6)
		set_address(&path->next_hop, AF_INET6, answer->via.address, path->interface);
	else
		set_address(&path->next_hop, family, bytes_of(remote), path->interface);
	if (path->source.any.sa_family)
		return 0;
	if (!answer->has_source)
		return -EADDRNOTAVAIL;
	set_address(&path->source, family, &answer->source, path->interface);
	return 0;
}

int path_find(const union address *remote, unsigned int interface, const union address *source, struct path *path)
{
	union netlink_question question;
	struct answer answer = { .family = remote->any.sa_family };
	size_t size = size_of(answer.family);
	struct rtmsg *route = netlink_begin(&question, RTM_GETROUTE, 0, sizeof(*route));
	int err;

	*path = (struct path){ 0 };
	route->rtm_family = (unsigned char)answer.family;
	route->rtm_dst_len = (unsigned char)(size * 8);
	mnl_attr_put(&question.message, RTA_DST, size, bytes_of(remote));
	if (source) {
		route->rtm_src_len = route->rtm_dst_len;
		mnl_attr_put(&question.message, RTA_SRC, size, bytes_of(source));
		path->source = *source;
		address_set_port(&path->source, 0);
	}
	if (!interface && answer.family == AF_INET6)
		interface = remote->ipv6.sin6_scope_id;
	if (interface)
		mnl_attr_put_u32(&question.message, RTA_OIF, interface);
	err = netlink_ask(&question, take_route, &answer);
	return err ? err : fill_path(&answer, remote, path);
}

static int take_link(const struct nlmsghdr *message, void *context)
{
	const struct ifinfomsg *head = mnl_nlmsg_get_payload(message);
	struct path_link *link = context;
	const struct nlattr *attribute;
	__u8 carrier = 0;

	if (message->nlmsg_type != RTM_NEWLINK || mnl_nlmsg_get_payload_len(message) < sizeof(*head))
		return MNL_CB_STOP;
	link->flags = head->ifi_flags;
	link->type = head->ifi_type;
	mnl_attr_for_each(attribute, message, sizeof(*head)) {
		size_t size = mnl_attr_get_payload_len(attribute);

		switch (mnl_attr_get_type(attribute)) {
		case IFLA_IFNAME:
			if (size < sizeof(link->name))
				memcpy(link->name, mnl_attr_get_payload(attribute), size);
			break;
		case IFLA_CARRIER:
			netlink_take(attribute, &carrier, sizeof(carrier));
			break;
		case IFLA_MASTER:
			netlink_take(attribute, &link->master, sizeof(link->master));
			break;
		}
	}
	link->has_carrier = carrier;
	return MNL_CB_STOP;
}

int path_link_read(unsigned int interface, struct path_link *link)
{
	union netlink_question question;
	struct ifinfomsg *head = netlink_begin(&question, RTM_GETLINK, 0, sizeof(*head));
	int err;

	*link = (struct path_link){ 0 };
	head->ifi_index = (int)interface;
	/* The counters are long, and not wanted. */
	mnl_attr_put_u32(&question.message, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
	err = netlink_ask(&question, take_link, link);
	if (err)
		return err;
	return *link->name ? 0 : -EPROTO;
}
