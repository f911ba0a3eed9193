/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages into a stream of NATS JetStream. */
#ifndef KERNKIT_NETCON_OUTPUT_STREAM_H
#define KERNKIT_NETCON_OUTPUT_STREAM_H

#include "../../lib/stream/stream.h"
#include "output.h"

/*
 * Each message as the JSON of output_json, under the subject PREFIX.ADDRESS; what happens besides under PREFIX.events.
 * stream_names.h has their identities. 0; or what stream_open returns: stream_open_problem has the words. put returns what
 * stream_put does; closing waits up to 5 seconds for acknowledgements. Without a report in the settings, what there is
 * to report is complained of, by threads of the stream.
 */
int output_stream(const struct stream_settings *settings, struct output **output);

/* The stream of an output that output_stream opened, for stream_counts. */
struct stream *output_stream_of(struct output *output);

#endif
