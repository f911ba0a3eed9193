// SPDX-License-Identifier: GPL-2.0-or-later
#include "fault.h"
#include <signal.h>
#include <string.h>
#include "../prefetch.h"

bool fault_is_of_page(int number, int code)
{
	/* SIGBUS: behind the end of a file that is mapped. */
	return number == SIGSEGV ? code == SEGV_MAPERR || code == SEGV_ACCERR : number == SIGBUS && code == BUS_ADRERR;
}

bool fault_is_of_fetching(__u64 address, __u64 ip, const struct prefetch *prefetch)
{
	return address - ip < prefetch->length;
}

bool fault_is_of_prefetch(
	const struct page_fault *fault, const void *bytes, size_t length, struct prefetch *prefetch)
{
	return !prefetch_decode(bytes, length, fault->mode, prefetch) &&
	       !fault_is_of_fetching(fault->address, fault->registers.ip, prefetch);
}

bool fault_may_repeat(struct fault_repeats *repeats, const struct page_fault *fault)
{
	const struct prefetch_registers *registers = &fault->registers;

	if (repeats->ip == registers->ip && repeats->address == fault->address &&
		!memcmp(repeats->general, registers->general, sizeof(repeats->general)))
		return repeats->count < PREFETCH_REPEATS && ++repeats->count;
	repeats->ip = registers->ip;
	repeats->address = fault->address;
	memcpy(repeats->general, registers->general, sizeof(repeats->general));
	repeats->count = 1;
	return true;
}
