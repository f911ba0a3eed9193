// SPDX-License-Identifier: GPL-2.0-or-later
#include "sums.h"

/* Since Linux 5.18 each vector has a string at least. */
static bool is_incomplete(const struct kevents_record *record)
{
	if (record->flags & KEVENTS_PATH_CUT)
		return true;
	return record->type == KEVENTS_EXEC &&
	       (record->exec.args_missing || !record->exec.args_size || !record->exec.path[0]);
}

void count_delivered(struct kevents_sums *sums, const struct kevents_record *record)
{
	if (record->flags & KEVENTS_SYNTHESISED)
		return;
	if (record->type == KEVENTS_LOST) {
		sums->lost += record->lost.count;
		return;
	}
	sums->delivered++;
	sums->incomplete += is_incomplete(record);
}

void add_source(struct kevents_sums *sums, const struct source_sums *source)
{
	sums->made += source->made;
	sums->missed += source->missed;
}

bool sums_agree(const struct kevents_sums *sums)
{
	return sums->made + sums->missed == sums->delivered + sums->unwanted + sums->lost;
}
