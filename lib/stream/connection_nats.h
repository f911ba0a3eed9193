/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What connections of a stream are made with. */
#ifndef KERNKIT_STREAM_CONNECTION_NATS_H
#define KERNKIT_STREAM_CONNECTION_NATS_H

#include "connection.h"
#include "nats_options.h"

_Static_assert((int)PROBLEM_MAX == (int)NATS_PROBLEM_MAX, "one buffer for both");

struct connection_options {
	natsOptions *nats;
	char *subjects; /* what a stream that is made takes */
	char *stream; /* NULL: any */
	char *inbox_prefix; /* NULL: libnats' own */
	bool must_exist;
};

#endif
