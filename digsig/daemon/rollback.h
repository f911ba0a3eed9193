/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Protection against old builds: what ran with an epoch is the least that its identity may have from
 * then on, noted in the machine's store of revocations and told to the engine.
 */
#ifndef DIGSIG_DAEMON_ROLLBACK_H
#define DIGSIG_DAEMON_ROLLBACK_H

#include "../enforce/engine.h"
#include "../revocation/revocation.h"

struct rollback {
	struct revocations seen; /* identities and their highest epochs, since digsigd started */
};

/* Looks at an event: of a file that was ok, and has an identity and an epoch above 0. */
void rollback_take(
	struct rollback *rollback, struct engine *engine, const struct digsig_event *event);
/* Frees what was seen; the structure is the caller's. */
void rollback_free(struct rollback *rollback);

#endif
