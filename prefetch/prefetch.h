/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libprefetch: whether an x86 instruction is a PREFETCH, and what to do when a fault is reported for one.
 *
 * A PREFETCH is a hint and must never fault. AMD's Athlon and Opteron processors can report a page fault for
 * one all the same: errata 24 (Athlon model 4), 25 (model 6) and 91 (family 15 below model 0x40).
 *
 * Link with -lprefetch. No function allocates, prints, or changes errno.
 */
#ifndef PREFETCH_H
#define PREFETCH_H

#include "decode.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * For a handler of SIGSEGV and SIGBUS that takes three arguments: whether the fault is one that a PREFETCH must not
 * have. True: return from the handler, and the instruction runs once more. False: the fault is the
 * program's own.
 *
 * info and context are the handler's second and third argument. The fault must be one of a page
 * (SEGV_MAPERR, SEGV_ACCERR, BUS_ADRERR), not that of fetching the instruction itself, and the instruction, read
 * again at this moment, must be a PREFETCH. A thread that repeats the same fault with the same registers
 * PREFETCH_REPEATS times in a row is given up: running the instruction again does not help it.
 *
 * Async-signal-safe. Reads the instruction with process_vm_readv(2), since its page may be gone; where that is
 * refused (seccomp) the answer is false.
 */
#define PREFETCH_REPEATS 16
int prefetch_handle_fault(const void *info, const void *context);

/*
 * Installs a handler of SIGSEGV and SIGBUS that does that, and passes every other one on to the action that was
 * there before, as the kernel would have: its stack, its mask and its flags are kept. 0, or the negative
 * errno of sigaction(2). A second call returns -EALREADY.
 */
int prefetch_handler_install(void);

/* How many faults prefetch_handle_fault has answered with true, in all threads of this process. */
__u64 prefetch_handled(void);

/*
 * Whether a processor has the errata: vendor is the 12 characters of CPUID leaf 0, family and model are the
 * displayed ones of leaf 1 (extended parts added). All of AMD's family 6, and family 15 below model 0x40.
 */
int prefetch_processor_is_affected(const char *vendor, unsigned int family, unsigned int model);

#ifdef __cplusplus
}
#endif
#endif
