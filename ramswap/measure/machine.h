/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RAMSWAP_MEASURE_MACHINE_H
#define RAMSWAP_MEASURE_MACHINE_H

#include "../ramswap.h"

/* ramswap_facts_read_some of the running machine. */
int measure_facts_read(unsigned int parts, struct ramswap_facts **facts, struct ramswap_problem *problem);

/* What programs could get without swap, in bytes: MemAvailable, or where the kernel has none, what is free. */
__u64 measure_available(const struct ramswap_facts *facts);

/*
 * Whether the machine has so many bytes for a measurement, which shall not take more than half of what is available.
 * 0; or -ENOMEM and what is wrong.
 */
int measure_check_room(const struct ramswap_facts *facts, __u64 needed, struct ramswap_problem *problem);

#endif
