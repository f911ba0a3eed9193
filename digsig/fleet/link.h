/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A connection to the NATS servers of a fleet. All that comes over it is to be taken for hostile: bytes with a length, no
 * more. One thread uses a link, but for the callback of fleet_link_hear, which a thread of libnats calls.
 *
 * Functions return 0 or a negative errno, and words for it in problem, of FLEET_LINK_PROBLEM bytes: -ENOTCONN: the
 * connection is gone, or could not be made (it is made again by fleet_link_open); -ENOENT: there is no such message, or no such
 * stream; -EACCES: the server does not allow it, which is known after 5 seconds; -ETIMEDOUT: no answer within 5 seconds, or no
 * stream takes the subject; -EMSGSIZE: more than was asked for, or than the server takes; -EAGAIN: somebody published in between; -EIO:
 * the server did not store it; -EINVAL: a file of the settings cannot be used; -ENOMEM; -ENOSYS: built without NATS. problem may
 * have text of the server's: it may hold anything.
 */
#ifndef DIGSIG_FLEET_LINK_H
#define DIGSIG_FLEET_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>

enum { FLEET_LINK_PROBLEM = 320 };

struct fleet_link_settings {
	const char *url; /* as struct stream_settings has it, in lib/stream/stream.h */
	const char *ca, *certificate, *key; /* PEM files for TLS; NULL: none */
	const char *credentials; /* NULL: none */
	const char *inbox_prefix; /* NULL: the usual one */
};

struct fleet_link;

int fleet_link_open(const struct fleet_link_settings *settings, struct fleet_link **link, char *problem);
/* NULL: does nothing. No callback of fleet_link_hear runs any more when it returns. */
void fleet_link_close(struct fleet_link *link);
bool fleet_link_is_connected(const struct fleet_link *link);

struct fleet_message {
	char *bytes; /* owned, with a NUL behind it */
	size_t size;
	__u64 sequence; /* in its stream */
	__s64 time; /* nanoseconds since 1970, of the server's clock */
	char subject[320];
};

void fleet_message_free(struct fleet_message *message);

/* The last message of a subject, by a direct get: no consumer is made. max: the most bytes that are taken. Empty after an error. */
int fleet_link_last(struct fleet_link *link, const char *stream, const char *subject, size_t max,
	struct fleet_message *message, char *problem);

/*
 * Publishes, and waits for the acknowledgement. last: the sequence in its stream of the subject's last message, 0: there is
 * none, FLEET_LINK_ANY: no matter. -EAGAIN: it is another one.
 */
#define FLEET_LINK_ANY ((__u64)-1)
int fleet_link_publish(struct fleet_link *link, const char *subject, const void *bytes, size_t size, __u64 last,
	char *problem);

/*
 * Calls heard, in a thread of libnats, for each message of a subject that is published from now on; it must return soon and
 * not use the link. The bytes are valid during the call alone. Until fleet_link_close. What the stream refused, because of its last, is
 * heard too: what is heard is a reason to ask for the last one, no more.
 */
typedef void fleet_heard(void *closure, const char *subject, const void *bytes, size_t size);
int fleet_link_hear(struct fleet_link *link, const char *subject, fleet_heard *heard, void *closure, char *problem);

/*
 * For administrators: all messages of a stream that match a subject with wildcards, the oldest first, since a time
 * (nanoseconds since 1970; 0: all), until the end that the stream had when it was called, or, with follow, until *stop is not
 * 0. visit returns false to end it. It makes a consumer, which a host may not.
 */
typedef bool fleet_visitor(void *closure, const struct fleet_message *message);
int fleet_link_read(struct fleet_link *link, const char *stream, const char *subject, __s64 since, bool follow,
	const volatile int *stop, fleet_visitor *visit, void *closure, char *problem);

/* For administrators: makes the four streams, unless they are there. replicas: 1, or 3 in a cluster. */
int fleet_link_make_streams(struct fleet_link *link, int replicas, char *problem);

#endif
