// SPDX-License-Identifier: GPL-2.0-or-later
#include "fleet_state.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "../cli.h"
#include "../trust_option.h"

static void check_target(enum fleet_scope scope, const char *name, struct fleet_state *state)
{
	if (state->manifest.scope == scope && !strcmp(state->manifest.name, name))
		return;
	snprintf(state->problem.text, sizeof(state->problem.text), "it is for %s %s",
		fleet_scope_name(state->manifest.scope), state->manifest.name);
	fleet_manifest_free(&state->manifest);
}

int fleet_state_fetch(struct fleet_link *link, enum fleet_scope scope, const char *name,
	const struct trust_store *trust, struct fleet_state *state)
{
	char subject[FLEET_SUBJECT_MAX], problem[FLEET_LINK_PROBLEM];
	const struct fleet_message *message = &state->message;
	int err;

	*state = (struct fleet_state){ 0 };
	fleet_state_subject(scope, name, subject);
	err = fleet_link_last(link, FLEET_STREAM_STATE, subject, FLEET_MANIFEST_MAX, &state->message, problem);
	if (err == -ENOENT)
		return EXIT_OK;
	if (err) {
		complain("%s", problem);
		return EXIT_ERROR;
	}
	err = trust ? signed_manifest_read(message->bytes, message->size, trust, NULL, &state->manifest, &state->verdict,
			      &state->problem)
		    : signed_manifest_look(message->bytes, message->size, &state->manifest, &state->problem);
	if (err == -ENOMEM) {
		complain("out of memory");
		fleet_state_free(state);
		return EXIT_ERROR;
	}
	if (!err)
		check_target(scope, name, state);
	return EXIT_OK;
}

void fleet_state_free(struct fleet_state *state)
{
	fleet_message_free(&state->message);
	fleet_manifest_free(&state->manifest);
}

int fleet_trust_find(struct trust_store **store)
{
	if (*store || access(FLEET_TRUST, F_OK))
		return EXIT_OK;
	return trust_option_add(store, FLEET_TRUST);
}
