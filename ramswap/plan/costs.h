/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What devices cost of the kernel's own memory. The constants are upper bounds of what was seen on Linux 6.1, 6.12 and
 * 7.2, as /proc/vmallocinfo and /proc/meminfo tell it.
 */
#ifndef RAMSWAP_PLAN_COSTS_H
#define RAMSWAP_PLAN_COSTS_H

#include "draft.h"

/* Fills the costs and the gain of a zram device whose size, limit, ratio and algorithm are known. */
void plan_cost_zram(const struct plan_draft *draft, struct ramswap_device *device);

/* Of swap on pmem: only what the kernel keeps of each swap device. */
void plan_cost_pmem(const struct plan_draft *draft, struct ramswap_device *device);
/* Of swap on a RAM disk, which copies pages within RAM. */
void plan_cost_brd(const struct plan_draft *draft, struct ramswap_device *device);
/* Of memory that is added: a struct page of each page. */
void plan_cost_memory(const struct plan_draft *draft, struct ramswap_device *device);

/* The sums over all devices so far. */
__u64 plan_cost_empty(const struct ramswap_plan *plan);
__u64 plan_cost_worst(const struct ramswap_plan *plan);

#endif
