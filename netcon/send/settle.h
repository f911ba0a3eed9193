/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether a link has settled: a state machine without a clock and without I/O. It is shown views of the link with
 * their times, and says what is missing.
 *
 * Settled is a link that has carrier, has had it for min without a change, and whose neighbour, the gateway or the
 * receiver itself, answers. After max it is given up to wait for that. Time without carrier does not count for max:
 * what was sent then would be lost for certain.
 */
#ifndef KERNKIT_NETCON_SEND_SETTLE_H
#define KERNKIT_NETCON_SEND_SETTLE_H

#include <stdbool.h>
#include <linux/types.h>

enum settle_state {
	SETTLE_NO_ROUTE, /* to the receiver */
	SETTLE_NO_CARRIER, /* the interface is down, or its cable is out */
	SETTLE_UNSTABLE, /* there is carrier, but not yet for min */
	SETTLE_UNANSWERED, /* the neighbour does not answer */
	SETTLE_SETTLED,
	SETTLE_GIVEN_UP, /* max is over */
};

/* The link at a moment. */
struct link_view {
	bool has_route; /* otherwise nothing below is known */
	unsigned int interface; /* its index */
	bool has_carrier;
	__u32 carrier_changes; /* how often it has come or gone: what happened between two views */
	bool is_immediate; /* loopback, or without ARP: nothing to wait for but carrier */
	bool needs_neighbour; /* not of multicast and broadcast */
	bool neighbour_answers;
};

struct settle {
	__u64 min, max; /* nanoseconds, as all times here */
	__u64 begin, seen, stable_since;
	__u64 with_carrier; /* how long there was some, up to seen */
	bool is_up; /* as seen last */
	struct link_view view; /* the last */
	enum settle_state state;
	enum settle_state given_up; /* of SETTLE_GIVEN_UP: what it waited for */
};

#define SETTLE_NEVER (~0ULL)

/* From now on; min and max are set. */
void settle_begin(struct settle *settle, __u64 now);

/* What now follows from the view. SETTLE_SETTLED and SETTLE_GIVEN_UP stay until settle_begin. */
enum settle_state settle_see(struct settle *settle, __u64 now, const struct link_view *view);

/* How long the state stays as it is if the link does; SETTLE_NEVER. */
__u64 settle_wait(const struct settle *settle, __u64 now);

/* Whether max has passed since the beginning, and there is no link now. */
bool settle_lacks_link(const struct settle *settle, __u64 now);

/* Whether what goes through the link at the later view may be lost, after it had settled at the earlier one. */
bool link_was_lost(const struct link_view *earlier, const struct link_view *later);

#endif
