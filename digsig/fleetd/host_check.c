// SPDX-License-Identifier: GPL-2.0-or-later
/* The states that the stream has, and which of them are taken. */
#include <errno.h>
#include <stdlib.h>
#include "host_parts.h"

static const char *scope_name(enum fleet_scope scope)
{
	return scope == FLEET_GROUP ? "group" : "host";
}

static const char *own_name(const struct fleet_host *host, enum fleet_scope scope)
{
	return scope == FLEET_GROUP ? host->settings.group : host->settings.host;
}

/* How far this clock goes before the server's, from a message that was heard when it was published. */
static void measure_clock(struct fleet_host *host, const struct fleet_message *message)
{
	__s64 heard_at = atomic_load(&host->heard_at);

	if (!host->looks_for || !heard_at || !message->time)
		return;
	host->clock.is_known = true;
	host->clock.offset = (double)(heard_at - message->time) / 1e9;
}

/* Whether it is newer than what is here; if not, and it is not the same, why it is refused is said. */
static bool is_newer(struct fleet_host *host, enum fleet_scope scope, const struct fleet_state *state)
{
	const struct fleet_state *known = &host->accepted[scope].state;
	unsigned long long sequence = state->manifest.sequence, here;
	const char *what = scope_name(scope), *name = own_name(host, scope);

	if (!fleet_state_is_for(state, scope, name)) {
		host_problem(host, TOPIC_GROUP + scope, "the server's state of the %s %s is refused: it is for the %s %s", what, name,
			scope_name(state->manifest.scope), state->manifest.name);
		return false;
	}
	here = known->bytes ? known->manifest.sequence : 0;
	if (known->bytes && fleet_state_is_same(known, state))
		host_problem(host, TOPIC_GROUP + scope, "%s", "");
	else if (known->bytes && sequence < here)
		host_problem(host, TOPIC_GROUP + scope,
			"the server's state of the %s %s is refused: its sequence %llu is less than %llu, which is here: was the server restored from an old backup?",
			what, name, sequence, here);
	else if (known->bytes && sequence == here)
		host_problem(host, TOPIC_GROUP + scope,
			"the server's state of the %s %s is refused: another one of the same sequence %llu is here", what, name, sequence);
	else
		return true;
	return false;
}

static void accept_state(struct fleet_host *host, enum fleet_scope scope, struct fleet_state *state)
{
	host_problem(host, TOPIC_GROUP + scope, "%s", "");
	fleet_state_move(&host->accepted[scope].state, state);
	host->is_incomplete = true;
	host->is_begun = false;
	host->fetch_at = 0;
	backoff_reset(&host->fetch_again);
}

static void judge(struct fleet_host *host, enum fleet_scope scope, struct fleet_message *message)
{
	struct fleet_state state;
	struct fleet_problem problem;
	int err = fleet_state_read(message->bytes, message->size, host->settings.fleet_keys, &state, &problem);

	message->bytes = NULL; /* taken over */
	if (err) {
		host_problem(host, TOPIC_GROUP + scope, "the server's state of the %s %s is refused: %.300s", scope_name(scope),
			own_name(host, scope), problem.text);
		return;
	}
	if (is_newer(host, scope, &state))
		accept_state(host, scope, &state);
	fleet_state_free(&state);
}

/* 0; or an error of the link, after which the connection may be closed. */
static int check_scope(struct fleet_host *host, enum fleet_scope scope)
{
	char subject[FLEET_SUBJECT_MAX], problem[FLEET_LINK_PROBLEM] = "";
	struct fleet_message message = { 0 };
	int err;

	fleet_state_subject(scope, own_name(host, scope), subject);
	err = fleet_link_last(host->link, FLEET_STREAM_STATE, subject, FLEET_MANIFEST_MAX, &message, problem);
	if (err == -ENOENT) {
		if (scope == FLEET_GROUP)
			host_problem(host, TOPIC_GROUP, "no state of the group %s was published", host->settings.group);
		return 0;
	}
	if (err == -EMSGSIZE) {
		host_problem(host, TOPIC_GROUP + scope, "the server's state of the %s %s is refused: %s", scope_name(scope),
			own_name(host, scope), problem);
		return 0;
	}
	if (err)
		return host_link_failed(host, err, problem), err;
	host->timeouts = 0;
	host_problem(host, TOPIC_LINK, "%s", "");
	if (message.sequence != host->accepted[scope].message)
		measure_clock(host, &message);
	host->accepted[scope].message = message.sequence;
	judge(host, scope, &message);
	fleet_message_free(&message);
	return 0;
}

bool host_check(struct fleet_host *host, unsigned int scopes)
{
	for (enum fleet_scope scope = FLEET_GROUP; scope <= FLEET_HOST; scope++)
		if (scopes & 1U << scope && check_scope(host, scope))
			return false;
	return true;
}
