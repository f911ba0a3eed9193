/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What there was when watching began, as records: see KEVENTS_SYNTHESISED. */
#ifndef KEVENTS_WATCH_SYNTHESISE_H
#define KEVENTS_WATCH_SYNTHESISE_H

#include "../kevents.h"
#include "filter.h"

struct synthesis;

/* All of them will have that time. 0 or a negative errno. */
int synthesis_new(struct filter *filter, uint64_t time, struct synthesis **synthesis);
/* Frees it, at whatever point it is. */
void synthesis_free(struct synthesis *synthesis);

/*
 * The next part, the kernel's code or one process: returns how many records it handed on; 0: there
 * are no more; or what the handler returned that was negative, after which the next call goes on.
 */
int synthesis_step(struct synthesis *synthesis, kevents_handler *handler, void *context);

#endif
