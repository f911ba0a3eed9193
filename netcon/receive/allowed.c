// SPDX-License-Identifier: GPL-2.0-or-later
#include "allowed.h"
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "../../lib/text/number.h"

static bool has_prefix(const struct in6_addr *address, const struct network *network)
{
	unsigned int bytes = network->bits / 8, bits = network->bits % 8;
	unsigned int mask = 0xff00U >> bits & 0xff;

	return !memcmp(address, &network->address, bytes) &&
		(!bits || !((address->s6_addr[bytes] ^ network->address.s6_addr[bytes]) & mask));
}

static bool is_zero_behind(const struct network *network)
{
	static const struct in6_addr zero;
	struct in6_addr rest = network->address;
	unsigned int bytes = network->bits / 8, bits = network->bits % 8;

	memset(&rest, 0, bytes);
	if (bits)
		rest.s6_addr[bytes] &= (__u8)(0xffU >> bits);
	return !memcmp(&rest, &zero, sizeof(rest));
}

static int parse_network(const char *text, struct network *network)
{
	const char *slash = strchrnul(text, '/');
	unsigned int mapped = strchr(text, ':') ? 0 : 96;
	__u64 bits = 128 - mapped;
	char address[INET6_ADDRSTRLEN];
	size_t size = (size_t)(slash - text);

	if (size >= sizeof(address) || (*slash && number_parse(slash + 1, 0, 128 - mapped, &bits)))
		return -EINVAL;
	memcpy(address, text, size);
	address[size] = '\0';
	*network = (struct network){ .bits = mapped + (unsigned int)bits };
	if (mapped) {
		network->address.s6_addr[10] = network->address.s6_addr[11] = 0xff;
		if (inet_pton(AF_INET, address, &network->address.s6_addr[12]) != 1)
			return -EINVAL;
	} else if (inet_pton(AF_INET6, address, &network->address) != 1) {
		return -EINVAL;
	}
	return is_zero_behind(network) ? 0 : -EINVAL;
}

int allowed_add(struct allowed *allowed, const char *text)
{
	struct network network, *networks;

	if (parse_network(text, &network))
		return -EINVAL;
	networks = reallocarray(allowed->networks, allowed->count + 1, sizeof(network));
	if (!networks)
		return -ENOMEM;
	networks[allowed->count++] = network;
	allowed->networks = networks;
	return 0;
}

bool allowed_has(const struct allowed *allowed, const struct in6_addr *address)
{
	for (size_t i = 0; i < allowed->count; i++)
		if (has_prefix(address, &allowed->networks[i]))
			return true;
	return !allowed->count;
}

void allowed_free(struct allowed *allowed)
{
	free(allowed->networks);
	*allowed = (struct allowed){ 0 };
}
