/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the kernel program says, as records. */
#ifndef KEVENTS_WATCH_KERNEL_EVENT_H
#define KEVENTS_WATCH_KERNEL_EVENT_H

#include "../kernel/event.h"
#include "order.h"
#include "process_identity.h"

/* Puts it into order; identities: learns, if it is not NULL. 0, or -ENOMEM. */
int add_event(struct order *order, struct process_identities *identities, const struct event *event);

#endif
