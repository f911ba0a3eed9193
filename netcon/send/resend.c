// SPDX-License-Identifier: GPL-2.0-or-later
#include "resend.h"

static struct resend_mark *mark_at(struct resend *resend, size_t index)
{
	return &resend->marks[(resend->first + index) % RESEND_MARKS];
}

/* A mark is of use as long as the one after it does not cover the whole time. */
static void drop_old(struct resend *resend, __u64 now, __u64 time)
{
	while (resend->count > 1 && now - mark_at(resend, 1)->time > time) {
		resend->first = (resend->first + 1) % RESEND_MARKS;
		resend->count--;
	}
}

void resend_note(struct resend *resend, __u64 now, __u64 sequence)
{
	/* So that the window needs at most all marks but two: its first may begin before it. */
	__u64 span = resend->window / (RESEND_MARKS - 2) + 1;

	if (resend->count && now - resend->last > resend->window)
		resend_forget(resend);
	resend->last = now;
	drop_old(resend, now, resend->window);
	if (resend->count && now - mark_at(resend, resend->count - 1)->time < span)
		return;
	if (resend->count == RESEND_MARKS)
		return;
	*mark_at(resend, resend->count++) = (struct resend_mark){ now, sequence };
}

bool resend_from(const struct resend *resend, __u64 now, __u64 time, __u64 *sequence)
{
	struct resend copy = *resend;

	drop_old(&copy, now, time);
	if (!copy.count || now - copy.last > time)
		return false;
	*sequence = mark_at(&copy, 0)->sequence;
	return true;
}

void resend_forget(struct resend *resend)
{
	resend->first = resend->count = 0;
}
