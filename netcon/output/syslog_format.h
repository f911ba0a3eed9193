/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages in the format of RFC 5424:
 *
 *   <PRI>1 TIME ADDRESS kernel - - [netcon@32473 port="6665" seq="1822" ...][dictionary@32473 NAME="VALUE" ...] TEXT
 *
 * TIME is when it arrived. Kernkit has no enterprise number of its own: 32473 is the one that RFC 5612 leaves to examples.
 * A value is UTF-8 by RFC 5424: one that is not, or that has a byte 0, is written as the kernel escapes it. TEXT is
 * the text's own bytes, behind a byte order mark if it is UTF-8 and not ASCII; with a byte 0 it is escaped, too.
 */
#ifndef KERNKIT_NETCON_SYSLOG_FORMAT_H
#define KERNKIT_NETCON_SYSLOG_FORMAT_H

#include "bytes.h"
#include "output.h"

/*
 * Adds the message, of at most limit bytes, which is at least 8192. If it is longer, the end of TEXT
 * is left out; where a dictionary leaves TEXT less than a quarter of limit, that is left out first. A parameter "cut" then
 * says how many bytes are.
 */
void syslog_format(struct bytes *to, const struct received *received, size_t limit);

/* The same of what happened; by "netcon", and with its name as the MSGID. */
void syslog_format_happened(struct bytes *to, const struct happened *happened);

/* So many messages could not be sent, since they had no room in memory. Its MSGID is "queue-full". */
void syslog_format_queue_full(struct bytes *to, __u64 messages);

#endif
