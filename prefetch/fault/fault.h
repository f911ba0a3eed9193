/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a page fault is one that a PREFETCH must not have. */
#ifndef PREFETCH_FAULT_FAULT_H
#define PREFETCH_FAULT_FAULT_H

#include <stdbool.h>
#include <stddef.h>
#include "../decode.h"

/* A page fault, as a signal tells of it. */
struct page_fault {
	__u64 address;
	unsigned int mode; /* of the code: PREFETCH_32 or PREFETCH_64 */
	struct prefetch_registers registers;
};

/* What a thread's last fault at a PREFETCH was, and how often in a row. All zero: there was none. */
struct fault_repeats {
	__u64 address, ip;
	__u64 general[16];
	unsigned int count;
};

/* Whether a signal with this si_code is what a page fault ends in. */
bool fault_is_of_page(int number, int code);

/*
 * Whether the instruction, of which length bytes were read at registers.ip just now, is a PREFETCH, and the fault
 * is not one of fetching it.
 */
bool fault_is_of_prefetch(const struct page_fault *fault, const void *bytes, size_t length);

/*
 * Whether it helps to run the instruction again: not if the thread had the very same fault, with the
 * same registers, PREFETCH_REPEATS times in a row. A loop whose PREFETCH faults each time has other registers each
 * time.
 */
bool fault_may_repeat(struct fault_repeats *repeats, const struct page_fault *fault);

#endif
