// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Resumes instructions that AMD's Athlon and Opteron fault for without a reason: a PREFETCH is a
 * hint and must never fault, but these processors can report a page fault for one (errata 24, 25
 * and 91).
 *
 * Linux has a workaround, is_prefetch() in arch/x86/mm/fault.c, but for user space it has no
 * effect: it reads the second byte of the opcode with a function that refuses user addresses. And
 * it does not ask on family 6. So the process gets a SIGSEGV.
 *
 * __bad_area_nosemaphore() is where the kernel has decided that a fault is nobody's to resolve, for
 * user and kernel mode, with all locks dropped. A hook there decodes the instruction, and when it
 * is a PREFETCH, makes that function return without doing anything: the instruction runs once more.
 * The same for a SIGBUS, in force_sig_fault(): do_sigbus(), which sends it, is no function of its
 * own any more.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/debugfs.h>
#include <linux/hash.h>
#include <linux/jump_label.h>
#include <linux/module.h>
#include <linux/ratelimit.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sched/task_stack.h>
#include <linux/uaccess.h>
#include <asm/processor.h>
#include <asm/ptrace.h>
#include <asm/segment.h>
#include <asm/trap_pf.h>
#include <asm/trapnr.h>

/* The decoder is a file of the library. Included, it leaves no object file beside its source. */
#include "../decode/decode.c"
#include "../decode/quick.h"
#include "hook.h"

#define BAD_AREA "__bad_area_nosemaphore"

/*
 * On i386 it is always called with the same pkey, and the compiler has made one without that
 * argument. Those before it, which are all that is read here, are where they were.
 */
static const char *const bad_area_names[] = {BAD_AREA, BAD_AREA ".constprop.0"};

/* Not static: its arguments are those of its prototype, and a kernel that has others does not
 * compile here. */
static const char *const signal_names[] = {"force_sig_fault"};
_Static_assert(__builtin_types_compatible_p(typeof(force_sig_fault), int(int, int, void __user *)),
	"force_sig_fault() has other arguments");

/* As in prefetch.h. */
#define PREFETCH_REPEATS 16

static bool enabled = true;
module_param(enabled, bool, 0644);
MODULE_PARM_DESC(enabled, "Resume PREFETCH instructions (default: yes)");

static bool force;
module_param(force, bool, 0444);
MODULE_PARM_DESC(force, "Load on a processor that does not have the erratum, too");

static bool log_once = true;
module_param(log_once, bool, 0644);
MODULE_PARM_DESC(log_once, "Log the first resumed instruction of user space only (default: yes)");

static atomic64_t mended_user, mended_kernel, given_up;

/* False until all that can fail in loading has gone well. */
static DEFINE_STATIC_KEY_FALSE(is_ready);

/*
 * Whether a task makes progress: what each task that was resumed had in its registers. A PREFETCH
 * that faults for ever would loop without end. The places are by hash of the task: two tasks that
 * share one start the other's count again, which only delays the end. Nothing is allocated.
 */
struct place {
	/* Together one run of a program: the pointer alone may be another task's later. */
	const struct task_struct *task;
	u64 task_start;
	u64 task_exec;

	unsigned long address;
	unsigned int count;
	struct pt_regs regs;
};

#define PLACE_BITS 6
static struct place places[1 << PLACE_BITS];
static DEFINE_RAW_SPINLOCK(places_lock);

/* True: this very fault has been resumed often enough. */
static bool is_stuck(const struct pt_regs *regs, unsigned long address)
{
	struct place *place = &places[hash_ptr(current, PLACE_BITS)];
	unsigned long flags;
	bool stuck;

	/* An NMI may have interrupted whoever has the lock: then this one is not counted. */
	if (!in_nmi())
		raw_spin_lock_irqsave(&places_lock, flags);
	else if (!raw_spin_trylock_irqsave(&places_lock, flags))
		return false;
	if (place->task != current || place->task_start != current->start_time ||
		place->task_exec != current->self_exec_id || place->address != address ||
		memcmp(&place->regs, regs, sizeof(*regs))) {
		place->task = current;
		place->task_start = current->start_time;
		place->task_exec = current->self_exec_id;
		place->address = address;
		place->count = 0;
		place->regs = *regs;
	}
	stuck = place->count == PREFETCH_REPEATS;
	if (!stuck)
		place->count++;
	raw_spin_unlock_irqrestore(&places_lock, flags);
	return stuck;
}

/* -1: code that is left alone. A segment of the LDT may be of 16 bits, or not start at 0. */
static int size_of_code(struct pt_regs *regs)
{
	if (!user_mode(regs))
		return IS_ENABLED(CONFIG_X86_64) ? PREFETCH_64 : PREFETCH_32;
	if (user_64bit_mode(regs))
		return PREFETCH_64;
#ifdef CONFIG_X86_64
	return regs->cs == __USER32_CS ? PREFETCH_32 : -1;
#else
	return !v8086_mode(regs) && regs->cs == __USER_CS ? PREFETCH_32 : -1;
#endif
}

