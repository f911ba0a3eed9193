/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A process that stands beside a program and mends its faults, by ptrace(2). */
#ifndef PREFETCH_RUN_SUPERVISOR_H
#define PREFETCH_RUN_SUPERVISOR_H

#include <linux/types.h>

struct prefetch;

/* What the supervisor tells of; either may be NULL. */
struct supervisor_report {
	/* A fault of a thread at a PREFETCH: passed over, or repeated too often and given to the thread. */
	void (*mended)(int thread, const struct prefetch *prefetch, __u64 ip, __u64 address);
	void (*given_up)(int thread, const struct prefetch *prefetch, __u64 ip, __u64 address);
	/* All that was supervised has ended. */
	void (*ended)(__u64 mended);
};

/*
 * Starts a supervisor of this process, which must have one thread, and of all that it will start. It is
 * no child, no parent and of another session, and holds no descriptor but stderr if there is a report.
 * If the supervisor dies, what it supervised goes on without it.
 *
 * 0: from now on it is supervised. Otherwise a negative errno: of fork(2), or of PTRACE_SEIZE.
 */
int supervise_this_process(const struct supervisor_report *report);

#endif
