/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The last state of a group or a host on the server, and whose signature it has. */
#ifndef DIGSIG_CLI_FLEET_STATE_H
#define DIGSIG_CLI_FLEET_STATE_H

#include "../../fleet/link.h"
#include "../../fleet/signed_manifest.h"

#define FLEET_TRUST "/etc/digsig/fleet"

struct fleet_state {
	struct fleet_message message; /* as it came; bytes NULL: there is none */
	struct fleet_manifest manifest; /* empty unless its signature is good, or nobody asked for that */
	enum digsig_verdict verdict; /* NONE: there is none, or nobody asked */
	struct fleet_problem problem; /* why manifest is empty though there is a message */
};

/*
 * Fetches it. trust: certificates of fleet keys; NULL: it is parsed without a look at the signature. What is not signed well, or is for
 * somebody else, is no error: see problem. Complains itself of others; returns an exit code.
 */
int fleet_state_fetch(struct fleet_link *link, enum fleet_scope scope, const char *name,
	const struct trust_store *trust, struct fleet_state *state);
void fleet_state_free(struct fleet_state *state);

/* Certificates of fleet keys: *store, which may be NULL, or else those in FLEET_TRUST, if it is there. An exit code. */
int fleet_trust_find(struct trust_store **store);

#endif
