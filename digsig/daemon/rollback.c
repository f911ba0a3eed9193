// SPDX-License-Identifier: GPL-2.0-or-later
#include "rollback.h"
#include <string.h>
#include <syslog.h>
#include "../enforce/revoke.h"
#include "../revocation/store.h"
#include "journal.h"

/* The store first: what the engine knows is gone at the next start. */
static void keep(struct engine *engine, const struct digsig_revocation *entry)
{
	const struct revocations one = { .entries = (struct digsig_revocation *)entry, .count = 1 };
	struct revocation_problem problem;
	char line[REVOCATION_LINE_MAX];
	int added = revocation_store_add(REVOCATION_STORE, &one, &problem);

	revocation_print(entry, line);
	if (added < 0)
		tell(LOG_ERR, "rollback: %s: not noted: %s", line, problem.text);
	else if (added)
		tell(LOG_NOTICE, "rollback: from now on refused: %s", line);
	added = engine_revoke(engine, &one);
	if (added < 0)
		tell(LOG_ERR, "rollback: %s: the engine does not know: %s", line, strerror(-added));
}

void rollback_take(
	struct rollback *rollback, struct engine *engine, const struct digsig_event *event)
{
	char identity[DIGSIG_IDENTITY_SIZE + 1] = { 0 };
	struct digsig_revocation entry;

	if (event->verdict != DIGSIG_VERDICT_OK || !event->epoch)
		return;
	memcpy(identity, event->identity, DIGSIG_IDENTITY_SIZE);
	if (revocation_below(identity, event->epoch, &entry) &&
		revocations_add(&rollback->seen, &entry) == 1)
		keep(engine, &entry);
}

void rollback_free(struct rollback *rollback)
{
	revocations_free(&rollback->seen);
}
