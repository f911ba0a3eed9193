/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the kernel keeps the variables that the engine reads. */
#ifndef DIGSIG_ENFORCE_KERNEL_ADDRESSES_H
#define DIGSIG_ENFORCE_KERNEL_ADDRESSES_H

#include "../kernel/addresses.h"

/*
 * Asks the running kernel, by a BPF program. 0; -EACCES: it hides them, by kernel.kptr_restrict or from
 * who lacks CAP_SYSLOG; -ENOENT: it does not have those without which the engine could read no signature;
 * or another negative errno.
 */
int kernel_addresses_read(struct digsig_addresses *addresses);

/* What that error means and the remedy, in one line. A static string. */
const char *kernel_addresses_problem(int err);

#endif
