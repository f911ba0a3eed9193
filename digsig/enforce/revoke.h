/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hands revocations to the running engine. */
#ifndef DIGSIG_ENFORCE_REVOKE_H
#define DIGSIG_ENFORCE_REVOKE_H

#include "../revocation/revocation.h"
#include "engine.h"

/*
 * All of them; what was trusted because of them is refused from its next use on. Returns how many
 * were new to the engine, or a negative errno: -ENOSPC: it has no room for more.
 */
int engine_revoke(struct engine *engine, const struct revocations *list);

#endif
