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
 * user and kernel mode, with all locks dropped. A kprobe there decodes the instruction, and when it
 * is a PREFETCH, makes that function return without doing anything: the instruction runs once more.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/debugfs.h>
#include <linux/hash.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/ratelimit.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/task_stack.h>
#include <linux/uaccess.h>
#include <asm/processor.h>
#include <asm/ptrace.h>
#include <asm/segment.h>
#include <asm/trap_pf.h>

/* The decoder is a file of the library. Included, it leaves no object file beside its source. */
#include "../decode/decode.c"

#define PROBED "__bad_area_nosemaphore"

/*
 * On i386 it is always called with the same pkey, and the compiler has made one without that
 * argument. Those before it, which are all that is read here, are where they were.
 */
static const char *const probed_names[] = { PROBED, PROBED ".constprop.0" };

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
static bool ready;

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

	raw_spin_lock_irqsave(&places_lock, flags);
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

/* Runs instead of the probed function, and returns to its caller. */
static notrace noinline void only_return(void)
{
	barrier();
}

/*
 * A trial while loading: a read that faults in the kernel, in a known way. The first time the
 * probed function is skipped, so that the read faults again; the second time it is not, and the
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

/*
 * Runs with preemption disabled, with interrupts on or off, also inside of an interrupt: hence the
 * readers that do not sleep. A fault that they have themselves comes here again through the probed
 * function: kprobes does not call a handler from within a handler, and it is resolved as ever.
 */
static int on_bad_area(struct kprobe *probe, struct pt_regs *call)
{
	struct pt_regs *regs = (struct pt_regs *)regs_get_kernel_argument(call, 0);
	unsigned long error_code = regs_get_kernel_argument(call, 1);
	unsigned long address = regs_get_kernel_argument(call, 2);
	bool skip;

	if (likely(READ_ONCE(ready)))
		skip = READ_ONCE(enabled) && mend(regs, error_code, address);
	else
		skip = READ_ONCE(trial.task) == current && try_skipping(regs, error_code, address);
	if (!skip)
		return 0;
	/*
	 * The stack holds the return address, as at the start of any function. A kprobe through
	 * ftrace takes another ip from its handler, but no other sp: to pop the address here would
	 * oops.
	 */
	instruction_pointer_set(call, (unsigned long)only_return);
	return 1;
}
NOKPROBE_SYMBOL(on_bad_area);

/* With one, kprobes tells ftrace that ip may be changed; so no livepatch changes it, too. */
static void after_bad_area(struct kprobe *probe, struct pt_regs *call, unsigned long flags)
{
}
NOKPROBE_SYMBOL(after_bad_area);

static struct kprobe probe = {
	.pre_handler = on_bad_area,
	.post_handler = after_bad_area,
};

static bool is_affected(const struct cpuinfo_x86 *cpu)
{
	return cpu->x86_vendor == X86_VENDOR_AMD &&
	       (cpu->x86 == 6 || (cpu->x86 == 0xf && cpu->x86_model < 0x40));
}

static void remove_probe(void)
{
	unregister_kprobe(&probe);
	/* A task may have been preempted on its way to only_return(). */
	synchronize_rcu_tasks();
}

static int set_probe(void)
{
	int answer = -ENOENT;

	for (size_t i = 0; answer == -ENOENT && i < ARRAY_SIZE(probed_names); i++) {
		probe.symbol_name = probed_names[i];
		answer = register_kprobe(&probe);
	}
	if (answer) {
		pr_err("not loaded: this kernel has no %s that can be probed (error %d)\n", PROBED,
			answer);
		return answer;
	}
	if (!(probe.flags & KPROBE_FLAG_FTRACE)) {
		pr_err("not loaded: %s cannot be probed through ftrace\n", PROBED);
	} else if (!has_trial_gone_well()) {
		if (!trial.faults)
			pr_err("not loaded: the probe is not called; is kprobes or ftrace off?\n");
		else
			pr_err("not loaded: %s has other arguments, or cannot be skipped\n",
				PROBED);
	} else {
		return 0;
	}
	remove_probe();
	return -EOPNOTSUPP;
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
	answer = set_probe();
	if (answer)
		return answer;
	show_counters();
	WRITE_ONCE(ready, true);
	pr_info("resuming PREFETCH instructions that fault\n");
	return 0;
}

static void __exit stop(void)
{
	remove_probe();
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
