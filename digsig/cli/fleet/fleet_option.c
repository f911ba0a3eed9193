// SPDX-License-Identifier: GPL-2.0-or-later
#include "fleet_option.h"
#include <errno.h>
#include <stdlib.h>
#include "../../fleet/names.h"
#include "../cli.h"

const struct command_option fleet_option_table[] = {
	{ OPTION_VALUE, 0, "server", "URL", "the NATS servers: nats://HOST, tls://HOST; several with commas",
		OPTION_FIELD(struct fleet_options, server) },
	{ OPTION_VALUE, 0, "tls-ca", "FILE", "use TLS, and trust these CAs of servers alone",
		OPTION_FIELD(struct fleet_options, ca), .offer = OFFER_FILES },
	{ OPTION_VALUE, 0, "tls-certificate", "FILE", "the certificate that shows the server who this is",
		OPTION_FIELD(struct fleet_options, certificate), .offer = OFFER_FILES },
	{ OPTION_VALUE, 0, "tls-key", "FILE", "its private key",
		OPTION_FIELD(struct fleet_options, key), .offer = OFFER_FILES },
	{ OPTION_VALUE, 0, "credentials", "FILE", "a JWT and its key, as nsc makes them",
		OPTION_FIELD(struct fleet_options, credentials), .offer = OFFER_FILES },
	{ 0 },
};

static const char *given_or_set(const char *given, const char *variable)
{
	const char *set = given ? given : getenv(variable);

	return set && *set ? set : NULL;
}

int fleet_option_open(const struct fleet_options *options, struct fleet_link **link)
{
	struct fleet_link_settings settings = {
		.url = given_or_set(options->server, "NATS_URL"),
		.ca = given_or_set(options->ca, "NATS_CA"),
		.certificate = given_or_set(options->certificate, "NATS_CERT"),
		.key = given_or_set(options->key, "NATS_KEY"),
		.credentials = given_or_set(options->credentials, "NATS_CREDS"),
	};
	char problem[FLEET_LINK_PROBLEM];
	int err;

	if (!settings.url)
		return usage_error("--server is missing, and NATS_URL is not set");
	if (!settings.certificate != !settings.key)
		return usage_error("--tls-certificate and --tls-key: one is of no use without the other");
	err = fleet_link_open(&settings, link, problem);
	if (!err)
		return EXIT_OK;
	if (err == -ENOTCONN)
		complain("%s: %s", settings.url, problem);
	else
		complain("%s", problem);
	return EXIT_ERROR;
}

int fleet_names_check(const char *group, const char *host)
{
	if (group && !fleet_is_group(group))
		return usage_error("%s: no name of a group: 1 to %d of a-z, 0-9, _ and -", group, FLEET_GROUP_MAX);
	if (host && !fleet_is_host(host))
		return usage_error("%s: no name of a host: 1 to %d of a-z, 0-9, _, - and dots between them", host,
			FLEET_HOST_MAX);
	return EXIT_OK;
}
