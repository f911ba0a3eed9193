/* SPDX-License-Identifier: GPL-2.0 */
/* What helps the kernel's verifier to see what the compiler has seen. */
#ifndef KERNKIT_BPF_VERIFIER_BPF_H
#define KERNKIT_BPF_VERIFIER_BPF_H

/* Makes the compiler compare a value in the register in which the verifier then sees it bounded. */
#define SHOW_VERIFIER(value) asm volatile("" : "+r"(value))

#endif
