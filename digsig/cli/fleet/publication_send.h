/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Getting a signed state to the server: for the files that make up publications. */
#ifndef DIGSIG_CLI_FLEET_PUBLICATION_SEND_H
#define DIGSIG_CLI_FLEET_PUBLICATION_SEND_H

#include "publication.h"

struct publication_target {
	enum fleet_scope scope;
	const char *name;
};

struct publication_state {
	char *bytes; /* signed */
	size_t size;
	const struct fleet_manifest *manifest; /* what they say */
	__u64 last; /* the sequence in its stream of the state that it follows; 0: none */
};

struct publication_target publication_target(const struct publication *publication);

/* Complain themselves; return an exit code. */
int publication_send_files(struct fleet_link *link, const struct publication *publication);
int publication_send_state(struct fleet_link *link, const struct publication_target *target,
	const struct publication_state *state, bool is_quiet);

#endif