static long read_code(void *bytes, struct pt_regs *regs, size_t offset, size_t size)
{
	if (user_mode(regs))
		return copy_from_user_nofault(
			bytes, (const void __user *)(regs->ip + offset), size);
	return copy_from_kernel_nofault(bytes, (const void *)(regs->ip + offset), size);
}

#if defined(CONFIG_X86_64) && defined(user_access_begin)
/*
 * What most faults of programs are, in a few instructions: from the first two bytes of code of 64
 * bits, whether it is surely another instruction. False: it may be a PREFETCH, or cannot be said
 * here.
 */
static __always_inline bool is_surely_other(const struct pt_regs *regs)
{
	const u16 __user *ip = (const u16 __user *)regs->ip;
	u16 code;

	if (regs->cs != __USER_CS)
		return false;
	pagefault_disable();
	if (!user_access_begin(ip, sizeof(code)))
		goto unreadable;
	unsafe_get_user(code, ip, missing);
	user_access_end();
	pagefault_enable();
	return cannot_be_prefetch((u8)code, code >> 8, PREFETCH_64);

missing:
	user_access_end();
unreadable:
	pagefault_enable();
	return false;
}
#else
static bool is_surely_other(const struct pt_regs *regs)
{
	return false;
}
#endif

static bool is_at_prefetch(struct pt_regs *regs)
{
	int mode = size_of_code(regs);
	u8 code[PREFETCH_LENGTH_MAX];
	size_t length = sizeof(code);
	struct prefetch prefetch;

	if (mode < 0)
		return false;
	/* The next page may be missing, and the instruction complete all the same. */
	if (read_code(code, regs, 0, length))
		for (length = 0; length < sizeof(code); length++)
			if (read_code(&code[length], regs, length, 1))
				break;
	return !prefetch_decode(code, length, mode, &prefetch);
}

/* Whether the fault can be the erratum's at all, by what costs nothing to ask. */
static bool is_candidate(struct pt_regs *regs, unsigned long error_code, unsigned long address)
{
	/* The instruction could not be fetched. Without NX the error code does not say so. */
	if ((error_code & X86_PF_INSTR) || address == regs->ip)
		return false;
	/* A broken page table. */
	if (error_code & X86_PF_RSVD)
		return false;
	/* The processor's own access to its tables while in user mode: the kernel oopses. */
	return !user_mode(regs) || (error_code & X86_PF_USER);
}

static void report(const struct pt_regs *regs, unsigned long address)
{
	static unsigned long reported;

	if (READ_ONCE(log_once) && test_and_set_bit(0, &reported))
		return;
	pr_info_ratelimited("%s[%d]: page fault at %lx for a PREFETCH at ip %lx: resumed\n",
		current->comm, task_pid_nr(current), address, regs->ip);
}

static bool mend(struct pt_regs *regs, unsigned long error_code, unsigned long address)
{
	if (!is_candidate(regs, error_code, address) || !is_at_prefetch(regs))
		return false;
	if (is_stuck(regs, address)) {
		atomic64_inc(&given_up);
		return false;
	}
	if (!user_mode(regs)) {
		/* Whoever faulted may hold any lock: nothing is printed. */
		atomic64_inc(&mended_kernel);
		return true;
	}
	atomic64_inc(&mended_user);
	report(regs, address);
	return true;
}

/*
 * A trial while loading: a read that faults in the kernel, in a known way. The first time the
 * hooked function is skipped, so that the read faults again; the second time it is not, and the
 * read fails.
 */
#define TRIAL_ADDRESS ((unsigned long)-16) /* in the last page, which is mapped nowhere */

static struct {
	const struct task_struct *task;
	unsigned int faults;
	bool arguments_differ;
} trial;

static bool try_skipping(struct pt_regs *regs, unsigned long error_code, unsigned long address)
{
	trial.faults++;
	if (!object_is_on_stack(regs) || user_mode(regs) || error_code ||
		address != TRIAL_ADDRESS) {
		trial.arguments_differ = true;
		return false;
	}
	return trial.faults == 1;
}

static int has_trial_gone_well(void)
{
	u8 byte;
	long answer;

	WRITE_ONCE(trial.task, current);
	answer = copy_from_kernel_nofault(&byte, (const void *)TRIAL_ADDRESS, 1);
	WRITE_ONCE(trial.task, NULL);
	return answer == -EFAULT && !trial.arguments_differ && trial.faults == 2;
}

HOOK(bad_area_hook, is_bad_area_skipped);
HOOK_FOR(signal_hook, is_signal_skipped, SIGBUS);

/* Not what is_surely_other() has answered for. */
static noinline bool is_skipped(
	struct pt_regs *regs, unsigned long error_code, unsigned long address)
{
	if (!static_branch_likely(&is_ready))
		return READ_ONCE(trial.task) == current && try_skipping(regs, error_code, address);
	return READ_ONCE(enabled) && mend(regs, error_code, address);
}

/*
 * The hook of __bad_area_nosemaphore(). Runs with preemption and interrupts on or off, also inside
 * of an interrupt: hence the readers that do not sleep. A fault that they have themselves comes
 * here again. Its instruction is one of theirs, in the kernel's code, which can be read: so it ends
 * there.
 */
