// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#include "netlink.h"

static struct nlmsghdr *head_of(struct netlink_message *message)
{
	return (struct nlmsghdr *)(void *)message->bytes;
}

static const struct nlmsghdr *answer_of(const struct netlink_message *message)
{
	return (const struct nlmsghdr *)(const void *)message->bytes;
}

void *netlink_begin(struct netlink_message *message, unsigned short type, unsigned short flags, size_t size)
{
	struct nlmsghdr *head = head_of(message);

	memset(message->bytes, 0, NLMSG_SPACE(size));
	head->nlmsg_type = type;
	head->nlmsg_flags = NLM_F_REQUEST | flags;
	head->nlmsg_len = (__u32)NLMSG_LENGTH(size);
	return NLMSG_DATA(head);
}

void netlink_add(struct netlink_message *message, unsigned short type, const void *value, size_t size)
{
	struct nlmsghdr *head = head_of(message);
	size_t at = NLMSG_ALIGN(head->nlmsg_len);
	struct rtattr *attribute = (struct rtattr *)(void *)(message->bytes + at);

	memset(attribute, 0, RTA_SPACE(size));
	attribute->rta_type = type;
	attribute->rta_len = (unsigned short)RTA_LENGTH(size);
	memcpy(RTA_DATA(attribute), value, size);
	head->nlmsg_len = (__u32)(at + RTA_LENGTH(size));
}

/* What a message of the kernel says: 0, or a negative errno. */
static int verdict_of(const struct netlink_message *message, size_t size)
{
	const struct nlmsghdr *head = answer_of(message);
	const struct nlmsgerr *error = NLMSG_DATA(head);

	if (size < sizeof(*head) || head->nlmsg_len < sizeof(*head) || head->nlmsg_len > size)
		return -EPROTO;
	if (head->nlmsg_type != NLMSG_ERROR)
		return 0;
	return head->nlmsg_len < NLMSG_LENGTH(sizeof(*error)) ? -EPROTO : error->error;
}

static int exchange(int fd, struct netlink_message *message)
{
	const struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	const struct timeval patience = { .tv_sec = 10 };
	struct sockaddr_nl from = { 0 };
	socklen_t from_size;
	ssize_t size;

	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) ||
		sendto(fd, message->bytes, head_of(message)->nlmsg_len, 0, (const struct sockaddr *)&kernel,
			sizeof(kernel)) < 0)
		return -errno;
	do {
		from_size = sizeof(from);
		size = recvfrom(fd, message->bytes, sizeof(message->bytes), MSG_TRUNC, (struct sockaddr *)&from,
			&from_size);
		/* Other processes can send to this socket, too. */
	} while ((size < 0 && errno == EINTR) || (size >= 0 && from.nl_pid));
	if (size < 0)
		return errno == EAGAIN ? -ETIMEDOUT : -errno;
	return (size_t)size > sizeof(message->bytes) ? -EPROTO : verdict_of(message, (size_t)size);
}

int netlink_ask(struct netlink_message *message)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE), err;

	if (fd < 0)
		return -errno;
	err = exchange(fd, message);
	close(fd);
	return err;
}

const void *netlink_header(const struct netlink_message *message, unsigned short type, size_t size)
{
	const struct nlmsghdr *head = answer_of(message);

	return head->nlmsg_type == type && head->nlmsg_len >= NLMSG_LENGTH(size) ? NLMSG_DATA(head) : NULL;
}

size_t netlink_take(const struct netlink_message *message, size_t header, unsigned short type, void *value, size_t room)
{
	const char *at = message->bytes + NLMSG_SPACE(header), *end = message->bytes + answer_of(message)->nlmsg_len;

	while (at < end && (size_t)(end - at) >= sizeof(struct rtattr)) {
		const struct rtattr *attribute = (const struct rtattr *)(const void *)at;
		size_t size;

		if (attribute->rta_len < sizeof(*attribute) || attribute->rta_len > (size_t)(end - at))
			return 0;
		size = RTA_PAYLOAD(attribute);
		if ((attribute->rta_type & NLA_TYPE_MASK) == type) {
			if (size > room)
				return 0;
			memcpy(value, RTA_DATA(attribute), size);
			return size;
		}
		/* The last one need not be filled up to the next border. */
		if (RTA_ALIGN(attribute->rta_len) >= (size_t)(end - at))
			return 0;
		at += RTA_ALIGN(attribute->rta_len);
	}
	return 0;
}
