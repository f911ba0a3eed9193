// SPDX-License-Identifier: GPL-2.0-or-later
/* A fault of this process, as its signal handler is told of it. */
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/uio.h>
#include <ucontext.h>
#include <unistd.h>
#include "../prefetch.h"
#include "fault.h"

/* Of the error code of a page fault: the instruction was being fetched. */
#define FETCH 0x10
#define TRAP_PAGE_FAULT 14

static _Atomic unsigned long long handled;
/* Reached without a call into the loader, which is not async-signal-safe. */
static __thread struct fault_repeats repeats __attribute__((tls_model("initial-exec")));

#ifdef __x86_64__
static void read_context(struct page_fault *fault, const mcontext_t *machine)
{
	static const int order[16] = { REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI, REG_R8,
		REG_R9, REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15 };

	for (int i = 0; i < 16; i++)
		fault->registers.general[i] = (__u64)machine->gregs[order[i]];
	fault->registers.ip = (__u64)machine->gregs[REG_RIP];
	fault->mode = (machine->gregs[REG_CSGSFS] & 0xffff) == FAULT_CS_64 ? PREFETCH_64 : PREFETCH_32;
}
#else
static void read_context(struct page_fault *fault, const mcontext_t *machine)
{
	static const int order[8] = { REG_EAX, REG_ECX, REG_EDX, REG_EBX, REG_ESP, REG_EBP, REG_ESI, REG_EDI };

	for (int i = 0; i < 8; i++)
		fault->registers.general[i] = (__u32)machine->gregs[order[i]];
	fault->registers.ip = (__u32)machine->gregs[REG_EIP];
	fault->mode = PREFETCH_32;
}
#endif

/* Of this process; what is not there any more is not read. */
static size_t read_code(void *bytes, __u64 address)
{
	/* In two parts: the second page may be missing. */
	size_t first = 4096 - (address & 4095);
	struct iovec local = { bytes, PREFETCH_LENGTH_MAX };
	struct iovec remote[2] = {
		{ (void *)(uintptr_t)address, first < PREFETCH_LENGTH_MAX ? first : PREFETCH_LENGTH_MAX },
		{ (void *)(uintptr_t)(address + first), first < PREFETCH_LENGTH_MAX ? PREFETCH_LENGTH_MAX - first : 0 },
	};
	ssize_t size = process_vm_readv(getpid(), &local, 1, remote, remote[1].iov_len ? 2 : 1, 0);

	return size > 0 ? (size_t)size : 0;
}

int prefetch_handle_fault(const void *info, const void *context)
{
	const siginfo_t *signal = info;
	const mcontext_t *machine = &((const ucontext_t *)context)->uc_mcontext;
	struct page_fault fault = { .address = (uintptr_t)signal->si_addr };
	struct prefetch prefetch;
	unsigned char bytes[PREFETCH_LENGTH_MAX];
	int kept = errno, is_prefetch;

	if (!fault_is_of_page(signal->si_signo, signal->si_code) ||
		machine->gregs[REG_TRAPNO] != TRAP_PAGE_FAULT || machine->gregs[REG_ERR] & FETCH)
		return 0;
	read_context(&fault, machine);
	is_prefetch = fault_is_of_prefetch(&fault, bytes, read_code(bytes, fault.registers.ip), &prefetch) &&
		      fault_may_repeat(&repeats, &fault);
	errno = kept;
	if (is_prefetch)
		handled++;
	return is_prefetch;
}

__u64 prefetch_handled(void)
{
	return handled;
}
