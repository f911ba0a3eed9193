/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The place of the targets, made ready. */
#ifndef KERNKIT_NETCON_TARGET_CONFIGFS_H
#define KERNKIT_NETCON_TARGET_CONFIGFS_H

#include "target.h"

/*
 * Where TARGET_ROOT is missing: loads the module netconsole with modprobe(8), and mounts configfs. 0; or a negative
 * errno and what was wrong, with what to do.
 */
int configfs_prepare(struct target_problem *problem);

#endif
