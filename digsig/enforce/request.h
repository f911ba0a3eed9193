/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef DIGSIG_ENFORCE_REQUEST_H
#define DIGSIG_ENFORCE_REQUEST_H

#include "engine.h"

/* Has the engine remember which keyring its settings name. Once, while it is started. */
int engine_bind_keyring(struct engine *engine);

#endif
