// SPDX-License-Identifier: GPL-2.0-or-later
#include "address.h"
#include <arpa/inet.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include "../../lib/text/endpoint.h"
#include "../../lib/text/number.h"

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

static int parse_ipv6(char *text, struct sockaddr_in6 *ipv6)
{
	char *scope = strchr(text, '%');

	if (scope)
		*scope++ = 0;
	ipv6->sin6_family = AF_INET6;
	if (inet_pton(AF_INET6, text, &ipv6->sin6_addr) != 1)
		return -EINVAL;
	return scope ? parse_scope(scope, &ipv6->sin6_scope_id) : 0;
}

int address_parse(const char *text, union address *address)
{
	union address parsed = { 0 };
	char copy[ADDRESS_TEXT_MAX];
	int err = 0;

	if (strlen(text) >= sizeof(copy))
		return -EINVAL;
	strcpy(copy, text);
	if (inet_pton(AF_INET, copy, &parsed.ipv4.sin_addr) == 1)
		parsed.any.sa_family = AF_INET;
	else
		err = parse_ipv6(copy, &parsed.ipv6);
	if (!err)
		*address = parsed;
	return err;
}

int address_parse_with_port(const char *text, in_port_t usual_port, union address *address)
{
	struct endpoint endpoint;
	union address parsed;
	int err = endpoint_parse(text, usual_port, &endpoint);

	if (!err)
		err = address_parse(endpoint.host, &parsed);
	if (err)
		return err;
	address_set_port(&parsed, endpoint.port);
	*address = parsed;
	return 0;
}

static bool is_ipv6(const union address *address)
{
	return address->any.sa_family == AF_INET6;
}

char *address_print(char *text, const union address *address)
{
	char interface[IF_NAMESIZE];
	__u32 scope = is_ipv6(address) ? address->ipv6.sin6_scope_id : 0;
	size_t size;

	if (!inet_ntop(address->any.sa_family, address_bytes(address, &size), text, INET6_ADDRSTRLEN))
		*text = 0;
	if (scope && if_indextoname(scope, interface))
		sprintf(text + strlen(text), "%%%s", interface);
	else if (scope)
		sprintf(text + strlen(text), "%%%u", scope);
	return text;
}

char *address_print_with_port(char *text, const union address *address)
{
	char alone[ADDRESS_TEXT_MAX];

	address_print(alone, address);
	snprintf(text, ADDRESS_TEXT_MAX, is_ipv6(address) ? "[%.*s]:%u" : "%.*s:%u", ADDRESS_TEXT_MAX - 10, alone,
		(unsigned int)address_port(address));
	return text;
}

const void *address_bytes(const union address *address, size_t *size)
{
	if (is_ipv6(address)) {
		*size = sizeof(address->ipv6.sin6_addr);
		return &address->ipv6.sin6_addr;
	}
	*size = sizeof(address->ipv4.sin_addr);
	return &address->ipv4.sin_addr;
}

socklen_t address_length(const union address *address)
{
	return is_ipv6(address) ? sizeof(address->ipv6) : sizeof(address->ipv4);
}

in_port_t address_port(const union address *address)
{
	return ntohs(is_ipv6(address) ? address->ipv6.sin6_port : address->ipv4.sin_port);
}

void address_set_port(union address *address, in_port_t port)
{
	if (is_ipv6(address))
		address->ipv6.sin6_port = htons(port);
	else
		address->ipv4.sin_port = htons(port);
}
