// SPDX-License-Identifier: GPL-2.0-or-later
#include "sequences.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const struct sequence_gap no_gap = { 1, 0 };

/* The first range that ends at the number or above it; count: there is none. */
static unsigned int range_at(const struct sequences *sequences, __u64 sequence)
{
	unsigned int low = 0, high = sequences->count;

	while (low < high) {
		unsigned int middle = (low + high) / 2;

		if (sequences->ranges[middle].last < sequence)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Of a number that the range at place does not hold. */
static enum sequence_place place_of(const struct sequences *sequences, unsigned int place)
{
	if (place == sequences->count)
		return SEQUENCE_NEWEST;
	return place && sequences->ranges[place].gap_is_lost ? SEQUENCE_FOUND : SEQUENCE_LATE;
}

enum sequence_place sequences_find(const struct sequences *sequences, __u64 sequence)
{
	unsigned int place = range_at(sequences, sequence);

	if (place < sequences->count && sequences->ranges[place].first <= sequence)
		return SEQUENCE_SEEN;
	return place_of(sequences, place);
}

static void remove_range(struct sequences *sequences, unsigned int place)
{
	sequences->count--;
	memmove(&sequences->ranges[place], &sequences->ranges[place + 1],
		(sequences->count - place) * sizeof(*sequences->ranges));
}

/* The gap below the range at place closes: that range becomes one with the one before. */
static void join(struct sequences *sequences, unsigned int place)
{
	sequences->ranges[place - 1].last = sequences->ranges[place].last;
	remove_range(sequences, place);
}

/* Room for one more range, at *place: more memory, or the oldest gap that the new range is not in. */
static int make_room(struct sequences *sequences, unsigned int *place, struct sequence_gap *given_up)
{
	unsigned int room = sequences->room ? 2 * sequences->room : 2;
	struct sequence_range *ranges;

	if (sequences->count < sequences->room)
		return 0;
	if (room > SEQUENCE_RANGES_MAX) {
		unsigned int oldest = *place == 1 ? 2 : 1;
		const struct sequence_range *above = &sequences->ranges[oldest];

		if (!above->gap_is_lost)
			*given_up = (struct sequence_gap){ above[-1].last + 1, above->first - 1 };
		join(sequences, oldest);
		*place -= *place > oldest;
		return 0;
	}
	ranges = reallocarray(sequences->ranges, room, sizeof(*ranges));
	if (!ranges)
		return -ENOMEM;
	sequences->ranges = ranges;
	sequences->room = room;
	return 0;
}

/* A range of its own, at place: the gap that it is in becomes two, or there is a new one below or above it. */
static int insert(struct sequences *sequences, unsigned int place, __u64 sequence, __u64 now, struct sequence_gap *given_up)
{
	struct sequence_range *range;
	bool was_lost;
	int err = make_room(sequences, &place, given_up);

	if (err)
		return err;
	was_lost = place && place < sequences->count && sequences->ranges[place].gap_is_lost;
	range = &sequences->ranges[place];
	memmove(range + 1, range, (sequences->count - place) * sizeof(*range));
	sequences->count++;
	*range = (struct sequence_range){ sequence, sequence, now, was_lost };
	if (place + 1 < sequences->count) {
		range[1].gap_changed = now;
		range[1].gap_is_lost = was_lost;
	}
	return 0;
}

int sequences_add(struct sequences *sequences, __u64 sequence, __u64 now, enum sequence_place *place,
	struct sequence_gap *given_up)
{
	unsigned int at = range_at(sequences, sequence);
	struct sequence_range *above = at < sequences->count ? &sequences->ranges[at] : NULL;
	struct sequence_range *below = at ? &sequences->ranges[at - 1] : NULL;
	bool touches_above = above && above->first && above->first - 1 == sequence;
	bool touches_below = below && below->last + 1 == sequence;

	*given_up = no_gap;
	if (above && above->first <= sequence) {
		*place = SEQUENCE_SEEN;
		return 0;
	}
	*place = place_of(sequences, at);
	if (above)
		above->gap_changed = now;
	if (touches_above && touches_below) {
		join(sequences, at);
	} else if (touches_above) {
		above->first = sequence;
	} else if (touches_below) {
		below->last = sequence;
	} else {
		return insert(sequences, at, sequence, now, given_up);
	}
	return 0;
}

__u64 sequences_highest(const struct sequences *sequences)
{
	return sequences->ranges[sequences->count - 1].last;
}

bool sequences_lose(struct sequences *sequences, __u64 before, struct sequence_gap *lost)
{
	for (unsigned int i = 1; i < sequences->count; i++) {
		struct sequence_range *range = &sequences->ranges[i];

		if (range->gap_is_lost || range->gap_changed >= before)
			continue;
		range->gap_is_lost = true;
		*lost = (struct sequence_gap){ range[-1].last + 1, range->first - 1 };
		return true;
	}
	return false;
}

bool sequences_are_waiting(const struct sequences *sequences)
{
	for (unsigned int i = 1; i < sequences->count; i++)
		if (!sequences->ranges[i].gap_is_lost)
			return true;
	return false;
}

void sequences_free(struct sequences *sequences)
{
	free(sequences->ranges);
	*sequences = (struct sequences){ 0 };
}
