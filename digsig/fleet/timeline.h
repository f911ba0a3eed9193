/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How much was denied, and would have been, when: in steps of the same length. */
#ifndef DIGSIG_FLEET_TIMELINE_H
#define DIGSIG_FLEET_TIMELINE_H

#include "event.h"

enum { FLEET_TIMELINE_STEPS = 168 };

struct fleet_timeline {
	__s64 begin; /* seconds since 1970 */
	__s64 step; /* seconds */
	__u64 denied[FLEET_TIMELINE_STEPS], would_deny[FLEET_TIMELINE_STEPS];
	__u64 outside; /* events before or behind it */
};

/* From begin to end, which is later. */
void fleet_timeline_init(struct fleet_timeline *timeline, __s64 begin, __s64 end);
void fleet_timeline_add(struct fleet_timeline *timeline, const struct fleet_event *event);

#endif
