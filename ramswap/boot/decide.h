/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether ramswap is to be started with the machine, and after what. */
#ifndef RAMSWAP_BOOT_DECIDE_H
#define RAMSWAP_BOOT_DECIDE_H

#include "../ramswap.h"

enum { BOOT_MODULES_MAX = 8, BOOT_DEVICES_MAX = RAMSWAP_SOURCES_MAX + 2 };

struct boot_decision {
	bool is_wanted; /* ramswap.service */
	bool wants_upkeep; /* ramswap-maintain.timer */
	const char *modules[BOOT_MODULES_MAX]; /* of the kernel, to be loaded before */
	size_t module_count;
	char devices[BOOT_DEVICES_MAX][RAMSWAP_PATH_MAX + 1]; /* "/dev/pmem0": to be waited for */
	size_t device_count;
	char remark[512]; /* for the log, a sentence; "": there is nothing to say */
};

/*
 * Reads the command line, the configuration, and what else there is below root. It decides in every case: what is
 * wrong is in the remark, or is left for the service to complain of.
 */
void boot_decide(int root, struct boot_decision *decision);

#endif
