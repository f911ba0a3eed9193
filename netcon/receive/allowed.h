/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whose messages are taken: a list of networks. */
#ifndef KERNKIT_NETCON_ALLOWED_H
#define KERNKIT_NETCON_ALLOWED_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>

struct network {
	struct in6_addr address; /* of IPv4: mapped */
	unsigned int bits;
};

struct allowed {
	struct network *networks;
	size_t count; /* 0: everybody */
};

/*
 * Adds "192.0.2.0/24", "2001:db8::/32" or one address. 0; -EINVAL: text is not that, or has bits behind the prefix; -ENOMEM.
 */
int allowed_add(struct allowed *allowed, const char *text);

bool allowed_has(const struct allowed *allowed, const struct in6_addr *address);

void allowed_free(struct allowed *allowed);

#endif
