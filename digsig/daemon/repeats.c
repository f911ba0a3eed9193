// SPDX-License-Identifier: GPL-2.0-or-later
#include "repeats.h"
#include <string.h>

/* What is stored before it is in memory before what comes after it, if a kill comes between. */
#define IN_THIS_ORDER() __asm__ volatile("" ::: "memory")

static bool is_denied(const struct digsig_event *event)
{
	return event->flags & DIGSIG_EVENT_DENIED;
}

static bool is_alike(const struct digsig_event *one, const struct digsig_event *other)
{
	return one->hook == other->hook && one->verdict == other->verdict &&
		is_denied(one) == is_denied(other) &&
		!strncmp((const char *)one->path, (const char *)other->path, sizeof(one->path));
}

/* FNV-1a; never 0. */
static __u64 key_of(const struct digsig_event *event)
{
	__u64 key = 0xcbf29ce484222325ULL ^
		(event->hook << 16 | event->verdict << 1 | is_denied(event));

	for (size_t i = 0; i < sizeof(event->path) && event->path[i]; i++)
		key = (key ^ event->path[i]) * 0x100000001b3ULL;
	return key ? key : 1;
}

static bool is_counted_last(const struct repeats *repeats, const struct digsig_event *event)
{
	return repeats->counting.time == event->time && repeats->counting.inode == event->inode &&
		repeats->counting.pid == event->pid && repeats->counting.hook == event->hook;
}

void repeats_recover(struct repeats *repeats)
{
	if (!repeats->counting.is_valid || repeats->counting.slot >= REPEATS_MAX)
		return;
	repeats->slot[repeats->counting.slot].count = repeats->counting.count;
}

static void count(struct repeats *repeats, __u32 slot, const struct digsig_event *event)
{
	repeats->counting.is_valid = 0;
	IN_THIS_ORDER();
	repeats->counting.time = event->time;
	repeats->counting.inode = event->inode;
	repeats->counting.pid = event->pid;
	repeats->counting.hook = event->hook;
	repeats->counting.slot = slot;
	repeats->counting.count = repeats->slot[slot].count + 1;
	IN_THIS_ORDER();
	/* From here on it counts: repeats_recover makes up for what a kill leaves out. */
	repeats->counting.is_valid = 1;
	IN_THIS_ORDER();
	repeats->slot[slot].count = repeats->counting.count;
}

static void remember(struct repeats *repeats, __u32 slot, const struct digsig_event *event,
	__u64 until)
{
	struct repeat *repeat = &repeats->slot[slot];

	repeat->first = *event;
	repeat->count = 0;
	repeat->until = until;
	IN_THIS_ORDER();
	repeat->key = key_of(event);
}

bool repeats_count(
	struct repeats *repeats, const struct digsig_event *event, __u64 now, unsigned int rate)
{
	__u32 free_slot = REPEATS_MAX;
	__u64 key = key_of(event);

	if (is_counted_last(repeats, event) && repeats->counting.is_valid)
		return true;
	if (!rate)
		return false;
	for (__u32 slot = 0; slot < REPEATS_MAX; slot++) {
		const struct repeat *repeat = &repeats->slot[slot];

		if (!repeat->key) {
			if (free_slot == REPEATS_MAX)
				free_slot = slot;
		} else if (repeat->key == key && is_alike(&repeat->first, event)) {
			/* The first one itself, handed on again after a kill. */
			if (repeat->first.time == event->time && repeat->first.pid == event->pid)
				return false;
			count(repeats, slot, event);
			return true;
		}
	}
	if (free_slot < REPEATS_MAX)
		remember(repeats, free_slot, event, now + rate);
	return false;
}

void repeats_tell(struct repeats *repeats, __u64 now, unsigned int rate, repeat_teller *tell,
	void *context)
{
	for (__u32 slot = 0; slot < REPEATS_MAX; slot++) {
		struct repeat *repeat = &repeats->slot[slot];

		if (!repeat->key || now < repeat->until)
			continue;
		if (!repeat->count) {
			repeat->key = 0; /* quiet for an interval: the next one is a first one */
			continue;
		}
		tell(repeat, context);
		/* First what repeats_recover would restore, or a kill could have it told twice. */
		if (repeats->counting.slot == slot && repeats->counting.is_valid)
			repeats->counting.count = 0;
		IN_THIS_ORDER();
		repeat->count = 0;
		repeat->until = now + rate;
		if (!rate)
			repeat->key = 0;
	}
}
