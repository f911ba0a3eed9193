/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A session at a console: the terminal, the server, and the escapes between them. */
#ifndef SCCON_CLI_ATTACH_H
#define SCCON_CLI_ATTACH_H

#include "../client/client.h"

struct attach_settings {
	struct client_settings client;
	const char *target; /* for people */
	int escape; /* a character, or ESCAPE_NONE */
	bool reads_only; /* does not ask for writing */
	bool is_forced; /* takes it over */
	bool reconnects;
	const char *log; /* what the machine sends is written there, too; NULL */
};

/* Until the user or the server ends it. An exit code. */
int attach_run(const struct attach_settings *settings);

#endif
