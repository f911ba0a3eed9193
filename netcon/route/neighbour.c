// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <linux/neighbour.h>
#include "netlink.h"
#include "route.h"

/* Begins a question about the next hop, and returns its header. */
static struct ndmsg *begin(union netlink_question *question, const struct route *route, __u16 type, __u16 flags)
{
	struct ndmsg *head = netlink_begin(question, type, flags, sizeof(*head));

	head->ndm_family = (unsigned char)route->next_hop.any.sa_family;
	head->ndm_ifindex = (int)route->interface;
	netlink_put_address(question, NDA_DST, &route->next_hop);
	return head;
}

static int take_neighbour(const struct nlmsghdr *message, void *context)
{
	const struct ndmsg *head = mnl_nlmsg_get_payload(message);
	struct neighbour_state *neighbour = context;
	const struct nlattr *attribute;

	if (message->nlmsg_type != RTM_NEWNEIGH || mnl_nlmsg_get_payload_len(message) < sizeof(*head))
		return MNL_CB_STOP;
	neighbour->state = head->ndm_state;
	mnl_attr_for_each(attribute, message, sizeof(*head))
		if (mnl_attr_get_type(attribute) == NDA_LLADDR)
			neighbour->has_mac = netlink_take(attribute, neighbour->mac, ETH_ALEN);
	return MNL_CB_STOP;
}

int neighbour_read(const struct route *route, struct neighbour_state *neighbour)
{
	union netlink_question question;
	int err;

	*neighbour = (struct neighbour_state){ 0 };
	begin(&question, route, RTM_GETNEIGH, 0);
	err = netlink_ask(&question, take_neighbour, neighbour);
	return err == -ENOENT ? 0 : err;
}

int neighbour_use(const struct route *route)
{
	union netlink_question question;

	/* The kernel behaves as if it had something to send. */
	begin(&question, route, RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_ACK)->ndm_flags = NTF_USE;
	return netlink_ask(&question, NULL, NULL);
}
