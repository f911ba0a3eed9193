/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Publishing a state: the last one is fetched and its signature checked, since what is not changed is taken over from it; the files
 * that the server does not have are published, then the state, if nobody else published one meanwhile.
 */
#ifndef DIGSIG_CLI_FLEET_PUBLICATION_H
#define DIGSIG_CLI_FLEET_PUBLICATION_H

#include "../signer_option.h"
#include "fleet_change.h"
#include "fleet_memory.h"
#include "fleet_option.h"
#include "fleet_state.h"

struct publication {
	struct fleet_options connection;
	struct signer_options signer_options;
	struct trust_store *trust; /* of fleet keys; owned */
	const char *group, *host; /* one of them */
	struct fleet_change change; /* owned */
	struct fleet_files files; /* owned */
	const char *prepare; /* write the state there, unsigned; NULL: publish it */
	__u64 sequence; /* of the new state; 0: the next one */
	bool is_afresh, is_dry, is_quiet;
};

/* --key and the others, --fleet-trust, --sequence, --afresh, -n, -q, and the connection: for a group of options. */
extern const struct command_option publication_options[];

/* Whether that can be meant; needs_signer: something is signed. Complains itself; returns an exit code. */
int publication_check(const struct publication *publication, bool needs_signer);
void publication_free(struct publication *publication);

/* Makes the state of the last one, publication's change and files, signs it, and publishes all. An exit code. */
int publication_run(struct publication *publication);

/* Publishes a state that was signed elsewhere, and remembers it. An exit code. */
int publication_send(struct publication *publication, const char *path);

/* Publishes the state that is remembered once more, to a server that lost it. An exit code. */
int publication_restore(struct publication *publication);

#endif
