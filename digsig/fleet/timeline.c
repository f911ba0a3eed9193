// SPDX-License-Identifier: GPL-2.0-or-later
#include "timeline.h"

void fleet_timeline_init(struct fleet_timeline *timeline, __s64 begin, __s64 end)
{
	*timeline = (struct fleet_timeline){ .begin = begin };
	timeline->step = (end - begin) / FLEET_TIMELINE_STEPS + 1;
}

void fleet_timeline_add(struct fleet_timeline *timeline, const struct fleet_event *event)
{
	__s64 at = (event->time - timeline->begin) / timeline->step;

	if (event->kind != FLEET_EVENT_JUDGED && event->kind != FLEET_EVENT_REPEATED)
		return;
	if (event->time < timeline->begin || at >= FLEET_TIMELINE_STEPS)
		timeline->outside += event->count;
	else if (event->is_denied)
		timeline->denied[at] += event->count;
	else
		timeline->would_deny[at] += event->count;
}
