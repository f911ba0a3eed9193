/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What connections by libnats are made with, and how its errors are said. */
#ifndef KERNKIT_STREAM_CONNECTION_NATS_H
#define KERNKIT_STREAM_CONNECTION_NATS_H

#include <nats/nats.h>
#include "connection.h"

struct connection_options {
	natsOptions *nats;
	char *subjects; /* what a stream that is made takes */
	char *stream; /* NULL: any */
	bool must_exist;
};

/* Into problem, of PROBLEM_MAX bytes. */
void nats_put_problem(char *problem, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* What libnats says of the last error of this thread, without the place in its sources; or else of the status. */
const char *nats_words_of(natsStatus status);

#endif
