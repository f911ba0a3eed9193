/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A question to the kernel's rtnetlink(7), and its one answer, by libmnl. */
#ifndef KERNKIT_NETCON_ROUTE_NETLINK_H
#define KERNKIT_NETCON_ROUTE_NETLINK_H

#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <stdbool.h>
#include <stddef.h>
#include "address.h"

/* With room for the few attributes of a question. */
union netlink_question {
	struct nlmsghdr message;
	char bytes[256];
};

/* Begins one of that type. Returns its header, size bytes of zero. */
void *netlink_begin(union netlink_question *question, __u16 type, __u16 flags, size_t size);

/* Adds an address, without its port. */
void netlink_put_address(union netlink_question *question, __u16 type, const union address *address);

/*
 * Sends it. take gets the answer, and returns MNL_CB_STOP; with NLM_F_ACK there is none, and take is NULL. 0; or a
 * negative errno: the kernel's own, or that of the socket; -ETIMEDOUT: there was no answer.
 */
int netlink_ask(const union netlink_question *question, mnl_cb_t take, void *context);

/* Copies the attribute into value. False: it is shorter than size, or longer. */
bool netlink_take(const struct nlattr *attribute, void *value, size_t size);

#endif
