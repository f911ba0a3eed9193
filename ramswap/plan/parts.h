/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The parts of a plan, in the order in which they decide. Each adds its devices, tunings and reasons to the draft, and
 * looks at what the parts before it added. A refusal does not stop the others: the user learns all that is wrong at
 * once.
 */
#ifndef RAMSWAP_PLAN_PARTS_H
#define RAMSWAP_PLAN_PARTS_H

#include "draft.h"

/* Where nothing is to be planned at all, whatever else there is: true, having said why. */
bool plan_stops(struct plan_draft *draft);

/* The swap that there is. */
void plan_existing(struct plan_draft *draft);

/* Memory that the kernel does not use, as a block device. */
void plan_pmem(struct plan_draft *draft);
/* The same, before a driver has made one of it. */
void plan_pmem_ranges(struct plan_draft *draft);
/* RAM disks. */
void plan_brd(struct plan_draft *draft);
/* Memory of dax devices, and memory that no driver has taken. */
void plan_dax(struct plan_draft *draft);
void plan_unused_ranges(struct plan_draft *draft);
/* Nodes of memory without processors. */
void plan_far_nodes(struct plan_draft *draft);
/* [source NAME] that names nothing. Called after all that look for sources. */
void plan_unknown_sources(struct plan_draft *draft);

/* Compressed memory. */
void plan_zram(struct plan_draft *draft);

void plan_priorities(struct plan_draft *draft);
void plan_tunings(struct plan_draft *draft);
void plan_hibernation(struct plan_draft *draft);
/* kdump, control groups, swap that goes in circles, and what /proc/pressure says. */
void plan_surroundings(struct plan_draft *draft);

#endif
