/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Hooks by a kprobe that works through ftrace. It disables preemption, and is not called from
 * within itself.
 */
#ifndef PREFETCH_FIXUP_HOOK_KPROBE_H
#define PREFETCH_FIXUP_HOOK_KPROBE_H

#include <asm/ptrace.h>

struct hook {
	struct kprobe probe;
	bool (*judge)(unsigned long, unsigned long, unsigned long);
};

static int ask_hook(struct kprobe *probe, struct pt_regs *call)
{
	struct hook *hook = container_of(probe, struct hook, probe);

	if (!hook->judge(regs_get_kernel_argument(call, 0), regs_get_kernel_argument(call, 1),
		    regs_get_kernel_argument(call, 2)))
		return 0;
	/*
	 * The stack holds the return address, as at the start of any function. A kprobe through
	 * ftrace takes another ip from its handler, but no other sp: to pop the address here would
	 * oops.
	 */
	instruction_pointer_set(call, (unsigned long)only_return);
	return 1;
}
NOKPROBE_SYMBOL(ask_hook);

/* With one, kprobes tells ftrace that ip may be changed; so no livepatch changes it, too. */
static void after_hook(struct kprobe *probe, struct pt_regs *call, unsigned long flags)
{
}
NOKPROBE_SYMBOL(after_hook);

#define HOOK(name, function)                                                                       \
	bool function(unsigned long, unsigned long, unsigned long);                                \
	static struct hook name = {                                                                \
		.probe = {.pre_handler = ask_hook, .post_handler = after_hook},                    \
		.judge = function,                                                                 \
	}

/* The function looks for itself. */
#define HOOK_FOR(name, function, value) HOOK(name, function)

static void hook_remove(struct hook *hook)
{
	unregister_kprobe(&hook->probe);
	/* A task may have been preempted on its way to only_return(). */
	synchronize_rcu_tasks();
}

static int hook_set_by_name(struct hook *hook, const char *name)
{
	int answer;

	hook->probe.symbol_name = name;
	answer = register_kprobe(&hook->probe);
	if (answer || hook->probe.flags & KPROBE_FLAG_FTRACE)
		return answer;
	hook_remove(hook);
	return -EOPNOTSUPP;
}

#endif
