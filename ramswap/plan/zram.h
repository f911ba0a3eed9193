/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The decisions about a zram device, in their order. */
#ifndef RAMSWAP_PLAN_ZRAM_H
#define RAMSWAP_PLAN_ZRAM_H

#include "draft.h"

/* How well pages compress where nobody measured: what Documentation/admin-guide/blockdev/zram.rst expects. */
#define PLAN_ZRAM_RATIO 2.0

/* The name in "zstd(level=3)". */
void plan_algorithm_name(const char *text, char name[RAMSWAP_NAME_MAX + 1]);

/* What is known of the kernel's zram; NULL: nothing, since there is no zram device yet. */
const struct ramswap_zram *plan_zram_features(const struct ramswap_facts *facts);

/* Whether that zram can compress with it. */
bool plan_is_offered(const struct ramswap_zram *features, const char *algorithm);
/* The same of an algorithm that the setting asks for, as far as it is known: what is to be said is said. */
void plan_check_offered(struct plan_draft *draft, const char *setting, const char *algorithm);

/* The algorithm, and with it the ratio. */
void plan_zram_algorithm(struct plan_draft *draft, struct ramswap_device *device);
/* A measurement that can be reckoned with. */
bool plan_is_sound(const struct ramswap_measured *measured);
/* Of those that were measured, and that the kernel has, the best; that of this name; NULL: none. */
const struct ramswap_measured *plan_best_measured(const struct plan_draft *draft);
const struct ramswap_measured *plan_measured(const struct plan_draft *draft, const char *algorithm);

/* Size and limit, from the ratio. False: there is to be no device, which was said. */
bool plan_zram_size(struct plan_draft *draft, struct ramswap_device *device);
/* The most that a limit may be: what leaves room for everything else. */
__u64 plan_zram_limit_most(const struct plan_draft *draft);

void plan_zram_recompression(struct plan_draft *draft, struct ramswap_device *device);
void plan_zram_writeback(struct plan_draft *draft, struct ramswap_device *device);

/* Our device that is in use as swap; NULL: there is none. */
const struct ramswap_zram *plan_own_zram(const struct ramswap_facts *facts);

/*
 * What of the new plan holds for our device that is in use: what settings leave open stays as it is, so that a second
 * ramswap up does nothing; the reasons from mark on, which are about a new device, are then taken back. What they ask
 * for, and it has not, is said, and the device is then not up.
 */
void plan_keep_own(
	struct plan_draft *draft, struct ramswap_device *device, const struct ramswap_zram *own, size_t mark);

#endif
