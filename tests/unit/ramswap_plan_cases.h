/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Machines, settings and measurements, and the plan that each must have. */
#ifndef TEST_RAMSWAP_PLAN_CASES_H
#define TEST_RAMSWAP_PLAN_CASES_H

#include "ramswap/ramswap.h"

/*
 * machine: ramswap_machine.h. conf: ramswap.conf, "|" for a newline. measures: with spaces between them,
 * "ALGORITHM:RATIO:WRITE_NS:READ_NS[:PAGES]".
 *
 * devices: "NAME SIZE[/LIMIT][@PRIORITY][ ALGORITHM][ +RECOMPRESSION][ >WRITEBACK][ up]", with "; " between them, MB;
 * of zram with no name yet it is "zram". tunings: "NAME=VALUE", with spaces between them; those of page-cluster are
 * usual and left out if page-cluster becomes 0. codes: "W:CODE": there is such a warning; A: advice; R: a reason; X: a
 * refusal; "!CODE": there is none.
 */
struct plan_case {
	const char *name, *machine, *conf, *measures;
	enum ramswap_answer answer;
	const char *devices, *tunings, *codes;
};

extern const struct plan_case plan_cases[];
extern const size_t plan_case_count;

#endif
