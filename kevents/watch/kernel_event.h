/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the kernel program says, as records. */
#ifndef KEVENTS_WATCH_KERNEL_EVENT_H
#define KEVENTS_WATCH_KERNEL_EVENT_H

#include "../kernel/event.h"
#include "order.h"
#include "who.h"

/* Puts it into order; who: learns, if it is not NULL. 0, or -ENOMEM. */
int add_event(struct order *order, struct who *who, const struct event *event);

#endif
