// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tells the kernel of faults of its own at a PREFETCH, as its page fault handler does, twenty times with the same
 * registers. To be loaded beside prefetch_fixup, on family 15: there the kernel itself goes on after those that
 * prefetch_fixup gives up.
 */
#include <linux/irqflags.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <asm/segment.h>

enum { FAULTS = 20, ADDRESS = 0x1000 };

static const u8 code[] = { 0x0f, 0x18, 0x08, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90 };

static int nothing(struct kprobe *probe, struct pt_regs *regs)
{
	return 0;
}

/* For its address alone. */
static struct kprobe probe = { .symbol_name = "__bad_area_nosemaphore", .pre_handler = nothing };

static int __init start(void)
{
	void (*bad_area)(struct pt_regs *regs, unsigned long error, unsigned long address, u32 pkey, int si_code);
	struct pt_regs regs = { .ip = (unsigned long)code, .cs = __KERNEL_CS, .ss = __KERNEL_DS };
	int err = register_kprobe(&probe);

	if (err)
		return err;
	bad_area = (void *)probe.addr;
	unregister_kprobe(&probe);
	regs.sp = (unsigned long)&regs;
	for (int i = 0; i < FAULTS; i++) {
		unsigned long flags;

		/* With interrupts, and without. */
		local_save_flags(flags);
		if (i % 2)
			local_irq_disable();
		bad_area(&regs, 0, ADDRESS, 0, 1);
		local_irq_restore(flags);
	}
	return 0;
}

static void __exit stop(void)
{
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Faults of the kernel at a PREFETCH, for a test of prefetch_fixup");
