/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How far the reading of a file is, for whoever waits for it. */
#ifndef DIGSIG_FILE_PROGRESS_H
#define DIGSIG_FILE_PROGRESS_H

#include <stddef.h>
#include <linux/types.h>

struct file_progress {
	/* Called every 128 KiB or so, in the caller's thread; done and total are bytes. */
	void (*report)(void *context, __u64 done, __u64 total);
	void *context;
};

/* progress may be NULL: nobody waits. */
static inline void file_progress_report(
	const struct file_progress *progress, __u64 done, __u64 total)
{
	if (progress)
		progress->report(progress->context, done, total);
}

#endif
