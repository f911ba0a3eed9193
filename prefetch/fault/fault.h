/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a page fault is one that a PREFETCH must not have. */
#ifndef PREFETCH_FAULT_FAULT_H
#define PREFETCH_FAULT_FAULT_H

#include <stdbool.h>
#include <stddef.h>
#include "../decode.h"

/* What code of 64 bits has in CS, of programs. */
#define FAULT_CS_64 0x33

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

/* Whether a fault at that address is one of fetching the instruction itself, which is at ip. */
bool fault_is_of_fetching(__u64 address, __u64 ip, const struct prefetch *prefetch);

/*
 * Whether the instruction, of which length bytes were read at registers.ip just now, is a PREFETCH, which it
 * then is, and the fault is not one of fetching it.
 */
bool fault_is_of_prefetch(
	const struct page_fault *fault, const void *bytes, size_t length, struct prefetch *prefetch);

/*
 * Whether it helps to run the instruction again: not if the thread had the very same fault, with the
 * same registers, PREFETCH_REPEATS times in a row. A loop whose PREFETCH faults each time has other registers each
 * time.
 */
bool fault_may_repeat(struct fault_repeats *repeats, const struct page_fault *fault);

#endif
