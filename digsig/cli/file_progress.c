// SPDX-License-Identifier: GPL-2.0-or-later
#include "file_progress.h"

static void report(void *context, __u64 done, __u64 total)
{
	(void)context;
	progress_update(done, total);
}

const struct file_progress progress_of_file = { .report = report };
