// SPDX-License-Identifier: GPL-2.0-or-later
#include "rtnetlink.h"
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <string.h>
#include "clock.h"

/* Of a request. Answers may be longer: an interface has long statistics. */
enum { REQUEST_ROOM = 256, ANSWER_ROOM = 32768 };

static const void *address_bytes(const struct sockaddr_storage *address, size_t *size)
{
	if (address->ss_family == AF_INET) {
		*size = sizeof(struct in_addr);
		return &((const struct sockaddr_in *)address)->sin_addr;
	}
	*size = sizeof(struct in6_addr);
	return &((const struct sockaddr_in6 *)address)->sin6_addr;
}

static void put_address(struct nlmsghdr *request, __u16 type, const struct sockaddr_storage *address)
{
	size_t size;
	const void *bytes = address_bytes(address, &size);

	mnl_attr_put(request, type, size, bytes);
}

/* false: size is not that of an address of the family. */
static bool take_address(struct sockaddr_storage *address, int family, const void *bytes, size_t size)
{
	struct sockaddr_storage taken = { .ss_family = (sa_family_t)family };
	size_t wanted;
	void *place = (void *)address_bytes(&taken, &wanted);

	if ((family != AF_INET && family != AF_INET6) || size != wanted)
		return false;
	memcpy(place, bytes, size);
	*address = taken;
	return true;
}

/* A request and its one answer, which take reads: MNL_CB_STOP. */
static int ask(struct mnl_socket *socket, struct nlmsghdr *request, mnl_cb_t take, void *context)
{
	char answer[ANSWER_ROOM] __attribute__((aligned(NLMSG_ALIGNTO)));
	unsigned int port = mnl_socket_get_portid(socket);
	int went = MNL_CB_OK;

	request->nlmsg_seq = (__u32)clock_now();
	if (mnl_socket_sendto(socket, request, request->nlmsg_len) < 0)
		return -errno;
	while (went == MNL_CB_OK) {
		ssize_t size = mnl_socket_recvfrom(socket, answer, sizeof(answer));

		if (size < 0)
			return -errno;
		went = mnl_cb_run(answer, (size_t)size, request->nlmsg_seq, port, take, context);
		/* Of an earlier question that was given up. */
		if (went < 0 && errno == EPROTO)
			went = MNL_CB_OK;
	}
	return went < 0 ? -errno : 0;
}

static bool is_valid(const struct nlattr *attribute, enum mnl_attr_data_type type)
{
	return mnl_attr_validate(attribute, type) >= 0;
}

/* What a route says besides the next hop. */
struct route_answer {
	struct next_hop *hop;
	unsigned char type;
	bool has_source;
};

static int take_route(const struct nlmsghdr *message, void *context)
{
	const struct rtmsg *head = mnl_nlmsg_get_payload(message);
	struct route_answer *route = context;
	struct nlattr *attribute;

	route->type = head->rtm_type;
	mnl_attr_for_each(attribute, message, sizeof(*head)) {
		const void *bytes = mnl_attr_get_payload(attribute);
		size_t size = mnl_attr_get_payload_len(attribute);
		const struct rtvia *via = bytes;

		switch (mnl_attr_get_type(attribute)) {
		case RTA_OIF:
			if (is_valid(attribute, MNL_TYPE_U32))
				route->hop->interface = mnl_attr_get_u32(attribute);
			break;
		case RTA_GATEWAY:
			take_address(&route->hop->neighbour, head->rtm_family, bytes, size);
			break;
		case RTA_VIA:
			if (size > sizeof(*via))
				take_address(&route->hop->neighbour, via->rtvia_family, via->rtvia_addr, size - sizeof(*via));
			break;
		case RTA_PREFSRC:
			route->has_source = true;
			break;
		}
	}
	return MNL_CB_STOP;
}

int rtnetlink_route(struct mnl_socket *socket, const struct sockaddr_storage *address, unsigned int interface,
	struct next_hop *hop)
{
	char bytes[REQUEST_ROOM] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *request = mnl_nlmsg_put_header(bytes);
	struct rtmsg *head = mnl_nlmsg_put_extra_header(request, sizeof(*head));
	struct route_answer route = { .hop = hop };
	size_t size;
	const void *target = address_bytes(address, &size);
	int err;

