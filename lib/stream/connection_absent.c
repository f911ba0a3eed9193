// SPDX-License-Identifier: GPL-2.0-or-later
/* Of a build without libnats: stream_open fails with -ENOSYS, and nothing else is called. */
#include <errno.h>
#include "connection.h"

int connection_options_new(const struct stream_settings *settings, struct connection_options **options, char *problem)
{
	(void)settings;
	(void)options;
	(void)problem;
	return -ENOSYS;
}

void connection_options_free(struct connection_options *options)
{
	(void)options;
}

int connection_open(struct connection_options *options, struct connection **connection, char *problem)
{
	(void)options;
	(void)connection;
	(void)problem;
	return -ENOTCONN;
}

int connection_prepare(
	struct connection *connection, const struct message *message, struct publication **publication, char *problem)
{
	(void)connection;
	(void)message;
	(void)publication;
	(void)problem;
	return -ENOMEM;
}

int connection_publish(struct connection *connection, struct publication *publication, char *problem)
{
	(void)connection;
	(void)publication;
	(void)problem;
	return -ENOTCONN;
}

int connection_acknowledgement(
	struct connection *connection, unsigned int milliseconds, struct acknowledgement *acknowledgement)
{
	(void)connection;
	(void)milliseconds;
	(void)acknowledgement;
	return -ENOTCONN;
}

void connection_complaint(struct connection *connection, char *problem)
{
	(void)connection;
	(void)problem;
}

void connection_close(struct connection *connection)
{
	(void)connection;
}
