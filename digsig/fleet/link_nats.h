/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The link by libnats: for the files that make it up. */
#ifndef DIGSIG_FLEET_LINK_NATS_H
#define DIGSIG_FLEET_LINK_NATS_H

#include "../../lib/stream/nats_options.h"
#include "link.h"

enum { LINK_MILLISECONDS = 5000 }; /* what an answer may take */

struct fleet_hearing;

struct fleet_link {
	natsOptions *options;
	natsConnection *nats;
	struct fleet_hearing *hearings; /* a list */
};

/* Words for a status, and the errno of link.h; subject: what was asked. */
int link_fail(struct fleet_link *link, natsStatus status, const char *subject, char *problem);

/* No more calls of what hears. */
void link_stop_hearing(struct fleet_link *link);

/* "2026-11-30T21:00:00.123456789Z", as the server writes it, in nanoseconds since 1970; 0: it is no such time. */
__s64 link_parse_time(const char *text);

/* Takes what a message has; bytes from it are copied. -ENOMEM. */
int link_take_message(
	natsMsg *from, const char *subject, __u64 sequence, __s64 time, struct fleet_message *message, char *problem);

#endif
