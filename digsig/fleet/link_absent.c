// SPDX-License-Identifier: GPL-2.0-or-later
/* Of a build without libnats: fleet_link_open fails with -ENOSYS, and nothing else is called. */
#include <errno.h>
#include <stdio.h>
#include "link.h"

static int say_absent(char *problem)
{
	snprintf(problem, FLEET_LINK_PROBLEM, "this digsig is built without NATS (libnats)");
	return -ENOSYS;
}

void fleet_message_free(struct fleet_message *message)
{
	(void)message;
}

int fleet_link_open(const struct fleet_link_settings *settings, struct fleet_link **link, char *problem)
{
	(void)settings;
	(void)link;
	return say_absent(problem);
}

void fleet_link_close(struct fleet_link *link)
{
	(void)link;
}

bool fleet_link_is_connected(const struct fleet_link *link)
{
	(void)link;
	return false;
}

int fleet_link_last(struct fleet_link *link, const char *stream, const char *subject, size_t max,
	struct fleet_message *message, char *problem)
{
	(void)link;
	(void)stream;
	(void)subject;
	(void)max;
	(void)message;
	return say_absent(problem);
}

int fleet_link_publish(struct fleet_link *link, const char *subject, const void *bytes, size_t size, __u64 last,
	char *problem)
{
	(void)link;
	(void)subject;
	(void)bytes;
	(void)size;
	(void)last;
	return say_absent(problem);
}

int fleet_link_hear(struct fleet_link *link, const char *subject, fleet_heard *heard, void *closure, char *problem)
{
	(void)link;
	(void)subject;
	(void)heard;
	(void)closure;
	return say_absent(problem);
}

int fleet_link_read(struct fleet_link *link, const char *stream, const char *subject, __s64 since, bool follow,
	const volatile int *stop, fleet_visitor *visit, void *closure, char *problem)
{
	(void)link;
	(void)stream;
	(void)subject;
	(void)since;
	(void)follow;
	(void)stop;
	(void)visit;
	(void)closure;
	return say_absent(problem);
}

int fleet_link_make_streams(struct fleet_link *link, int replicas, char *problem)
{
	(void)link;
	(void)replicas;
	return say_absent(problem);
}
