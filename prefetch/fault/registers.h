/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A thread's registers as ptrace(2) and core files have them: NT_PRSTATUS. */
#ifndef PREFETCH_FAULT_REGISTERS_H
#define PREFETCH_FAULT_REGISTERS_H

#include <stdbool.h>
#include <stddef.h>
#include "fault.h"

/* The size of those of code of 64 bits, which is the larger one. */
#define REGISTERS_SIZE_MAX (27 * sizeof(__u64))

/*
 * Reads the general registers, at their size, into the fault: the mode, too. False: they are not of
 * such a size.
 */
bool registers_read(struct page_fault *fault, const void *registers, size_t size);

#endif
