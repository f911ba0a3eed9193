// SPDX-License-Identifier: GPL-2.0-or-later
/* Messages of which pieces are missing. */
#include <stdlib.h>
#include <string.h>
#include "tracker_parts.h"

/* What pending messages of one host may take, and how many there may be: more than its processors send at a time. */
#define HOST_MEMORY_MAX (4 * (size_t)NETCON_BODY_MAX)
#define HOST_PENDING_MAX 64

/* From here on it is the caller's alone. */
static void detach_pending(struct tracker *tracker, struct pending *pending)
{
	struct host *host = pending->host;

	TAILQ_REMOVE(&host->pending, pending, of_host);
	TAILQ_REMOVE(&tracker->pending[pending->was_established], pending, of_all);
	host->pending_count--;
	host->pending_memory -= pending->assembly.memory;
	tracker->pending_memory -= pending->assembly.memory;
}

static void free_pending(struct pending *pending)
{
	assembly_close(&pending->assembly);
	free(pending);
}

void pieces_finish(struct tracker *tracker, struct pending *pending, bool is_of_present)
{
	const struct assembly *assembly = &pending->assembly;
	struct received received = tracker_received(tracker, pending->host);
	char *body = malloc(assembly_room(assembly));

	detach_pending(tracker, pending);
	if (body) {
		assembly_read(assembly, body, &received.message);
		received.missing = assembly->header.total - assembly->have;
		received.is_torn = received.missing;
		if (is_of_present)
			tracker_take_numbered(tracker, pending->host, &received, "", pending->begun);
		else
			tracker_take_extended(tracker, pending->host, &received, pending->begun);
	} else {
		count(&tracker->counts.short_of_memory, 1);
	}
	free(body);
	free_pending(pending);
}

static struct pending *find_pending(const struct host *host, const struct netcon_message *message)
{
	struct pending *pending;

	TAILQ_FOREACH(pending, &host->pending, of_host)
		if (assembly_takes(&pending->assembly, message))
			break;
	return pending;
}

/*
 * Gives up the oldest until there is room: of this host, if it has too much; otherwise of hosts on probation before others, so
 * that who forges sources takes the place of the like.
 */
static void make_memory(struct tracker *tracker, const struct host *host)
{
	while (host->pending_memory > HOST_MEMORY_MAX || host->pending_count > HOST_PENDING_MAX)
		pieces_finish(tracker, TAILQ_FIRST(&host->pending), false);
	while (tracker->pending_memory && tracker->pending_memory + tracker->rest_memory > tracker->settings.memory_max)
		pieces_finish(tracker, TAILQ_FIRST(&tracker->pending[TAILQ_EMPTY(&tracker->pending[0])]), false);
}

static struct pending *add_pending(struct tracker *tracker, struct host *host, const struct netcon_message *message)
{
	struct pending *pending = calloc(1, sizeof(*pending));

	if (!pending || assembly_open(&pending->assembly, message)) {
		free(pending);
		return NULL;
	}
	pending->host = host;
	pending->begun = tracker->time.now;
	pending->was_established = host->is_established;
	TAILQ_INSERT_TAIL(&host->pending, pending, of_host);
	TAILQ_INSERT_TAIL(&tracker->pending[pending->was_established], pending, of_all);
	host->pending_count++;
	host->pending_memory += pending->assembly.memory;
	tracker->pending_memory += pending->assembly.memory;
	return pending;
}

void pieces_take(struct tracker *tracker, struct host *host, const struct netcon_message *message)
{
	struct pending *pending = find_pending(host, message);
	enum assembly_result result = ASSEMBLY_REPEATED;
	size_t before;
	int err;

	count(&tracker->counts.fragments, 1);
	if (!pending)
		pending = add_pending(tracker, host, message);
	if (!pending) {
		count(&tracker->counts.short_of_memory, 1);
		return;
	}
	before = pending->assembly.memory;
	err = assembly_add(&pending->assembly, message, &result);
	host->pending_memory += pending->assembly.memory - before;
	tracker->pending_memory += pending->assembly.memory - before;
	if (err)
		count(&tracker->counts.short_of_memory, 1);
	else if (result == ASSEMBLY_CONFLICT)
		count(&tracker->counts.conflicts, 1);
	else if (result == ASSEMBLY_COMPLETE)
		pieces_finish(tracker, pending, false);
	make_memory(tracker, host);
}

static void tick_list(struct tracker *tracker, struct pending_list *list)
{
	struct pending *pending;

	while ((pending = TAILQ_FIRST(list)) && tracker->time.now - pending->begun >= tracker->settings.assemble)
		pieces_finish(tracker, pending, false);
}

void pieces_tick(struct tracker *tracker)
{
	tick_list(tracker, &tracker->pending[0]);
	tick_list(tracker, &tracker->pending[1]);
}

void pieces_drop(struct tracker *tracker, struct host *host)
{
	struct pending *pending;

	while ((pending = TAILQ_FIRST(&host->pending))) {
		detach_pending(tracker, pending);
		free_pending(pending);
	}
}
