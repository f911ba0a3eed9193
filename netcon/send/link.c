// SPDX-License-Identifier: GPL-2.0-or-later
/* Word of a change only says that the kernel is to be asked again: that word may be lost then, too. */
#include "link.h"
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include "rtnetlink.h"
#include <linux/if.h> /* IFF_LOWER_UP; after net/if.h, which has the rest */

enum { NEWS_ROOM = 32768 };

/* It answers, or has answered lately. */
enum { NUD_ANSWERS = NUD_REACHABLE | NUD_STALE | NUD_DELAY | NUD_PERMANENT | NUD_NOARP };

struct link {
	const struct sockaddr_storage *receiver;
	const char *wanted; /* the interface; NULL: any */
	struct mnl_socket *questions, *news;
	struct next_hop hop;
	struct interface_state interface;
};

static int open_netlink(struct mnl_socket **socket, unsigned int groups)
{
	*socket = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	if (!*socket || mnl_socket_bind(*socket, groups, MNL_SOCKET_AUTOPID) < 0)
		return -errno;
	return 0;
}

int link_open(const struct sockaddr_storage *receiver, const char *interface, struct link **opened)
{
	struct link *link = calloc(1, sizeof(*link));
	int err;

	if (!link)
		return -ENOMEM;
	link->receiver = receiver;
	link->wanted = interface;
	err = open_netlink(&link->questions, 0);
	if (!err)
		err = open_netlink(&link->news, RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV4_ROUTE |
			RTMGRP_IPV6_IFADDR | RTMGRP_IPV6_ROUTE);
	if (err)
		link_close(link);
	else
		*opened = link;
	return err;
}

void link_close(struct link *link)
{
	if (!link)
		return;
	if (link->questions)
		mnl_socket_close(link->questions);
	if (link->news)
		mnl_socket_close(link->news);
	free(link);
}

int link_fd(const struct link *link)
{
	return mnl_socket_get_fd(link->news);
}

const char *link_interface(const struct link *link)
{
	return link->interface.name;
}

void link_want_neighbours(struct link *link, bool is_wanted)
{
	int group = RTNLGRP_NEIGH;

	mnl_socket_setsockopt(link->news, is_wanted ? NETLINK_ADD_MEMBERSHIP : NETLINK_DROP_MEMBERSHIP, &group,
		sizeof(group));
}

static bool has_carrier(unsigned int flags)
{
	return (flags & IFF_UP) && (flags & IFF_LOWER_UP);
}

static void take_news(const struct link *link, const struct nlmsghdr *message, struct link_news *news)
{
	const struct ifinfomsg *head = mnl_nlmsg_get_payload(message);

	if (message->nlmsg_type != RTM_NEWLINK && message->nlmsg_type != RTM_DELLINK)
		return;
	if (mnl_nlmsg_get_payload_len(message) < sizeof(*head) || head->ifi_index != (int)link->hop.interface)
		return;
	/* A bridge tells of its ports in messages of its own family, without the flags. */
	if (head->ifi_family == AF_UNSPEC && (message->nlmsg_type == RTM_DELLINK || !has_carrier(head->ifi_flags)))
		news->is_loss = true;
}

void link_read_news(struct link *link, struct link_news *news)
{
	char bytes[NEWS_ROOM] __attribute__((aligned(NLMSG_ALIGNTO)));

	*news = (struct link_news){ 0 };
	for (;;) {
		ssize_t got = recv(mnl_socket_get_fd(link->news), bytes, sizeof(bytes), MSG_DONTWAIT);
		const struct nlmsghdr *message = (const struct nlmsghdr *)bytes;
		int size = (int)got;

		/* ENOBUFS: there was more than the socket holds. */
		if (got < 0 && errno != ENOBUFS && errno != EINTR)
			return;
		news->is_any = true;
		for (; size > 0 && mnl_nlmsg_ok(message, size); message = mnl_nlmsg_next(message, &size))
			take_news(link, message, news);
	}
}

static int look_at_neighbour(struct link *link, struct link_view *view)
{
	unsigned int state;
	int err = rtnetlink_neighbour(link->questions, &link->hop, &state);

	view->neighbour_answers = state & NUD_ANSWERS;
	return err;
}

/* Errors that say that there is no way to the receiver now. */
static bool is_no_route(int err)
{
	return err == -ENETUNREACH || err == -EHOSTUNREACH || err == -ENODEV || err == -EACCES || err == -EINVAL ||
		err == -ENETDOWN || err == -EADDRNOTAVAIL;
}

static int find_hop(struct link *link)
{
	const struct sockaddr_in6 *address = (const struct sockaddr_in6 *)link->receiver;
	unsigned int index = link->wanted ? if_nametoindex(link->wanted) : 0;

	if (link->wanted && !index)
		return -ENODEV;
	if (!index && link->receiver->ss_family == AF_INET6)
		index = address->sin6_scope_id;
	return rtnetlink_route(link->questions, link->receiver, index, &link->hop);
}

int link_look(struct link *link, struct link_view *view)
{
	int err = find_hop(link);

	*view = (struct link_view){ 0 };
	link->interface = (struct interface_state){ 0 };
	if (!err)
		err = rtnetlink_interface(link->questions, link->hop.interface, &link->interface);
	if (err)
		return is_no_route(err) ? 0 : err;
	view->has_route = true;
	view->interface = link->hop.interface;
	view->has_carrier = has_carrier(link->interface.flags);
	view->carrier_changes = link->interface.carrier_changes;
	view->is_immediate = link->interface.flags & (IFF_LOOPBACK | IFF_NOARP);
	view->needs_neighbour = link->hop.is_unicast && !view->is_immediate;
	return view->needs_neighbour ? look_at_neighbour(link, view) : 0;
}

int link_ask_neighbour(struct link *link)
{
	return rtnetlink_use_neighbour(link->questions, &link->hop);
}
