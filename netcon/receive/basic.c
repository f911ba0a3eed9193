// SPDX-License-Identifier: GPL-2.0-or-later
/* Basic messages, which are text, and have no number. */
#include <stdlib.h>
#include <string.h>
#include "tracker_parts.h"

/* A line that is longer is given on in parts. The kernel's have about a thousand bytes at most. */
#define REST_MAX 4096

/* Milliseconds after which the end of a line is no longer waited for. */
#define REST_WAITS 500

static void give_on_line(struct tracker *tracker, const struct host *host, const char *text, size_t size)
{
	struct received received = tracker_received(tracker, host);

	received.message.body = text;
	received.message.body_size = size;
	tracker_give_on(tracker, &received);
}

void basic_give_on_rest(struct tracker *tracker, struct host *host)
{
	if (host->rest)
		give_on_line(tracker, host, host->rest, host->rest_size);
	tracker->rest_memory -= host->rest_size;
	free(host->rest);
	host->rest = NULL;
	host->rest_size = 0;
}

/* What has no end yet is kept, behind what was kept before, if there is room. */
static void keep_rest(struct tracker *tracker, struct host *host, const char *text, size_t size)
{
	bool is_room = host->rest_size + size <= REST_MAX &&
		tracker->pending_memory + tracker->rest_memory + size <= tracker->settings.memory_max;
	char *rest = size && is_room ? realloc(host->rest, host->rest_size + size) : NULL;

	if (!rest) {
		basic_give_on_rest(tracker, host);
		if (size)
			give_on_line(tracker, host, text, size);
		return;
	}
	memcpy(rest + host->rest_size, text, size);
	host->rest = rest;
	host->rest_size += size;
	tracker->rest_memory += size;
	host->rest_begun = tracker->time.now;
	tracker_wait(tracker, host);
}

void basic_take(struct tracker *tracker, struct host *host, const char *text, size_t size)
{
	while (size) {
		const char *newline = memchr(text, '\n', size);
		size_t length = newline ? (size_t)(newline - text) : size;

		if (!newline || host->rest)
			keep_rest(tracker, host, text, length);
		else
			give_on_line(tracker, host, text, length);
		if (!newline)
			return;
		basic_give_on_rest(tracker, host);
		text += length + 1;
		size -= length + 1;
	}
}

void basic_tick(struct tracker *tracker, struct host *host)
{
	if (host->rest && tracker->time.now - host->rest_begun >= REST_WAITS)
		basic_give_on_rest(tracker, host);
}
