// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Puts datagrams, as if they came from 192.0.2.1:6665, through netcon's output to a stream; and an event of that host.
 *
 *   netcon-put URL SPOOL BOOT-ID|- DATAGRAM...
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include "netcon/output/stream.h"

const char command_name[] = "netcon-put";

int main(int argc, char **argv)
{
	struct stream_settings settings = { .subject_prefix = "netcon", .stream = "NETCON" };
	struct received received = { .arrived = { 1700000000, 123456789 } };
	struct happened happened = { .what = HAPPENED_LOST, .when = { 1700000000, 5 }, .first = 3, .last = 7 };
	struct output *output;
	int err;

	if (argc < 4)
		return 2;
	settings.url = argv[1];
	settings.spool = argv[2];
	received.source.port = htons(6665);
	inet_pton(AF_INET6, "::ffff:192.0.2.1", &received.source.address);
	received.boot_id = strcmp(argv[3], "-") ? argv[3] : NULL;
	happened.source = received.source;
	err = output_stream(&settings, &output);
	if (err) {
		fprintf(stderr, "%s\n", stream_open_problem(err));
		return 3;
	}
	for (int i = 4; i < argc && !err; i++) {
		netcon_parse(argv[i], strlen(argv[i]), &received.message);
		err = output->put(output, &received);
	}
	if (!err)
		err = output->happened(output, &happened);
	if (err)
		fprintf(stderr, "%s\n", strerror(-err));
	return output->close(output) || err ? 3 : 0;
}
