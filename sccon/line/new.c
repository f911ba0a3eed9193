// SPDX-License-Identifier: GPL-2.0-or-later
/* Which kind of line it is. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include "../../lib/text/endpoint.h"
#include "internal.h"
#include "serial.h"

static int find_host(struct line *line)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	struct endpoint endpoint;
	char port[8];
	int err;

	if (endpoint_parse(line->address, 0, &endpoint) || !endpoint.port)
		return line_fail(line, -EINVAL, "%s: not " LINE_RULE, line->settings.target);
	snprintf(port, sizeof(port), "%u", endpoint.port);
	/* Once: later it would be waited for while others want something. */
	err = getaddrinfo(endpoint.host, port, &hints, &line->addresses);
	if (err)
		return line_fail(line, -ENOENT, "%s: %s", endpoint.host, gai_strerror(err));
	line->kind = &line_kind_host;
	return 0;
}

static int find_local(struct line *line)
{
	if (!*line->address)
		return line_fail(line, -EINVAL, "%s: not " LINE_RULE, line->settings.target);
	if (strlen(line->address) >= sizeof(((struct sockaddr_un *)NULL)->sun_path))
		return line_fail(line, -ENAMETOOLONG, "%s: longer than the path of a socket may be", line->address);
	line->kind = &line_kind_local;
	return 0;
}

/* What is not there yet is a device if it is below /dev, and else a socket. */
static int find_path(struct line *line)
{
	bool is_device = !strncmp(line->address, "/dev/", 5);
	struct termios attributes = { 0 };
	struct stat status;

	if (!stat(line->address, &status)) {
		if (!S_ISCHR(status.st_mode) && !S_ISSOCK(status.st_mode))
			return line_fail(line, -EINVAL, "%s: neither a device nor a socket", line->address);
		is_device = S_ISCHR(status.st_mode);
	}
	if (!is_device)
		return find_local(line);
	line->kind = strcmp(line->address, "/dev/sccon-fw") ? &line_kind_terminal : &line_kind_firmware;
	/* Not only when the device is there. */
	if (serial_apply(&line->settings, &attributes))
		return line_fail(line, -EINVAL, "%u bits a second is no usual speed", line->settings.speed);
	return 0;
}

static int find_kind(struct line *line)
{
	const char *target = line->settings.target;

	if (!strncmp(target, "unix:", 5)) {
		line->address = target + 5;
		return find_local(line);
	}
	if (!strncmp(target, "tcp:", 4)) {
		line->address = target + 4;
		return find_host(line);
	}
	line->address = target;
	return strchr(target, '/') ? find_path(line) : find_host(line);
}

int line_new(const struct line_settings *settings, struct line **line, char words[FAILURE_SIZE])
{
	struct line *new = calloc(1, sizeof(*new));
	int err;

	*line = NULL;
	if (!new) {
		snprintf(words, FAILURE_SIZE, "%s", strerror(ENOMEM));
		return -ENOMEM;
	}
	new->settings = *settings;
	new->fd = -1;
	new->has_told = true;
	err = find_kind(new);
	if (!err && new->kind != &line_kind_terminal && !serial_is_plain(settings))
		err = line_fail(new, -EINVAL, "%s: no serial device: it has neither data bits, parity, stop bits nor flow control",
			settings->target);
	memcpy(words, new->words, FAILURE_SIZE);
	if (err) {
		if (new->addresses)
			freeaddrinfo(new->addresses);
		free(new);
		return err;
	}
	*line = new;
	return 0;
}
