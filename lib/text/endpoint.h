/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text to an address or name, and a port. */
#ifndef KERNKIT_ENDPOINT_H
#define KERNKIT_ENDPOINT_H

#include <linux/types.h>

/* The grammar in words, for help and errors. */
#define ENDPOINT_RULE "ADDRESS, ADDRESS:PORT, [V6ADDRESS] or [V6ADDRESS]:PORT"

enum { ENDPOINT_HOST_MAX = 256 };

struct endpoint {
	char host[ENDPOINT_HOST_MAX]; /* without brackets; never empty */
	__u16 port;
};

/*
 * All of text: "192.0.2.1", "name:6666", "[2001:db8::1]:6666", "2001:db8::1". port: the one that it means if it names
 * none. 0 and *endpoint; or -EINVAL: text is not that.
 */
int endpoint_parse(const char *text, __u16 port, struct endpoint *endpoint);

#endif
