// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include "endpoint.h"
#include "number.h"

/* What stands behind the %: the name of an interface, or its number. */
static int parse_scope(const char *text, __u32 *scope)
{
	__u64 number;

	if (!*text)
		return -EINVAL;
	*scope = if_nametoindex(text);
	if (*scope)
		return 0;
	if (number_parse(text, 1, ~(__u32)0, &number))
		return -ENODEV;
	*scope = (__u32)number;
	return 0;
}

static int parse_ipv6(char *address, struct sockaddr_in6 *ipv6)
{
	char *scope = strchr(address, '%');

	if (scope)
		*scope++ = 0;
	ipv6->sin6_family = AF_INET6;
	if (inet_pton(AF_INET6, address, &ipv6->sin6_addr) != 1)
		return -EINVAL;
	return scope ? parse_scope(scope, &ipv6->sin6_scope_id) : 0;
}

int endpoint_parse_address(const char *text, union endpoint *endpoint)
{
	union endpoint parsed = { 0 };
	char address[ENDPOINT_TEXT_MAX];
	int err = 0;

	if (strlen(text) >= sizeof(address))
		return -EINVAL;
	strcpy(address, text);
	if (inet_pton(AF_INET, address, &parsed.ipv4.sin_addr) == 1)
		parsed.any.sa_family = AF_INET;
	else
		err = parse_ipv6(address, &parsed.ipv6);
	if (!err)
		*endpoint = parsed;
	return err;
}

/* Takes text apart: address, and *port, NULL if there is none. */
static int split(char *text, char **address, const char **port)
{
	char *end;

	*address = text;
	*port = NULL;
	if (*text == '[') {
		*address = text + 1;
		end = strchr(text, ']');
		if (!end || !strchr(text, ':') || strchr(text, ':') > end || (end[1] && end[1] != ':'))
			return -EINVAL;
		*port = end[1] ? end + 2 : NULL;
		*end = 0;
		return 0;
	}
	end = strchr(text, ':');
	/* Two colons: an IPv6 address, and all of it. */
	if (end && !strchr(end + 1, ':')) {
		*port = end + 1;
		*end = 0;
	}
	return 0;
}

int endpoint_parse(const char *text, in_port_t usual_port, union endpoint *endpoint)
{
	char copy[ENDPOINT_TEXT_MAX], *address;
	union endpoint parsed;
	__u64 number = usual_port;
	const char *port;
	int err;

	if (strlen(text) >= sizeof(copy))
		return -EINVAL;
	strcpy(copy, text);
	err = split(copy, &address, &port);
	if (!err && port && number_parse(port, 1, 65535, &number))
		err = -EINVAL;
	if (!err)
		err = endpoint_parse_address(address, &parsed);
	if (err)
		return err;
	endpoint_set_port(&parsed, (in_port_t)number);
	*endpoint = parsed;
	return 0;
}

char *endpoint_print_address(char *text, const union endpoint *endpoint)
{
	char interface[IF_NAMESIZE];
	__u32 scope = endpoint->any.sa_family == AF_INET6 ? endpoint->ipv6.sin6_scope_id : 0;
	const void *address = endpoint->any.sa_family == AF_INET6 ? (const void *)&endpoint->ipv6.sin6_addr
								  : (const void *)&endpoint->ipv4.sin_addr;

	if (!inet_ntop(endpoint->any.sa_family, address, text, INET6_ADDRSTRLEN))
		*text = 0;
	if (scope && if_indextoname(scope, interface))
		sprintf(text + strlen(text), "%%%s", interface);
	else if (scope)
		sprintf(text + strlen(text), "%%%u", scope);
	return text;
}

char *endpoint_print(char *text, const union endpoint *endpoint)
{
	char address[ENDPOINT_TEXT_MAX];
	bool is_ipv6 = endpoint->any.sa_family == AF_INET6;

	endpoint_print_address(address, endpoint);
	snprintf(text, ENDPOINT_TEXT_MAX, is_ipv6 ? "[%.*s]:%u" : "%.*s:%u", ENDPOINT_TEXT_MAX - 10, address,
		(unsigned int)endpoint_port(endpoint));
	return text;
}

socklen_t endpoint_size(const union endpoint *endpoint)
{
	return endpoint->any.sa_family == AF_INET6 ? sizeof(endpoint->ipv6) : sizeof(endpoint->ipv4);
}

in_port_t endpoint_port(const union endpoint *endpoint)
{
	return ntohs(endpoint->any.sa_family == AF_INET6 ? endpoint->ipv6.sin6_port : endpoint->ipv4.sin_port);
}

void endpoint_set_port(union endpoint *endpoint, in_port_t port)
{
	if (endpoint->any.sa_family == AF_INET6)
		endpoint->ipv6.sin6_port = htons(port);
	else
		endpoint->ipv4.sin_port = htons(port);
}
