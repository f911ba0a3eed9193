// SPDX-License-Identifier: GPL-2.0-or-later
#include "state.h"
#include <stdlib.h>
#include <string.h>
#include "../fleet/signed_manifest.h"

void fleet_state_free(struct fleet_state *state)
{
	if (state->bytes)
		fleet_manifest_free(&state->manifest);
	free(state->bytes);
	*state = (struct fleet_state){ 0 };
}

int fleet_state_read(char *bytes, size_t size, const struct trust_store *fleet_keys, struct fleet_state *state,
	struct fleet_problem *problem)
{
	enum digsig_verdict verdict;
	int err;

	*state = (struct fleet_state){ .bytes = bytes, .size = size };
	if (fleet_keys)
		err = signed_manifest_read(bytes, size, fleet_keys, NULL, &state->manifest, &verdict, problem);
	else
		err = signed_manifest_look(bytes, size, &state->manifest, problem);
	if (err) {
		free(bytes);
		*state = (struct fleet_state){ 0 };
	}
	return err;
}

void fleet_state_move(struct fleet_state *to, struct fleet_state *from)
{
	fleet_state_free(to);
	*to = *from;
	*from = (struct fleet_state){ 0 };
}

bool fleet_state_is_for(const struct fleet_state *state, enum fleet_scope scope, const char *name)
{
	return state->bytes && state->manifest.scope == scope && !strcmp(state->manifest.name, name);
}

bool fleet_state_is_same(const struct fleet_state *one, const struct fleet_state *other)
{
	return one->size == other->size && (!one->size || !memcmp(one->bytes, other->bytes, one->size));
}
