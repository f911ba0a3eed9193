// SPDX-License-Identifier: GPL-2.0-or-later
#include "settle.h"

static bool is_up(const struct link_view *view)
{
	return view->has_route && view->has_carrier;
}

bool link_was_lost(const struct link_view *earlier, const struct link_view *later)
{
	return !is_up(later) || earlier->interface != later->interface ||
		earlier->carrier_changes != later->carrier_changes;
}

void settle_begin(struct settle *settle, __u64 now)
{
	*settle = (struct settle){ .min = settle->min, .max = settle->max, .begin = now, .seen = now };
}

static enum settle_state judge(const struct settle *settle, __u64 now)
{
	const struct link_view *view = &settle->view;

	if (!view->has_route)
		return SETTLE_NO_ROUTE;
	if (!view->has_carrier)
		return SETTLE_NO_CARRIER;
	if (view->is_immediate)
		return SETTLE_SETTLED;
	if (now - settle->stable_since < settle->min)
		return SETTLE_UNSTABLE;
	return view->needs_neighbour && !view->neighbour_answers ? SETTLE_UNANSWERED : SETTLE_SETTLED;
}

enum settle_state settle_see(struct settle *settle, __u64 now, const struct link_view *view)
{
	bool was_up = settle->is_up;

	if (settle->state == SETTLE_SETTLED || settle->state == SETTLE_GIVEN_UP)
		return settle->state;
	if (was_up)
		settle->with_carrier += now - settle->seen;
	settle->is_up = is_up(view);
	if (settle->is_up && (!was_up || link_was_lost(&settle->view, view)))
		settle->stable_since = now;
	settle->seen = now;
	settle->view = *view;
	settle->state = judge(settle, now);
	if (settle->is_up && settle->state != SETTLE_SETTLED && settle->with_carrier >= settle->max) {
		settle->given_up = settle->state;
		settle->state = SETTLE_GIVEN_UP;
	}
	return settle->state;
}

static __u64 time_until(__u64 when, __u64 now)
{
	return when > now ? when - now : 0;
}

__u64 settle_wait(const struct settle *settle, __u64 now)
{
	__u64 end = settle->begin + settle->max, given_up, stable;

	if (settle->state == SETTLE_SETTLED || settle->state == SETTLE_GIVEN_UP)
		return SETTLE_NEVER;
	if (!settle->is_up)
		return end > now ? end - now : SETTLE_NEVER;
	given_up = time_until(settle->seen + settle->max - settle->with_carrier, now);
	stable = time_until(settle->stable_since + settle->min, now);
	return settle->state == SETTLE_UNSTABLE && stable < given_up ? stable : given_up;
}

bool settle_lacks_link(const struct settle *settle, __u64 now)
{
	return settle->state <= SETTLE_NO_CARRIER && now - settle->begin >= settle->max;
}
