/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A script carried out over a connection. */
#ifndef SCCON_CLI_CHAT_RUN_H
#define SCCON_CLI_CHAT_RUN_H

#include <stdbool.h>
#include "../chat/script.h"
#include "../client/client.h"

struct chat_run_settings {
	struct client_settings client;
	const struct chat_script *script;
	const char *name; /* of the script */
	bool is_forced; /* takes over from who writes */
	bool shows; /* what the machine sends, on standard error */
};

/* Returns an exit code, having complained if it is not EXIT_OK. */
int chat_run(const struct chat_run_settings *settings);

#endif
