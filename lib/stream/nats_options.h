/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What connections by libnats are made with, and how its errors are said. */
#ifndef KERNKIT_STREAM_NATS_OPTIONS_H
#define KERNKIT_STREAM_NATS_OPTIONS_H

#include <nats/nats.h>

enum { NATS_PROBLEM_MAX = 320 }; /* bytes of what is said about an error, with the NUL */

struct nats_settings {
	const char *url; /* nats://HOST[:PORT], or tls://; several with commas: servers of one cluster, 32 at most */
	const char *ca; /* PEM: who the server's certificate must be of; NULL: who the system trusts */
	const char *certificate, *key; /* PEM, of this client; NULL: none */
	const char *credentials; /* a file with a JWT and a key; NULL: none */
	const char *inbox_prefix; /* of subjects for answers; NULL: the usual one */
};

/*
 * Options for connections that are not repaired when they break, and that print nothing. The settings need to stay only
 * during the call. 0, and *options is to be freed; -EINVAL: a file or the url cannot be used; -ENOMEM; problem, of NATS_PROBLEM_MAX
 * bytes, says which.
 */
int nats_options_new(const struct nats_settings *settings, natsOptions **options, char *problem);

/* Into problem, of NATS_PROBLEM_MAX bytes. */
void nats_put_problem(char *problem, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Why natsConnection_Connect failed, in the thread that called it. */
void nats_put_connect_problem(char *problem, natsStatus status);

/* What libnats says of the last error of this thread, without the place in its sources; or else of the status. */
const char *nats_words_of(natsStatus status);

#endif
