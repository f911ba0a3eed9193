// SPDX-License-Identifier: GPL-2.0-or-later
/* What a host of a fleet says: an event and a status, of which the host's subject is the first line. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "digsig/fleet/denials.h"
#include "digsig/fleet/host_status.h"
#include "digsig/fleet/timeline.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void sum_up(const struct fleet_event *event)
{
	struct fleet_denials *denials;
	struct fleet_timeline timeline;
	size_t count;

	fleet_timeline_init(&timeline, 0, 1000);
	fleet_timeline_add(&timeline, event);
	if (fleet_denials_new(&denials))
		abort();
	if (fleet_denials_add(denials, event) || fleet_denials_add(denials, event) ||
		fleet_denials_sums(denials).events != 1 || fleet_denials_sums(denials).twice != 1)
		abort();
	free(fleet_denials_list(denials, &count));
	fleet_denials_free(denials);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = size ? memchr(data, '\n', size) : NULL;
	struct fleet_message message = { .time = 1796040000000000000 };
	struct fleet_host_status status;
	struct fleet_newest newest = { 3, 1 };
	struct fleet_event event;

	if (!end || (size_t)(end - data) >= sizeof(message.subject))
		return 0;
	memcpy(message.subject, data, (size_t)(end - data));
	message.size = size - (size_t)(end + 1 - data);
	message.bytes = malloc(message.size + 1);
	if (!message.bytes)
		abort();
	memcpy(message.bytes, end + 1, message.size);
	message.bytes[message.size] = '\0';
	if (!fleet_event_parse(&message, &event)) {
		sum_up(&event);
		fleet_event_free(&event);
	}
	if (!fleet_host_status_parse(&message, &status)) {
		if (fleet_host_judge(&status, &newest, 1796040000, 60) >= FLEET_HOST_STATES)
			abort();
		fleet_host_status_free(&status);
	}
	free(message.bytes);
	return 0;
}
