// SPDX-License-Identifier: GPL-2.0-or-later
#include "internal.h"

size_t maps_memory(const struct kevents_maps *maps)
{
	return maps->spans.memory + maps->spans.subjects.memory + maps->processes.memory;
}

static void forget(struct kevents_maps *maps, uint64_t horizon)
{
	if (horizon > maps->forgotten)
		maps->forgotten = horizon;
	processes_prune(&maps->processes, &maps->spans, horizon);
	spans_prune_hidden(&maps->spans, horizon);
	maps->pruned = maps->now;
}

/* Comes half way nearer to now each time, until there is room again. */
static void forget_until_there_is_room(struct kevents_maps *maps)
{
	size_t wanted = maps->options.memory / 4 * 3;
	uint64_t back = maps->now - (maps->forgotten < maps->now ? maps->forgotten : maps->now);

	while (maps_memory(maps) > wanted && back > 1000000) {
		back /= 2;
		forget(maps, maps->now - back);
	}
	for (back = maps->now; maps_memory(maps) > wanted && back > 1000000;) {
		back /= 2;
		spans_prune_code(&maps->spans, maps->now - back);
	}
}

void maps_prune(struct kevents_maps *maps)
{
	size_t limit = maps->options.memory;
	uint64_t age = maps->options.age;

	if (age && maps->now > age && maps->now - age > maps->forgotten &&
		maps->now - maps->pruned > age / 4)
		forget(maps, maps->now - age);
	if (maps_memory(maps) <= limit) {
		maps->unprunable = 0;
	} else if (maps_memory(maps) > maps->unprunable + limit / 16) {
		forget_until_there_is_room(maps);
		maps->unprunable = maps_memory(maps);
	}
}

bool maps_has_room(const struct kevents_maps *maps)
{
	/* Some more than the limit at which it is made: that is not tried for each record. */
	return maps_memory(maps) <= maps->options.memory + maps->options.memory / 16;
}
