// SPDX-License-Identifier: GPL-2.0-or-later
/* Word of a change only says that the kernel is to be asked again: that word may be lost then, too. */
#include "link.h"
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include "../route/route.h"

enum { NEWS_ROOM = 32768 };

/* It answers, or has answered lately. */
enum { NUD_ANSWERS = NUD_REACHABLE | NUD_STALE | NUD_DELAY | NUD_PERMANENT | NUD_NOARP };

struct link {
	const union address *receiver;
	const char *wanted; /* the interface; NULL: any */
	struct mnl_socket *news;
	struct route route;
	struct interface_state interface;
};

static int open_news(struct link *link)
{
	const unsigned int groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_IFADDR |
		RTMGRP_IPV6_ROUTE;

	link->news = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	return link->news && mnl_socket_bind(link->news, groups, MNL_SOCKET_AUTOPID) >= 0 ? 0 : -errno;
}

int link_open(const union address *receiver, const char *interface, struct link **opened)
{
	struct link *link = calloc(1, sizeof(*link));
	int err;

	if (!link)
		return -ENOMEM;
	link->receiver = receiver;
	link->wanted = interface;
	err = open_news(link);
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

static void take_news(const struct link *link, const struct nlmsghdr *message, struct link_news *news)
{
	const struct ifinfomsg *head = mnl_nlmsg_get_payload(message);

	if (message->nlmsg_type != RTM_NEWLINK && message->nlmsg_type != RTM_DELLINK)
		return;
	if (mnl_nlmsg_get_payload_len(message) < sizeof(*head) || head->ifi_index != (int)link->route.interface)
		return;
	/* A bridge tells of its ports in messages of its own family, without the flags. */
	if (head->ifi_family == AF_UNSPEC &&
		(message->nlmsg_type == RTM_DELLINK || !interface_has_carrier(head->ifi_flags)))
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
	struct neighbour_state neighbour;
	int err = neighbour_read(&link->route, &neighbour);

	view->neighbour_answers = neighbour.state & NUD_ANSWERS;
	return err;
}

/* Errors that say that there is no way to the receiver now. */
static bool is_no_route(int err)
{
	return err == -ENETUNREACH || err == -EHOSTUNREACH || err == -ENODEV || err == -EACCES || err == -EINVAL ||
		err == -ENETDOWN || err == -EADDRNOTAVAIL;
}

static int find_route(struct link *link)
{
	unsigned int index = link->wanted ? if_nametoindex(link->wanted) : 0;

	if (link->wanted && !index)
		return -ENODEV;
	return route_find(link->receiver, index, NULL, &link->route);
}

int link_look(struct link *link, struct link_view *view)
{
	int err = find_route(link);

	*view = (struct link_view){ 0 };
	link->interface = (struct interface_state){ 0 };
	if (!err)
		err = interface_read(link->route.interface, &link->interface);
	if (err)
		return is_no_route(err) ? 0 : err;
	view->has_route = true;
	view->interface = link->route.interface;
	view->has_carrier = interface_has_carrier(link->interface.flags);
	view->carrier_changes = link->interface.carrier_changes;
	view->is_immediate = link->interface.flags & (IFF_LOOPBACK | IFF_NOARP);
	view->needs_neighbour = link->route.kind == ROUTE_UNICAST && !view->is_immediate;
	return view->needs_neighbour ? look_at_neighbour(link, view) : 0;
}

int link_ask_neighbour(struct link *link)
{
	return neighbour_use(&link->route);
}