__used notrace bool is_bad_area_skipped(
	unsigned long registers, unsigned long error_code, unsigned long address)
{
	struct pt_regs *regs = (struct pt_regs *)registers;

	/* Of a program, not for fetching the instruction, and nothing that could be a PREFETCH. */
	if (static_branch_likely(&is_ready) &&
		(error_code & (X86_PF_USER | X86_PF_INSTR)) == X86_PF_USER && is_surely_other(regs))
		return false;
	return is_skipped(regs, error_code, address);
}
NOKPROBE_SYMBOL(is_bad_area_skipped);

/*
 * Whether the signal is about a page fault of the program itself. The page fault handler has noted
 * it in the task just before.
 */
static noinline bool is_sigbus_skipped(unsigned long address)
{
	const struct thread_struct *thread = &current->thread;
	struct pt_regs *regs = current_pt_regs();

	if (!static_branch_likely(&is_ready) || !READ_ONCE(enabled) || !in_task() ||
		(current->flags & PF_KTHREAD))
		return false;
	if (thread->trap_nr != X86_TRAP_PF || thread->cr2 != address || !user_mode(regs))
		return false;
	return mend(regs, thread->error_code, address);
}

/* The hook of force_sig_fault(): here all signals of faults come by. On x86 BUS_ADRERR is
 * do_sigbus()'s alone. */
__used notrace bool is_signal_skipped(
	unsigned long number, unsigned long code, unsigned long address)
{
	return (int)number == SIGBUS && (int)code == BUS_ADRERR && is_sigbus_skipped(address);
}
NOKPROBE_SYMBOL(is_signal_skipped);

static bool is_affected(const struct cpuinfo_x86 *cpu)
{
	return cpu->x86_vendor == X86_VENDOR_AMD &&
	       (cpu->x86 == 6 || (cpu->x86 == 0xf && cpu->x86_model < 0x40));
}

/* hook_set(), with words about why not. */
static int set_hook(struct hook *hook, const char *const *names, size_t count)
{
	int answer = hook_set(hook, names, count);

	if (answer == -EBUSY)
		pr_err("not loaded: something else changes %s: a livepatch, or a BPF program\n",
			names[0]);
	else if (answer == -EOPNOTSUPP)
		pr_err("not loaded: %s does not begin with a call of ftrace\n", names[0]);
	else if (answer)
		pr_err("not loaded: this kernel has no %s that can be hooked (error %d)\n",
			names[0], answer);
	return answer;
}

static int set_hooks(void)
{
	int answer = set_hook(&bad_area_hook, bad_area_names, ARRAY_SIZE(bad_area_names));

	if (answer)
		return answer;
	if (!has_trial_gone_well()) {
		if (!trial.faults)
			pr_err("not loaded: the hook is not called; is ftrace off?\n");
		else
			pr_err("not loaded: %s has other arguments, or cannot be skipped\n",
				BAD_AREA);
		answer = -EOPNOTSUPP;
	} else {
		answer = set_hook(&signal_hook, signal_names, ARRAY_SIZE(signal_names));
	}
	if (answer)
		hook_remove(&bad_area_hook);
	return answer;
}

static int read_counter(void *counter, u64 *value)
{
	*value = atomic64_read(counter);
	return 0;
}
DEFINE_DEBUGFS_ATTRIBUTE(counter_operations, read_counter, NULL, "%llu\n");

/* The counters are an extra: debugfs may be missing, and nothing depends on it. */
static struct dentry *directory;

static void show_counters(void)
{
	directory = debugfs_create_dir(KBUILD_MODNAME, NULL);
	debugfs_create_file_unsafe(
		"mended_user", 0444, directory, &mended_user, &counter_operations);
	debugfs_create_file_unsafe(
		"mended_kernel", 0444, directory, &mended_kernel, &counter_operations);
	debugfs_create_file_unsafe("given_up", 0444, directory, &given_up, &counter_operations);
}

static int __init start(void)
{
	const struct cpuinfo_x86 *cpu = &boot_cpu_data;
	int answer;

	if (!force && !is_affected(cpu)) {
		pr_err("not loaded: family %u model %u does not fault for a PREFETCH (see force)\n",
			cpu->x86, cpu->x86_model);
		return -ENODEV;
	}
	answer = set_hooks();
	if (answer)
		return answer;
	show_counters();
	static_branch_enable(&is_ready);
	pr_info("resuming PREFETCH instructions that fault\n");
	return 0;
}

static void __exit stop(void)
{
	hook_remove(&signal_hook);
	hook_remove(&bad_area_hook);
	debugfs_remove_recursive(directory);
	pr_info("resumed %lld in user space, %lld in the kernel; given up %lld\n",
		(long long)atomic64_read(&mended_user), (long long)atomic64_read(&mended_kernel),
		(long long)atomic64_read(&given_up));
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
MODULE_AUTHOR("Kernkit");
MODULE_DESCRIPTION("Resumes PREFETCH instructions that AMD Athlon and Opteron fault for");
MODULE_VERSION("0.1.0");
