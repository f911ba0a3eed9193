/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which servers an administrator's command talks to, and who it is there. */
#ifndef DIGSIG_CLI_FLEET_OPTION_H
#define DIGSIG_CLI_FLEET_OPTION_H

#include "../../../lib/command/options.h"
#include "../../fleet/link.h"

struct fleet_options {
	const char *server, *ca, *certificate, *key, *credentials;
};

/*
 * --server, --tls-ca, --tls-certificate, --tls-key and --credentials, for a group of options: a struct fleet_options. What is not
 * given is what the environment says, as for the command nats: NATS_URL, NATS_CA, NATS_CERT, NATS_KEY, NATS_CREDS.
 */
extern const struct command_option fleet_option_table[];

/* The notes of a command with these options: whole lines. */
#define FLEET_OPTION_NOTES \
	"Without options for the connection the environment counts, as for the command nats: NATS_URL,\n" \
	"NATS_CA, NATS_CERT, NATS_KEY, NATS_CREDS.\n"

/* Connects. Complains itself; returns an exit code. */
int fleet_option_open(const struct fleet_options *options, struct fleet_link **link);

/* Whether names that were given, NULL: none, can be those of a group and of a host. Complains itself; returns an exit code. */
int fleet_names_check(const char *group, const char *host);

#endif
