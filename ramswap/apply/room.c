// SPDX-License-Identifier: GPL-2.0-or-later
/* Whether what is in swap devices has room elsewhere. */
#include "internal.h"

#define HEADROOM_LEAST (16ULL << 20)
#define HEADROOM_MOST (256ULL << 20)

/* Fixed shares of a large machine's memory would be more than anybody needs to keep working. */
__u64 apply_headroom(const struct ramswap_facts *facts)
{
	__u64 share = facts->memory.total / 64;

	return share < HEADROOM_LEAST ? HEADROOM_LEAST : share > HEADROOM_MOST ? HEADROOM_MOST : share;
}

bool apply_room_of(const struct ramswap_facts *facts, const bool *goes, struct apply_room *room)
{
	*room = (struct apply_room){
		.available = facts->memory.has_available ? facts->memory.available : facts->memory.free,
		.headroom = apply_headroom(facts),
	};
	for (size_t i = 0; i < facts->swap_count; i++) {
		const struct ramswap_swap *swap = &facts->swaps[i];

		if (goes[i])
			room->used += swap->used;
		else if (swap->size > swap->used)
			room->other_free += swap->size - swap->used;
	}
	room->needed = room->used + room->used / 20 + room->headroom;
	return !room->used || room->available + room->other_free > room->needed;
}
