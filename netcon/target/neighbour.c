// SPDX-License-Identifier: GPL-2.0-or-later
/* The MAC address of the next hop. */
#include <errno.h>
#include <linux/neighbour.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "../route/netlink.h"
#include "path.h"

/* Between two looks at the table. */
enum { PAUSE_MS = 50 };

/* Makes the question one about the next hop, and returns it. */
static const union netlink_question *about(union netlink_question *question, const struct path *path, __u16 type,
	__u16 flags)
{
	const union address *hop = &path->next_hop;
	struct ndmsg *head = netlink_begin(question, type, flags, sizeof(*head));

	head->ndm_family = (unsigned char)hop->any.sa_family;
	head->ndm_ifindex = (int)path->interface;
	/* The kernel behaves as if it had something to send. */
	if (type == RTM_NEWNEIGH)
		head->ndm_flags = NTF_USE;
	if (hop->any.sa_family == AF_INET6)
		mnl_attr_put(&question->message, NDA_DST, sizeof(hop->ipv6.sin6_addr), &hop->ipv6.sin6_addr);
	else
		mnl_attr_put(&question->message, NDA_DST, sizeof(hop->ipv4.sin_addr), &hop->ipv4.sin_addr);
	return question;
}

struct answer {
	unsigned int state; /* NUD_... */
	bool has_mac;
	__u8 mac[ETH_ALEN];
};

static int take_neighbour(const struct nlmsghdr *message, void *context)
{
	const struct ndmsg *head = mnl_nlmsg_get_payload(message);
	struct answer *answer = context;
	const struct nlattr *attribute;

	if (message->nlmsg_type != RTM_NEWNEIGH || mnl_nlmsg_get_payload_len(message) < sizeof(*head))
		return MNL_CB_STOP;
	answer->state = head->ndm_state;
	mnl_attr_for_each(attribute, message, sizeof(*head))
		if (mnl_attr_get_type(attribute) == NDA_LLADDR)
			answer->has_mac = netlink_take(attribute, answer->mac, ETH_ALEN);
	return MNL_CB_STOP;
}

/* 0; -EAGAIN: the kernel is asking; -ENOENT: it has not asked, or had no answer. */
static int look_up(const struct path *path, __u8 mac[ETH_ALEN])
{
	union netlink_question question;
	struct answer answer = { 0 };
	int err = netlink_ask(about(&question, path, RTM_GETNEIGH, 0), take_neighbour, &answer);

	if (err)
		return err;
	if (answer.state & NUD_INCOMPLETE)
		return -EAGAIN;
	if (!answer.has_mac || !(answer.state & (NUD_PERMANENT | NUD_REACHABLE | NUD_STALE | NUD_DELAY | NUD_PROBE)))
		return -ENOENT;
	memcpy(mac, answer.mac, ETH_ALEN);
	return 0;
}

/* An empty datagram to the discard port, for who may not change the table. */
static int provoke_by_datagram(const struct path *path)
{
	union address hop = path->next_hop;
	int fd = socket(hop.any.sa_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), err = 0;

	if (fd < 0)
		return -errno;
	address_set_port(&hop, 9);
	if (sendto(fd, "", 0, 0, &hop.any, address_length(&hop)) < 0 && errno != EAGAIN)
		err = -errno;
	close(fd);
	return err;
}

static int provoke(const struct path *path)
{
	union netlink_question question;
	int err = netlink_ask(about(&question, path, RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_ACK), NULL, NULL);

	return err == -EPERM ? provoke_by_datagram(path) : err;
}

static double seconds_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int resolve(const struct path *path, double seconds, __u8 mac[ETH_ALEN])
{
	double end = seconds_now() + seconds;

	for (;;) {
		int err = look_up(path, mac);

		if (err == -ENOENT)
			err = provoke(path);
		else if (err != -EAGAIN)
			return err;
		if (err && err != -EAGAIN)
			return err;
		if (seconds_now() >= end)
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

int path_find_mac(const struct path *path, double seconds, __u8 mac[ETH_ALEN])
{
	switch (path->kind) {
	case PATH_LOCAL:
		return -EINVAL;
	case PATH_BROADCAST:
		memset(mac, 0xff, ETH_ALEN);
		return 0;
	case PATH_MULTICAST:
		mac_of_group(&path->next_hop, mac);
		return 0;
	default:
		return resolve(path, seconds, mac);
	}
}
