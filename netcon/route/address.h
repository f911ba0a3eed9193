/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An address with a port, as connect(2) takes it and as users type it. */
#ifndef KERNKIT_NETCON_ROUTE_ADDRESS_H
#define KERNKIT_NETCON_ROUTE_ADDRESS_H

#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>

union address {
	struct sockaddr any; /* sa_family: AF_INET or AF_INET6; 0: none */
	struct sockaddr_in ipv4;
	struct sockaddr_in6 ipv6;
};

enum { ADDRESS_TEXT_MAX = INET6_ADDRSTRLEN + IF_NAMESIZE + 10 };

/*
 * All of text: a numerical address, "192.0.2.1", "fe80::1%eth0". Its port is 0. 0 and *address; or -EINVAL: text is
 * not that; -ENODEV: there is no such interface. *address then stays as it was.
 */
int address_parse(const char *text, union address *address);

/*
 * The same with a port behind it, as lib/text/endpoint.h has it: "192.0.2.1:6666", "[fe80::1%eth0]:6666"; without
 * one it is usual_port, in the host's order.
 */
int address_parse_with_port(const char *text, in_port_t usual_port, union address *address);

/* "fe80::1%eth0": the address alone. text has room for ADDRESS_TEXT_MAX. Returns text. */
char *address_print(char *text, const union address *address);

/* "192.0.2.1:6666", "[fe80::1%eth0]:6666". */
char *address_print_with_port(char *text, const union address *address);

/* The address alone, as packets have it. */
const void *address_bytes(const union address *address, size_t *size);

/* For connect(2). */
socklen_t address_length(const union address *address);

/* In the host's order. */
in_port_t address_port(const union address *address);
void address_set_port(union address *address, in_port_t port);

#endif
