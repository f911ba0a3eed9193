// SPDX-License-Identifier: GPL-2.0-or-later
#include "counters.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "../../lib/file/below.h"

int status_counters_read(int root, struct status_counters *counters)
{
	char *text;
	size_t size;
	int err = file_read_below(root, "proc/vmstat", STATUS_VMSTAT_MAX, &text, &size);

	memset(counters, 0, sizeof(*counters));
	if (err)
		return err;
	if (!status_counters_parse(text, counters))
		err = -ENODATA;
	free(text);
	return err;
}
