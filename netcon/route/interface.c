// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>
#include "netlink.h"
#include "route.h"
#include <linux/if.h> /* IFF_LOWER_UP; after net/if.h, which has the rest */

static int take_interface(const struct nlmsghdr *message, void *context)
{
	const struct ifinfomsg *head = mnl_nlmsg_get_payload(message);
	struct interface_state *state = context;
	const struct nlattr *attribute;

	if (message->nlmsg_type != RTM_NEWLINK || mnl_nlmsg_get_payload_len(message) < sizeof(*head))
		return MNL_CB_STOP;
	state->flags = head->ifi_flags;
	state->type = head->ifi_type;
	mnl_attr_for_each(attribute, message, sizeof(*head)) {
		size_t size = mnl_attr_get_payload_len(attribute);

		switch (mnl_attr_get_type(attribute)) {
		case IFLA_IFNAME:
			if (size <= sizeof(state->name) && mnl_attr_validate(attribute, MNL_TYPE_NUL_STRING) >= 0)
				memcpy(state->name, mnl_attr_get_str(attribute), size);
			break;
		case IFLA_CARRIER_CHANGES:
			netlink_take(attribute, &state->carrier_changes, sizeof(state->carrier_changes));
			break;
		case IFLA_MASTER:
			netlink_take(attribute, &state->master, sizeof(state->master));
			break;
		}
	}
	return MNL_CB_STOP;
}

int interface_read(unsigned int index, struct interface_state *state)
{
	union netlink_question question;
	struct ifinfomsg *head = netlink_begin(&question, RTM_GETLINK, 0, sizeof(*head));
	int err;

	*state = (struct interface_state){ 0 };
	head->ifi_index = (int)index;
	/* The counters are long, and not wanted. */
	mnl_attr_put_u32(&question.message, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
	err = netlink_ask(&question, take_interface, state);
	if (err)
		return err;
	return *state->name ? 0 : -EPROTO;
}

bool interface_has_carrier(unsigned int flags)
{
	return (flags & IFF_UP) && (flags & IFF_LOWER_UP);
}
