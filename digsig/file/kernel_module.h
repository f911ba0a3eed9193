/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What tells a packed kernel module: it is handed to the kernel as it is, and has no ELF header. */
#ifndef DIGSIG_FILE_KERNEL_MODULE_H
#define DIGSIG_FILE_KERNEL_MODULE_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>

/* Whether a name is a module's, packed or not: .ko, .ko.gz, .ko.xz, .ko.zst behind something. */
bool kernel_module_is_named(const char *name);

/* Whether a file's first size bytes, of which 6 are enough, are those that gzip, xz or zstd write. */
bool kernel_module_is_packed(const __u8 *head, size_t size);

#endif
