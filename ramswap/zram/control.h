/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Devices of zram, made and removed by the files of /sys/class/zram-control. device: "zram0". */
#ifndef RAMSWAP_ZRAM_CONTROL_H
#define RAMSWAP_ZRAM_CONTROL_H

#include <stdbool.h>

bool zram_exists(int root, const char *device);
bool zram_has_size(int root, const char *device);

/* The lowest number that no device has: the kernel gives it to the next. */
unsigned int zram_next(int root);

/* A new device: 0 and its number; or a negative errno. */
int zram_add(int root, unsigned int *number);

/* Its content is lost. 0, also if there is none; -EBUSY: somebody uses it; another negative errno. */
int zram_remove(int root, const char *device);

#endif
