/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is asked of memory that the kernel does not use, with and without a driver. */
#ifndef RAMSWAP_PLAN_PMEM_H
#define RAMSWAP_PLAN_PMEM_H

#include "draft.h"

/* use=system-ram is for dax devices: said. */
void plan_refuse_as_memory(struct plan_draft *draft, const char *name);

/* Whether the kernel's own tables of such a device would eat the memory that it is to help; said. */
bool plan_is_pmem_too_large(struct plan_draft *draft, const char *name, __u64 size, enum ramswap_use use);

/* Whether memory that does not outlive the power is part of a machine that is set up to hibernate. */
bool plan_breaks_hibernation(const struct ramswap_facts *facts);

#endif
