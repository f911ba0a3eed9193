/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which sequence numbers of a boot have been seen: ranges, and the gaps between them. A number is then known to be
 * the next, to fill a gap, or to be there twice, whatever the order in which messages come and however old they are.
 * What is below the first range is not known to be missing.
 */
#ifndef KERNKIT_NETCON_SEQUENCES_H
#define KERNKIT_NETCON_SEQUENCES_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>

/* When there are more, the oldest gap is given up, and the ranges on its two sides become one. */
#define SEQUENCE_RANGES_MAX 64
#define SEQUENCE_RANGES_FEW 2

struct sequence_range {
	__u64 first, last;
	/* Of the gap below it; none below the first range. */
	__u64 gap_changed; /* milliseconds: when it opened, or last became smaller */
	bool gap_is_lost; /* it has been open for too long */
};

/* Begins as all zero; must not be copied once there is a number in it. */
struct sequences {
	struct sequence_range *ranges; /* in order, with at least one number between two */
	unsigned int count, room;
	/* The ranges, while there are no more: of most hosts always, and then they take no memory of their own. */
	struct sequence_range few[SEQUENCE_RANGES_FEW];
};

/* Numbers from first to last. */
struct sequence_gap {
	__u64 first, last;
};

enum sequence_place {
	SEQUENCE_NEWEST, /* above all that were seen */
	SEQUENCE_LATE, /* below the highest one, and not seen before */
	SEQUENCE_FOUND, /* the same, of a gap that was called lost */
	SEQUENCE_SEEN, /* seen before */
};

/* Where the number would stand; changes nothing. */
enum sequence_place sequences_find(const struct sequences *sequences, __u64 sequence);

/*
 * Adds it. now: milliseconds of a clock that only grows. *given_up is a gap that there was no room for any more, and that was not called
 * lost; first above last: there is none. 0 and *place; or -ENOMEM: nothing is added.
 */
int sequences_add(struct sequences *sequences, __u64 sequence, __u64 now, enum sequence_place *place,
	struct sequence_gap *given_up);

/* The highest number that was seen; there is one at least. */
__u64 sequences_highest(const struct sequences *sequences);

/*
 * The next gap that has not changed since before, milliseconds, which is called lost from now on. false: there is none.
 */
bool sequences_lose(struct sequences *sequences, __u64 before, struct sequence_gap *lost);

/* Whether there are gaps that are not called lost. */
bool sequences_are_waiting(const struct sequences *sequences);

void sequences_free(struct sequences *sequences);

#endif
