/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A signed manifest as it came, with what it says. */
#ifndef DIGSIG_FLEETD_STATE_H
#define DIGSIG_FLEETD_STATE_H

#include "../fleet/manifest.h"
#include "../trust/store.h"

struct fleet_state {
	char *bytes; /* signature included; owned; NULL: there is none */
	size_t size;
	struct fleet_manifest manifest;
};

void fleet_state_free(struct fleet_state *state);

/*
 * Takes bytes over, also after an error. The signature is checked before anything is parsed: fleet_keys has who may sign; NULL: it is
 * not looked at, for bytes that were checked before. -EKEYREJECTED, -EINVAL, -ENOMEM, with words in problem, and *state empty.
 */
int fleet_state_read(char *bytes, size_t size, const struct trust_store *fleet_keys, struct fleet_state *state,
	struct fleet_problem *problem);

/* *to = *from, which is empty then; what *to had is freed. */
void fleet_state_move(struct fleet_state *to, struct fleet_state *from);

/* Whether it is about that group, or that host. */
bool fleet_state_is_for(const struct fleet_state *state, enum fleet_scope scope, const char *name);

bool fleet_state_is_same(const struct fleet_state *one, const struct fleet_state *other);

#endif
