// SPDX-License-Identifier: GPL-2.0-or-later
/* The receiver, as people write it. */
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include "../../lib/text/number.h"
#include "send.h"

/* A host name has 253 characters at most; a link-local address has the interface behind it. */
struct place_on_network {
	char host[NI_MAXHOST];
	char port[8];
};

static int take_host(struct place_on_network *place, const char *text, size_t size)
{
	if (!size || size >= sizeof(place->host))
		return -EINVAL;
	memcpy(place->host, text, size);
	place->host[size] = '\0';
	return 0;
}

/* What is behind the host: nothing, or ":PORT". */
static int take_port(struct place_on_network *place, const char *text, unsigned int port)
{
	__u64 number = port;

	if (*text && (*text != ':' || number_parse(text + 1, 1, 65535, &number)))
		return -EINVAL;
	snprintf(place->port, sizeof(place->port), "%u", (unsigned int)number);
	return 0;
}

static int split(const char *text, unsigned int port, struct place_on_network *place)
{
	const char *colon = strchr(text, ':'), *end = text + strlen(text);
	int err;

	if (*text == '[') {
		const char *bracket = strchr(text, ']');

		if (!bracket)
			return -EINVAL;
		err = take_host(place, text + 1, (size_t)(bracket - text) - 1);
		end = bracket + 1;
	} else {
		/* With two colons it is an address of IPv6 alone. */
		if (colon && !strchr(colon + 1, ':'))
			end = colon;
		err = take_host(place, text, (size_t)(end - text));
	}
	return err ? err : take_port(place, end, port);
}

int send_receiver_find(const char *text, unsigned int port, union address *receiver, const char **why)
{
	struct addrinfo hints = { .ai_socktype = SOCK_DGRAM, .ai_flags = AI_NUMERICSERV | AI_IDN }, *found;
	struct place_on_network place;
	int err = split(text, port, &place), problem;

	if (err)
		return err;
	problem = getaddrinfo(place.host, place.port, &hints, &found);
	if (problem) {
		*why = problem == EAI_SYSTEM ? strerror(errno) : gai_strerror(problem);
		return -ENXIO;
	}
	*receiver = (union address){ 0 };
	memcpy(receiver, found->ai_addr, found->ai_addrlen);
	freeaddrinfo(found);
	return 0;
}
