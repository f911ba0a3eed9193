// SPDX-License-Identifier: GPL-2.0-or-later
/* Why /proc/swaps and zram do not say the same. */
#include "../../lib/text/number.h"
#include "status.h"

/* Slots that a processor takes in advance, or keeps before it frees them together: SWAP_SLOTS_CACHE_SIZE. */
#define HELD_SLOTS 64
#define LAST_WITH_HELD_SLOTS 6014

unsigned int status_release_number(const char *release)
{
	__u64 major, minor;

	if (number_read(&release, &major) || *release++ != '.' || number_read(&release, &minor) || major > 1000 ||
		minor > 999)
		return 0;
	return (unsigned int)(major * 1000 + minor);
}

/* What the reason may be of, as long as something is left that is not explained. */
static __u64 explain(struct status_difference *difference, __u64 most, __u64 whole)
{
	if (most > whole)
		most = whole;
	difference->unexplained = status_less(difference->unexplained, most);
	return most;
}

void status_find_difference(const struct ramswap_facts *facts, const struct ramswap_status *status,
	struct status_device *device)
{
	struct status_difference *difference = &device->difference;
	__u64 header = device->stored ? status->page_size : 0;
	__u64 stored = status_less(device->stored, header), more;

	difference->bytes = status_minus(device->used, stored);
	if (difference->bytes <= 0)
		return;
	more = difference->unexplained = (__u64)difference->bytes;
	if (status->has_counters && status->counters.has_zeros)
		difference->zeros_most =
			explain(difference, status_times(status->counters.zeros_out, status->page_size), more);
	difference->zswap_most = explain(difference, facts->memory.zswapped, more);
	difference->cached_most = explain(difference, facts->memory.swap_cached, more);
	/* Once for those that are taken, once for those to be freed. */
	if (status_release_number(facts->release) <= LAST_WITH_HELD_SLOTS)
		difference->held_most = explain(
			difference, status_times(2ULL * HELD_SLOTS * facts->processors, status->page_size), more);
}
