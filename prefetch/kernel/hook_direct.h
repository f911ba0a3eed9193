/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Hooks by a direct call, as BPF's trampolines are: the call of ftrace at the start of the function
 * goes to a few instructions that save the arguments and ask. A kprobe, which saves and restores
 * all registers and looks up what belongs to the place, costs eight times as much.
 *
 * Preemption is as the function's caller left it. Who asks must not sleep: then ftrace, when the
 * hook is removed, waits until all tasks have left the trampoline and what it called.
 */
#ifndef PREFETCH_FIXUP_HOOK_DIRECT_H
#define PREFETCH_FIXUP_HOOK_DIRECT_H

#include <linux/linkage.h>
#include <linux/stringify.h>
#include <linux/version.h>
#include <asm/frame.h>
#include <asm/ibt.h>

struct hook {
	struct ftrace_ops ops;
	unsigned long trampoline;
};

/*
 * HOOK(name, judge): a struct hook that asks bool judge(unsigned long, unsigned long, unsigned
 * long), which is not static. HOOK_FOR(name, judge, value) asks it only where the first argument,
 * an int, has that value.
 *
 * To skip the function, its own return, to which the trampoline would go, becomes only_return()'s:
 * that returns to the caller. All registers that may hold arguments are saved, also more than there
 * are today. The address must be even: on newer kernels (7.2 is one) the lowest bit tells ftrace to
 * jump instead of to call.
 */
#define HOOK(name, judge) HOOK_AFTER(name, judge, "")
#define HOOK_FOR(name, judge, value)                                                               \
	HOOK_AFTER(name, judge, "	cmpl $" __stringify(value) ", %edi\n	jne 2f\n")
#define HOOK_AFTER(name, judge, test)                                                              \
	bool judge(unsigned long, unsigned long, unsigned long);                                   \
	void name##_trampoline(void);                                                              \
	asm("	.pushsection .text, \"ax\", @progbits\n"                                             \
	    "	.balign 16\n"                                                                        \
	    "	.type " #name "_trampoline, @function\n"                                           \
	    "	.globl " #name "_trampoline\n" #name "_trampoline:\n" ASM_ENDBR test FRAME_BEGIN   \
	    "	pushq %rdi\n"                                                                        \
	    "	pushq %rsi\n"                                                                        \
	    "	pushq %rdx\n"                                                                        \
	    "	pushq %rcx\n"                                                                        \
	    "	pushq %r8\n"                                                                         \
	    "	pushq %r9\n"                                                                         \
	    "	call " #judge "\n"                                                                 \
	    "	popq %r9\n"                                                                          \
	    "	popq %r8\n"                                                                          \
	    "	popq %rcx\n"                                                                         \
	    "	popq %rdx\n"                                                                         \
	    "	popq %rsi\n"                                                                         \
	    "	popq %rdi\n" FRAME_END "	testb %al, %al\n"                                         \
	    "	jnz 1f\n"                                                                            \
	    "2:\n" ASM_RET "1:	movq $only_return, (%rsp)\n" ASM_RET "	.size " #name              \
	    "_trampoline, . - " #name "_trampoline\n"                                              \
	    "	.popsection\n");                                                                   \
	static struct hook name = {.trampoline = (unsigned long)name##_trampoline}

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 4, 0)
#define register_direct register_ftrace_direct_multi
#else
#define register_direct register_ftrace_direct
#endif

/* The address of a function that is not exported: kprobes finds it, and refuses a name that two
 * have. */
static int hook_address(const char *name, unsigned long *address)
{
	struct kprobe probe = {.symbol_name = name, .flags = KPROBE_FLAG_DISABLED};
	int answer = register_kprobe(&probe);

	if (answer)
		return answer;
	*address = (unsigned long)probe.addr;
	answer = probe.flags & KPROBE_FLAG_FTRACE ? 0 : -EOPNOTSUPP;
	unregister_kprobe(&probe);
	return answer;
}

static int hook_set_by_name(struct hook *hook, const char *name)
{
	unsigned long address;
	int answer = hook_address(name, &address);

	if (answer)
		return answer;
	answer = ftrace_set_filter_ip(&hook->ops, address, 0, 1);
	if (!answer)
		answer = register_direct(&hook->ops, hook->trampoline);
	if (answer)
		ftrace_free_filter(&hook->ops);
	return answer;
}

static void hook_remove(struct hook *hook)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 4, 0)
	unregister_ftrace_direct_multi(&hook->ops, hook->trampoline);
	ftrace_free_filter(&hook->ops);
#else
	unregister_ftrace_direct(&hook->ops, hook->trampoline, true);
#endif
	synchronize_rcu();
	synchronize_rcu_tasks();
}

#endif
