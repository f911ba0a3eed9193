/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef DIGSIG_ENFORCE_REQUEST_H
#define DIGSIG_ENFORCE_REQUEST_H

#include "engine.h"

/*
 * Has the engine remember which keyring its settings name. Once, while it is started. -ENOKEY:
 * there is no such keyring; -EPERM: it remembers another one.
 */
int engine_bind_keyring(struct engine *engine);

/*
 * One request and its reply, in turn with other couriers. payload, a value of payload_map, is
 * written first; NULL: there is none. -ETIMEDOUT: nobody carried it out.
 */
int engine_ask(struct engine *engine, struct digsig_request *request, int payload_map,
	const void *payload, struct digsig_reply *reply);

#endif
