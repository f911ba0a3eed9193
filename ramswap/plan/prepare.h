/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a plan needs of the machine beyond ramswap_facts_read and config_load. */
#ifndef RAMSWAP_PLAN_PREPARE_H
#define RAMSWAP_PLAN_PREPARE_H

#include "../ramswap.h"

/*
 * Of writeback=: a link, as those in /dev/disk/by-id, becomes the name that the kernel has for the device, and what is
 * in the device is read, since facts do not have it of disks. Where that cannot be done settings and facts stay as
 * they are, and the plan says what is wrong. To be called before ramswap_plan_make.
 */
void plan_prepare(int root, struct ramswap_facts *facts, struct ramswap_settings *settings);

#endif
