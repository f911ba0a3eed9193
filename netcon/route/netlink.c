// SPDX-License-Identifier: GPL-2.0-or-later
#include "netlink.h"
#include <errno.h>
#include <string.h>
#include <sys/time.h>

/* An interface may have a long answer. */
enum { ANSWER_ROOM = 32768, SEQUENCE = 1 };

void *netlink_begin(union netlink_question *question, __u16 type, __u16 flags, size_t size)
{
	struct nlmsghdr *message = mnl_nlmsg_put_header(question->bytes);

	message->nlmsg_type = type;
	message->nlmsg_flags = NLM_F_REQUEST | flags;
	message->nlmsg_seq = SEQUENCE;
	return mnl_nlmsg_put_extra_header(message, size);
}

void netlink_put_address(union netlink_question *question, __u16 type, const union address *address)
{
	size_t size;
	const void *bytes = address_bytes(address, &size);

	mnl_attr_put(&question->message, type, size, bytes);
}

static int exchange(struct mnl_socket *socket, const union netlink_question *question, mnl_cb_t take, void *context)
{
	const struct timeval patience = { .tv_sec = 10 };
	char answer[ANSWER_ROOM] __attribute__((aligned(NLMSG_ALIGNTO)));
	int went = MNL_CB_OK;

	if (mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) < 0 ||
		setsockopt(mnl_socket_get_fd(socket), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) ||
		mnl_socket_sendto(socket, question, question->message.nlmsg_len) < 0)
		return -errno;
	while (went == MNL_CB_OK) {
		ssize_t size = mnl_socket_recvfrom(socket, answer, sizeof(answer));

		if (size < 0)
			return errno == EAGAIN ? -ETIMEDOUT : -errno;
		went = mnl_cb_run(answer, (size_t)size, SEQUENCE, mnl_socket_get_portid(socket), take, context);
	}
	return went < 0 ? -errno : 0;
}

/* Each has a socket of its own, so that no answer can be that of an earlier question. */
int netlink_ask(const union netlink_question *question, mnl_cb_t take, void *context)
{
	struct mnl_socket *socket = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	int err;

	if (!socket)
		return -errno;
	err = exchange(socket, question, take, context);
	mnl_socket_close(socket);
	return err;
}

bool netlink_take(const struct nlattr *attribute, void *value, size_t size)
{
	if (mnl_attr_get_payload_len(attribute) != size)
		return false;
	memcpy(value, mnl_attr_get_payload(attribute), size);
	return true;
}
