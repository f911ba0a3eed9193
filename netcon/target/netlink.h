/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A question to the kernel's rtnetlink, and its one answer: rtnetlink(7). */
#ifndef KERNKIT_NETCON_TARGET_NETLINK_H
#define KERNKIT_NETCON_TARGET_NETLINK_H

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stddef.h>

/* A message as it is built, or as it came. */
struct netlink_message {
	_Alignas(struct nlmsghdr) char bytes[16384];
};

/* Begins a message of that type, with a header of size bytes behind nlmsghdr, which is zero. Returns that header. */
void *netlink_begin(struct netlink_message *message, unsigned short type, unsigned short flags, size_t size);

/* Adds an attribute; the few that a question here has always have room. */
void netlink_add(struct netlink_message *message, unsigned short type, const void *value, size_t size);

/*
 * Sends it, and puts the answer in its place; with NLM_F_ACK there is none. 0; or a negative errno, the
 * kernel's own or that of the socket; -EPROTO: the answer is not whole.
 */
int netlink_ask(struct netlink_message *message);

/* The header behind nlmsghdr. NULL: the answer is of another type, or shorter than size bytes. */
const void *netlink_header(const struct netlink_message *message, unsigned short type, size_t size);

/*
 * Copies the attribute of that type, which stands behind a header of size header, into value. The number of
 * bytes that it has; 0: it is not there, or has more than room.
 */
size_t netlink_take(const struct netlink_message *message, size_t header, unsigned short type, void *value, size_t room);

#endif
