/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * When which record was sent, for the last while: to know which to send again after a loss of the link. It keeps
 * some marks, not each record, and so names rather an earlier record than a later one.
 */
#ifndef KERNKIT_NETCON_SEND_RESEND_H
#define KERNKIT_NETCON_SEND_RESEND_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>

enum { RESEND_MARKS = 256 };

struct resend_mark {
	__u64 time; /* of the first record of the mark */
	__u64 sequence;
};

struct resend {
	__u64 window; /* how long records are of interest: nanoseconds, as all times here; set by the caller */
	__u64 last; /* when the last record was sent */
	size_t first, count;
	struct resend_mark marks[RESEND_MARKS]; /* a ring: from first on, count of them, in the order of time */
};

/* The record was sent. Sequence numbers grow until resend_forget. */
void resend_note(struct resend *resend, __u64 now, __u64 sequence);

/*
 * Whether any record was sent in the time before now, at most the window, and the first of them, or one before it.
 */
bool resend_from(const struct resend *resend, __u64 now, __u64 time, __u64 *sequence);

/* Nothing was sent. */
void resend_forget(struct resend *resend);

#endif
