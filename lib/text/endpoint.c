// SPDX-License-Identifier: GPL-2.0-or-later
#include "endpoint.h"
#include <errno.h>
#include <string.h>
#include "number.h"

/* Where the host begins, how long it is, and what stands behind it: "" or ":PORT". */
static const char *split(const char *text, size_t *size, const char **rest)
{
	const char *colon = strchr(text, ':');

	if (*text == '[') {
		const char *end = strchr(text, ']');

		*size = end ? (size_t)(end - text) - 1 : 0;
		*rest = end ? end + 1 : text;
		return text + 1;
	}
	/* With two colons and no brackets all of it is an address. */
	*size = colon && !strchr(colon + 1, ':') ? (size_t)(colon - text) : strlen(text);
	*rest = text + *size;
	return text;
}

int endpoint_parse(const char *text, __u16 port, struct endpoint *endpoint)
{
	__u64 number = port;
	const char *rest, *host;
	size_t size;

	host = split(text, &size, &rest);
	if (!size || size >= sizeof(endpoint->host) || memchr(host, '[', size) || memchr(host, ']', size))
		return -EINVAL;
	if (*rest && (*rest != ':' || number_parse(rest + 1, 1, 65535, &number)))
		return -EINVAL;
	memcpy(endpoint->host, host, size);
	endpoint->host[size] = '\0';
	endpoint->port = (__u16)number;
	return 0;
}
