/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages into a stream of NATS JetStream, each at least once, kept on disk while the server is away.
 *
 * stream_put copies a message and returns; threads of the stream do the rest. A message leaves the stream's care
 * only when JetStream has acknowledged that it is stored. What is not acknowledged within STREAM_SPOOL_AFTER
 * milliseconds is written to the spool, a folder, and what was not acknowledged when the process ended is
 * published by the next one that opens the same spool. While the server answers in time, nothing is written.
 *
 * What can be lost of the messages for which stream_put returned 0:
 *   - stream_close: nothing.
 *   - The process is killed: those put within the last STREAM_SPOOL_AFTER milliseconds and the 50 in which it is
 *     seen that one is as old, and those that the disk has not yet taken. Where the disk keeps up that is less than
 *     a second.
 *   - The machine stops: the same, and what was written since the last fsync, which is made once a second at
 *     most. What JetStream has acknowledged is as safe as the server keeps it (its sync_interval).
 * stream_flush makes what was put before it safe from all of these.
 *
 * Messages can come twice: what was published and not acknowledged is published again. JetStream drops the second
 * one by its identity, if it comes within the stream's duplicate window. A stream that is created here has one of
 * STREAM_DUPLICATE_WINDOW seconds. Which messages are acknowledged is written once a second at most: after a
 * crash up to a second of acknowledged messages, of those that were in the spool, is published again.
 *
 * Messages are published in the order of stream_put. The order in JetStream can differ where it refused one for a time.
 * A message that it goes on refusing, because no stream takes its subject or the stream is full, holds up all behind it.
 */
#ifndef KERNKIT_STREAM_H
#define KERNKIT_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>

enum {
	STREAM_SPOOL_AFTER = 200, /* milliseconds */
	STREAM_DUPLICATE_WINDOW = 600, /* seconds */
	STREAM_ID_MAX = 255, /* bytes of an identity */
	STREAM_SUBJECT_MAX = 255, /* bytes of a subject, prefix included */
	STREAM_INBOX_PREFIX_MAX = 220, /* bytes */
	STREAM_BYTES_MAX = 8 << 20, /* bytes of a message; the server takes less: 1 MiB, if not told otherwise */
};

#define STREAM_SPOOL_LIMIT (1ULL << 30)

struct stream_settings {
	const char *url; /* nats://HOST[:PORT], or tls://; several with commas: servers of one cluster, 32 at most */
	const char *subject_prefix; /* the subject of each message is PREFIX.SUBJECT */
	/* Its name; NULL: whichever takes the subject: nothing about streams is asked, for which a right is needed. */
	const char *stream;
	bool must_exist; /* the stream is not created if it is missing */
	const char *spool; /* a folder, of this stream alone; it is made if its parent exists */
	__u64 spool_limit; /* bytes that it may take; 0: STREAM_SPOOL_LIMIT */
	const char *credentials; /* a file with a JWT and a key, as nsc makes it; NULL: none */
	const char *tls_ca; /* PEM: who the server's certificate must be of; NULL: who the system trusts */
	const char *tls_certificate, *tls_key; /* PEM, of this client; NULL: none */
	/*
	 * What the subjects of answers begin with: a client that may hear these alone needs no right to others'. NULL:
	 * _INBOX, as usual.
	 */
	const char *inbox_prefix;
	/*
	 * Called with one line of text, without a newline, when something is wrong, when that changes, and when it
	 * is over; by threads of the stream, one at a time. It must not call functions of the stream. The text may
	 * have come from the server: it may hold anything. NULL: nobody is told.
	 */
	void (*report)(void *closure, const char *text);
	void *closure;
};

struct stream_counts {
	__u64 put; /* messages that stream_put took */
	__u64 recovered; /* messages that were in the spool at the start */
	__u64 acknowledged; /* messages that JetStream has stored */
	__u64 duplicates; /* of these: it had them already */
	__u64 waiting; /* messages that are not acknowledged yet, those on disk included */
	__u64 spooled; /* of these: on disk */
	__u64 spool_bytes; /* what the spool takes, acknowledged messages between others included */
	__u64 refused; /* messages that stream_put did not take, for want of room */
	__u64 rejected; /* messages that the server will never take, being too large: they are gone */
	__u64 damaged_bytes; /* of the spool at the start, and since: torn by a crash, or damaged */
	__u64 reconnects; /* connections but the first */
	bool is_connected;
};

/* Whether it can be a subject, or its prefix: words with dots between them, without wildcards. */
bool stream_is_subject(const char *subject);

/* Whether a stream can have that name. */
bool stream_is_name(const char *name);

struct stream;

/*
 * Opens the spool and begins to connect: 0, also while no server is there. The settings and what they point to
 * need to stay only during the call, closure excepted. -EINVAL: there is no url, prefix or spool, a setting is not valid, or
 * a file for TLS cannot be used (then the reason is reported); -EBUSY: another process has the spool open; -ENOSYS: built without NATS;
 * others are of the spool's folder.
 */
int stream_open(const struct stream_settings *settings, struct stream **stream);

/* Why stream_open failed, in words: for a complaint that names the spool. */
const char *stream_open_problem(int err);

/*
 * Takes a copy of a message. subject is what follows the prefix; id is the identity by which JetStream knows a
 * message that comes twice. Several threads may call it. It never waits for the network; it waits for the disk when
 * more than 16 MiB were put that neither the server nor the disk has taken. -EINVAL: subject or id is empty, too long or
 * has spaces or control characters, or subject has wildcards or empty tokens; -EMSGSIZE: more than STREAM_BYTES_MAX;
 * -ENOSPC: the spool is at its limit; -ENOSPC, -EDQUOT, -EIO and others: the disk's, when it takes no more;
 * -ENOMEM. The message is not taken then: the messages before it stay.
 */
int stream_put(struct stream *stream, const char *subject, const char *id, const void *bytes, size_t size);

/*
 * Waits until all that was put before is acknowledged, or written and synced. It waits for the disk, not for the
 * network. 0; or the disk's negative errno.
 */
int stream_flush(struct stream *stream);

void stream_counts(struct stream *stream, struct stream_counts *counts);

/*
 * Waits up to timeout seconds for acknowledgements; not if the server is away. Writes the rest to the
 * spool, syncs it, and frees the stream. An attempt to connect that has begun is waited for, 3 seconds for each server
 * at most. 0; or a negative errno: what was not acknowledged could not be written.
 */
int stream_close(struct stream *stream, double timeout);

#endif
