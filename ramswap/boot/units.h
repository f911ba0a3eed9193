/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A decision as files for systemd: systemd.generator(7). */
#ifndef RAMSWAP_BOOT_UNITS_H
#define RAMSWAP_BOOT_UNITS_H

#include "decide.h"

/* Longer names are none for systemd. */
enum { UNITS_NAME_MAX = 255 };

/* "/dev/disk/by-id/x" as the unit "dev-disk-by\x2did-x.device", as systemd-escape(1) has it. False: it is too long. */
bool units_device_name(const char *path, char name[UNITS_NAME_MAX + 1]);

/*
 * Writes them below folder, the one that systemd gave. 0; or a negative errno and what was wrong: then nothing is
 * wanted that is not complete.
 */
int units_write(const struct boot_decision *decision, const char *folder, struct ramswap_problem *problem);

#endif
