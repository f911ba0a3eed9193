/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A function of the kernel that is made to return at once when another one, asked with its first
 * three arguments, says so. Where ftrace can call a trampoline directly (x86-64), nothing else
 * stands in between: hook_direct.h. Where it cannot, a kprobe does it: hook_kprobe.h. The function
 * must begin with a call of ftrace.
 */
#ifndef PREFETCH_FIXUP_HOOK_H
#define PREFETCH_FIXUP_HOOK_H

#include <linux/ftrace.h>
#include <linux/kprobes.h>
#include <linux/rcupdate.h>

/* Runs instead of a function, and returns to its caller. */
static __used notrace noinline long only_return(void)
{
	barrier();
	return 0;
}

#if defined(CONFIG_X86_64) && defined(CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS)
#include "hook_direct.h"
#else
#include "hook_kprobe.h"
#endif

/*
 * hook_set: 0; -ENOENT: the kernel has none of the names, of which there are count; -EOPNOTSUPP:
 * the function does not begin with a call of ftrace; -EBUSY: another one changes it, a livepatch
 * for example. The first name that the kernel has is taken. hook_remove: afterwards nobody is in
 * the module's code any more on its way from there.
 */
static int hook_set(struct hook *hook, const char *const *names, size_t count)
{
	int answer = -ENOENT;

	for (size_t i = 0; answer == -ENOENT && i < count; i++)
		answer = hook_set_by_name(hook, names[i]);
	return answer;
}

#endif
