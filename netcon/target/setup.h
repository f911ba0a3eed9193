/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From what the user wants to a target that sends. */
#ifndef KERNKIT_NETCON_TARGET_SETUP_H
#define KERNKIT_NETCON_TARGET_SETUP_H

#include "record.h"
#include "target.h"

/* The entry of userdata that every target of ours has: what tells one boot of a machine from the next. */
#define TARGET_BOOT_ID "netcon_boot_id"

/*
 * Fills the target from the record, and finds what that does not say: interface, source address, MAC address of
 * the next hop, for which it waits up to record->timeout. Checks what the kernel would not check, or would not
 * name. Nothing is changed. What depends on the kernel's features is left for target_setup. 0, or a negative errno
 * and what was wrong.
 */
int target_complete(const struct record *record, struct target *target, struct target_problem *problem);

/*
 * Makes such a target below root and enables it. *target then is what the kernel has. may_replace: one of that
 * name is taken away first; if the new one fails, it is made again. 0, or a negative errno and what was wrong: then nothing
 * is left of the new one. -EEXIST: there is one of that name.
 */
int target_setup(const char *root, const struct record *record, bool may_replace, struct target *target,
	struct target_problem *problem);

#endif
