/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RAMSWAP_MEASURE_MACHINE_H
#define RAMSWAP_MEASURE_MACHINE_H

#include "../ramswap.h"

/* ramswap_facts_read_some of the running machine. */
int measure_facts_read(unsigned int parts, struct ramswap_facts **facts, struct ramswap_problem *problem);

/* What a program could get without swap, in bytes: MemAvailable, or where the kernel has none, what is free. */
__u64 measure_available(const struct ramswap_facts *facts);

#endif
