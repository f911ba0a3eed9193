// SPDX-License-Identifier: GPL-2.0-or-later
#include "print.h"

const char *plan_kind_word(enum ramswap_device_kind kind)
{
	switch (kind) {
	case RAMSWAP_ON_PMEM:
		return "pmem";
	case RAMSWAP_ON_ZRAM:
		return "zram";
	case RAMSWAP_ON_BRD:
		return "brd";
	default:
		return "memory";
	}
}

const char *plan_severity_word(enum ramswap_severity severity)
{
	switch (severity) {
	case RAMSWAP_WARNING:
		return "warning";
	case RAMSWAP_ADVICE:
		return "advice";
	case RAMSWAP_REFUSAL:
		return "refusal";
	default:
		return "reason";
	}
}

bool plan_is_done(const struct ramswap_plan *plan)
{
	for (size_t i = 0; i < plan->device_count; i++)
		if (!plan->devices[i].is_up)
			return false;
	return plan->device_count && !plan->tuning_count;
}
