// SPDX-License-Identifier: GPL-2.0-or-later
#include "connection_nats.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int set_nats(struct connection_options *options, const struct stream_settings *settings, char *problem)
{
	const struct nats_settings nats = {
		.url = settings->url,
		.ca = settings->tls_ca,
		.certificate = settings->tls_certificate,
		.key = settings->tls_key,
		.credentials = settings->credentials,
		.inbox_prefix = settings->inbox_prefix,
	};

	return nats_options_new(&nats, &options->nats, problem);
}

int connection_options_new(const struct stream_settings *settings, struct connection_options **made, char *problem)
{
	struct connection_options *options = calloc(1, sizeof(*options));
	int err;

	if (!options)
		return -ENOMEM;
	options->must_exist = settings->must_exist;
	if (asprintf(&options->subjects, "%s.>", settings->subject_prefix) < 0)
		options->subjects = NULL;
	options->stream = settings->stream ? strdup(settings->stream) : NULL;
	options->inbox_prefix = settings->inbox_prefix ? strdup(settings->inbox_prefix) : NULL;
	err = options->subjects && !options->stream == !settings->stream && !options->inbox_prefix == !settings->inbox_prefix
		? set_nats(options, settings, problem)
		: -ENOMEM;
	if (err) {
		connection_options_free(options);
		return err;
	}
	*made = options;
	return 0;
}

void connection_options_free(struct connection_options *options)
{
	natsOptions_Destroy(options->nats);
	free(options->subjects);
	free(options->stream);
	free(options->inbox_prefix);
	free(options);
}
