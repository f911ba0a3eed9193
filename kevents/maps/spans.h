/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Address spaces with a past. What was put where, and when, is a span; a later one hides what it
 * covers of the earlier ones, without changing them, so each moment can be asked for.
 *
 * A span is found by the cells that it touches. Cells have the size of a power of two; a span lies
 * in those whose size is its own rounded up, which are one or two. To look an address up is to look
 * into one cell for each size that the space has.
 */
#ifndef KEVENTS_MAPS_SPANS_H
#define KEVENTS_MAPS_SPANS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "subjects.h"

enum span_kind {
	SPAN_IMAGE,	/* part of a file */
	SPAN_MEMORY,	/* executable memory, where code may appear that nobody mapped */
	SPAN_GONE,	/* nothing any more */
	SPAN_CODE,	/* a piece of code that was made at run time, and the time is known */
	SPAN_CODE_GONE, /* it moved away, and the time is known */
	SPAN_SEEN_CODE, /* one of which only is known that it was seen by then */
};
#define SPAN_BIT(kind) (1U << (kind))

struct span {
	struct span *next; /* of the space */
	struct space *space;
	struct subject *subject; /* NULL: of what is gone */
	uint64_t start, last;	 /* addresses; last belongs to it */
	uint64_t offset;	 /* in the file */
	uint64_t earliest;	 /* it began not before this */
	uint64_t time;		 /* it was there by then; earliest == time: it is known exactly */
	uint64_t until;		 /* of SPAN_SEEN_CODE: and at a later look still; else not used */
	uint64_t sequence;	 /* of two of one time, the later one is higher */
	uint8_t kind;
	bool is_dead; /* while pruning */
};

/* What the perf map that SPAN_SEEN_CODE came from is like. */
enum seen_kind {
	SEEN_UNKNOWN,
	SEEN_LOG, /* it tells of all code ever made: what is there stays until it tells of other
		     code */
	SEEN_SNAPSHOTS, /* it is written anew now and then, with what is there at that moment */
};

struct space {
	struct space *next, **link; /* of all */
	struct space *parent;	    /* what was inherited at fork_time, or NULL */
	uint64_t fork_time;
	uint32_t references;
	uint64_t oldest_child; /* while pruning: the first fork_time of a space whose parent this is
				*/
	uint32_t depth;	       /* how many parents */
	uint64_t sizes;	       /* bit n: there is a cell of 2^n bytes */
	struct span *spans;    /* newest first, as they were added */
	size_t span_count;
	enum seen_kind seen_kind;
	bool has_late_jitdump; /* a jitdump's times may come after the code has begun to run */
};

struct cell;
struct spans {
	struct cell **buckets;
	size_t bucket_count, cell_count;
	struct space *spaces;
	uint64_t sequence;
	size_t span_count, memory; /* bytes, without the subjects */
	struct subjects subjects;
};

/* A space that inherits what parent has at fork_time; NULL: nothing. NULL when memory is short. */
struct space *space_new(struct spans *spans, struct space *parent, uint64_t fork_time);
/* Gives a reference back; the last one frees the space and its spans, and gives the parent back. */
void space_put(struct spans *spans, struct space *space); /* NULL: nothing */

/*
 * Adds a copy of *span, of which kind, start, last, offset, earliest and time count;
 * takes over a reference of subject, also when it fails. 0 or -ENOMEM.
 */
int spans_add(
	struct spans *spans, struct space *space, const struct span *span, struct subject *subject);

struct found {
	const struct span *sure;  /* was there at that time; the latest of them, or NULL */
	const struct span *maybe; /* may have come before that time; the latest of them, or NULL */
	unsigned int candidates;  /* how many different subjects these are; more than 99 are not
				     counted */
};

/* What of these kinds (SPAN_BIT) stood at an address at a time, what was inherited included. */
struct found spans_find(const struct spans *spans, const struct space *space, uint64_t address,
	uint64_t time, unsigned int kinds);

/*
 * Lets go of every span that was hidden before horizon, unless a space inherited it. Code counts
 * as hidden once any of it is.
 */
void spans_prune_hidden(struct spans *spans, uint64_t horizon);

/* Lets go of code, in whatever space, that came before horizon and may still stand. */
void spans_prune_code(struct spans *spans, uint64_t horizon);

/* Frees what is_dead of a space, when no cell holds it any more: for the two above. */
void space_sweep(struct spans *spans, struct space *space);

/* No space may be in use any more. */
void spans_free(struct spans *spans);

#endif
