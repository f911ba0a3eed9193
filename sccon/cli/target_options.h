/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options of each subcommand that connects to a server, and the connection. */
#ifndef SCCON_CLI_TARGET_OPTIONS_H
#define SCCON_CLI_TARGET_OPTIONS_H

#include "../client/client.h"
#include "cli.h"

/* For a table of options; field is a struct tls_settings of the structure. */
#define TLS_CLIENT_OPTIONS(structure, field)                                                       \
	{ OPTION_VALUE, 0, "ca", "FILE", "whose certificate the server's has to be signed with (default: the system's CAs)", \
		OPTION_FIELD(structure, field.ca), .offer = OFFER_FILES },                         \
	{ OPTION_VALUE, 0, "cert", "FILE", "certificate to show to the server",                    \
		OPTION_FIELD(structure, field.certificate), .offer = OFFER_FILES },                \
	{ OPTION_VALUE, 0, "key", "FILE", "its key (default: in the same file)",                   \
		OPTION_FIELD(structure, field.key), .offer = OFFER_FILES }
#define TLS_CLIENT_USAGE "[--ca FILE] [--cert FILE] [--key FILE]"

/* The settings that client_open takes, of what the user gave; EXIT_OK, or the exit code of a usage error. */
int target_take(const char *text, const struct tls_settings *tls, struct client_settings *settings);

#endif