	request->nlmsg_type = RTM_GETROUTE;
	request->nlmsg_flags = NLM_F_REQUEST;
	head->rtm_family = (unsigned char)address->ss_family;
	head->rtm_dst_len = (unsigned char)(8 * size);
	put_address(request, RTA_DST, address);
	if (interface)
		mnl_attr_put_u32(request, RTA_OIF, interface);
	*hop = (struct next_hop){ 0 };
	take_address(&hop->neighbour, address->ss_family, target, size);
	err = ask(socket, request, take_route, &route);
	if (err)
		return err;
	if (!hop->interface || !route.has_source)
		return -ENETUNREACH;
	hop->is_unicast = route.type == RTN_UNICAST || route.type == RTN_ANYCAST;
	return hop->is_unicast || route.type == RTN_LOCAL || route.type == RTN_BROADCAST || route.type == RTN_MULTICAST ?
		0 : -ENETUNREACH;
}

static int take_interface(const struct nlmsghdr *message, void *context)
{
	const struct ifinfomsg *head = mnl_nlmsg_get_payload(message);
	struct interface_state *state = context;
	struct nlattr *attribute;

	state->flags = head->ifi_flags;
	mnl_attr_for_each(attribute, message, sizeof(*head)) {
		size_t size = mnl_attr_get_payload_len(attribute);

		switch (mnl_attr_get_type(attribute)) {
		case IFLA_IFNAME:
			if (size <= sizeof(state->name) && is_valid(attribute, MNL_TYPE_NUL_STRING))
				memcpy(state->name, mnl_attr_get_str(attribute), size);
			break;
		case IFLA_CARRIER_CHANGES:
			if (is_valid(attribute, MNL_TYPE_U32))
				state->carrier_changes = mnl_attr_get_u32(attribute);
			break;
		}
	}
	return MNL_CB_STOP;
}

int rtnetlink_interface(struct mnl_socket *socket, unsigned int index, struct interface_state *state)
{
	char bytes[REQUEST_ROOM] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *request = mnl_nlmsg_put_header(bytes);
	struct ifinfomsg *head = mnl_nlmsg_put_extra_header(request, sizeof(*head));

	request->nlmsg_type = RTM_GETLINK;
	request->nlmsg_flags = NLM_F_REQUEST;
	head->ifi_index = (int)index;
	/* The counters are long, and not wanted. */
	mnl_attr_put_u32(request, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
	*state = (struct interface_state){ 0 };
	return ask(socket, request, take_interface, state);
}

static struct nlmsghdr *neighbour_request(char *bytes, const struct next_hop *hop, __u16 type, __u16 flags)
{
	struct nlmsghdr *request = mnl_nlmsg_put_header(bytes);
	struct ndmsg *head = mnl_nlmsg_put_extra_header(request, sizeof(*head));

	request->nlmsg_type = type;
	request->nlmsg_flags = NLM_F_REQUEST | flags;
	head->ndm_family = (unsigned char)hop->neighbour.ss_family;
	head->ndm_ifindex = (int)hop->interface;
	if (type == RTM_NEWNEIGH)
		head->ndm_flags = NTF_USE;
	put_address(request, NDA_DST, &hop->neighbour);
	return request;
}

static int take_neighbour(const struct nlmsghdr *message, void *context)
{
	const struct ndmsg *head = mnl_nlmsg_get_payload(message);

	*(unsigned int *)context = head->ndm_state;
	return MNL_CB_STOP;
}

int rtnetlink_neighbour(struct mnl_socket *socket, const struct next_hop *hop, unsigned int *state)
{
	char bytes[REQUEST_ROOM] __attribute__((aligned(NLMSG_ALIGNTO)));
	int err;

	*state = NUD_NONE;
	err = ask(socket, neighbour_request(bytes, hop, RTM_GETNEIGH, 0), take_neighbour, state);
	return err == -ENOENT ? 0 : err;
}

int rtnetlink_use_neighbour(struct mnl_socket *socket, const struct next_hop *hop)
{
	char bytes[REQUEST_ROOM] __attribute__((aligned(NLMSG_ALIGNTO)));

	return ask(socket, neighbour_request(bytes, hop, RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_ACK), NULL, NULL);
}
