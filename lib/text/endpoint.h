/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text to the address and port that datagrams go to, and back. */
#ifndef KERNKIT_TEXT_ENDPOINT_H
#define KERNKIT_TEXT_ENDPOINT_H

#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>

/* The grammar in words, for help and errors. */
#define ENDPOINT_RULE "ADDRESS, ADDRESS:PORT, [IPV6ADDRESS] or [IPV6ADDRESS]:PORT"

/* As connect(2) takes it, with endpoint_size. */
union endpoint {
	struct sockaddr any; /* sa_family: AF_INET or AF_INET6 */
	struct sockaddr_in ipv4;
	struct sockaddr_in6 ipv6;
};

enum { ENDPOINT_TEXT_MAX = INET6_ADDRSTRLEN + IF_NAMESIZE + 10 };

/*
 * All of text: a numerical address, and a port from 1 to 65535; usual_port, in the host's order, if there is
 * none. An IPv6 address without brackets has none. "%INTERFACE" may stand behind an IPv6 address. 0 and
 * *endpoint; or -EINVAL: text is not that; -ENODEV: there is no such interface. *endpoint then stays as it was.
 */
int endpoint_parse(const char *text, in_port_t usual_port, union endpoint *endpoint);

/* The address alone, without a port, which becomes 0. */
int endpoint_parse_address(const char *text, union endpoint *endpoint);

/* "192.0.2.1:6666", "[fe80::1%eth0]:6666". text has room for ENDPOINT_TEXT_MAX. Returns text. */
char *endpoint_print(char *text, const union endpoint *endpoint);

/* The address alone, without brackets. */
char *endpoint_print_address(char *text, const union endpoint *endpoint);

socklen_t endpoint_size(const union endpoint *endpoint);

/* In the host's order. */
in_port_t endpoint_port(const union endpoint *endpoint);
void endpoint_set_port(union endpoint *endpoint, in_port_t port);

#endif
