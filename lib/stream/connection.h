/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A connection to JetStream, as the stream needs it. One thread publishes, another one takes acknowledgements. What
 * breaks is not repaired: the connection is closed, and another one is made.
 */
#ifndef KERNKIT_STREAM_CONNECTION_H
#define KERNKIT_STREAM_CONNECTION_H

#include <linux/types.h>
#include "message.h"
#include "stream.h"

enum { PROBLEM_MAX = 320 };

enum acknowledgement_kind {
	ACKNOWLEDGED, /* JetStream has stored it */
	ACKNOWLEDGED_DUPLICATE, /* it had it already */
	REFUSED_FOR_NOW, /* for instance, the stream is full */
	REFUSED_FOREVER, /* it is larger than the stream takes */
};

struct acknowledgement {
	enum acknowledgement_kind kind;
	__u64 number; /* of the message; 0: it is not known which one was refused */
	bool is_out_of_sequence; /* refused for now: it was to follow another message than the last one of its subject */
	char problem[PROBLEM_MAX]; /* why it was refused */
};

struct connection_options;
struct connection;
struct publication; /* a message as it is sent: a copy */

/* What connections are made with. 0; -EINVAL: a file cannot be used, problem says which; -ENOSYS: built without NATS. */
int connection_options_new(const struct stream_settings *settings, struct connection_options **options, char *problem);
void connection_options_free(struct connection_options *options);

/* Connects, and makes the stream if it is missing. 0; -ENOTCONN: problem has the reason. */
int connection_open(struct connection_options *options, struct connection **connection, char *problem);

/* Makes it. 0; -ENOMEM: problem says so. */
int connection_prepare(
	struct connection *connection, const struct message *message, struct publication **publication, char *problem);

/*
 * Publishes it, and frees it. 0; -EMSGSIZE: the server will never take one so large; -ENOTCONN: the connection
 * is broken. problem has the reason.
 */
int connection_publish(struct connection *connection, struct publication *publication, char *problem);

/* The next acknowledgement. 0; -EAGAIN: none came within so many milliseconds; -ENOTCONN: the connection is broken. */
int connection_acknowledgement(
	struct connection *connection, unsigned int milliseconds, struct acknowledgement *acknowledgement);

/* What the server has complained of since, though it keeps the connection: problem is "" if of nothing. */
void connection_complaint(struct connection *connection, char *problem);

/* After both threads have ended. */
void connection_close(struct connection *connection);

#endif
