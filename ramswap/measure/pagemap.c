// SPDX-License-Identifier: GPL-2.0-or-later
#include "pagemap.h"
#include <errno.h>
#include <sys/types.h>
#include <unistd.h>

long measure_pagemap_read(int pagemap, size_t page_size, __u64 address, __u64 *entries, size_t count)
{
	ssize_t got;

	got = pread(pagemap, entries, count * sizeof(*entries), (off_t)(address / page_size * sizeof(*entries)));
	return got < 0 ? -errno : got / (long)sizeof(*entries);
}

bool measure_pagemap_is_own(__u64 entry)
{
	const __u64 wanted = PAGEMAP_PRESENT | PAGEMAP_EXCLUSIVE;

	return (entry & (wanted | PAGEMAP_FILE)) == wanted;
}
