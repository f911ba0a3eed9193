/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the last upkeep left to the next one, of each zram device: in /run, since the devices and their counters go with
 * the boot. Its first line is "ramswap-upkeep 1"; each further one is
 *
 *   zramN WHEN READS WRITES PAGES MARKED PAUSED
 */
#ifndef RAMSWAP_UPKEEP_PAST_H
#define RAMSWAP_UPKEEP_PAST_H

#include <stddef.h>
#include "../ramswap.h"

#define PAST_FOLDER "run/ramswap" /* below the root */
#define PAST_FILE PAST_FOLDER "/upkeep"

enum { PAST_DEVICES_MAX = 64, PAST_SIZE_MAX = 16384 };

struct past_device {
	unsigned int number; /* of zramN */
	__u64 when; /* seconds of CLOCK_BOOTTIME */
	__u64 reads, writes, pages; /* of bd_stat at that time, in units of 4 KiB */
	/* Seconds of CLOCK_BOOTTIME: when all pages were marked idle, on a kernel that cannot mark by age; 0: never. */
	__u64 marked;
	bool is_paused; /* too much came back */
};

struct past {
	struct past_device devices[PAST_DEVICES_MAX];
	size_t count;
};

/* 0; -EINVAL: it is none of ours. */
int past_parse(const char *text, size_t size, struct past *past);
void past_print(const struct past *past, char text[PAST_SIZE_MAX]);

/*
 * That of a zram device; NULL: there is none, or its counters went back since, so that it was of another device of that
 * name.
 */
const struct past_device *past_find(const struct past *past, const struct ramswap_zram *zram);

/* Puts it in the place of that device's former one. False: there are too many. */
bool past_set(struct past *past, const struct past_device *device);

/* No file: nothing was left. 0; or a negative errno and what was wrong. */
int past_read(int root, struct past *past, struct ramswap_problem *problem);
int past_write(int root, const struct past *past, struct ramswap_problem *problem);

#endif
