// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A terminal and console, ttySC0, over the calls that a firmware offers for one. See README.md.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/log2.h>
#include <linux/module.h>
#include <linux/reboot.h>
#include <linux/suspend.h>

#include "port.h"

static char *transport;
module_param(transport, charp, 0444);
MODULE_PARM_DESC(transport, "How the firmware is called: sbi (riscv64), debugcon (x86), sal (the simulator)");

static unsigned int poll_ms = 10;
module_param(poll_ms, uint, 0444);
MODULE_PARM_DESC(poll_ms, "Milliseconds between two looks for input while there is some: 1 to 100 (default: 10)");

static unsigned int max_call;
module_param(max_call, uint, 0444);
MODULE_PARM_DESC(max_call, "Bytes a call: 1 to 4096 (default: 64, for sal 120)");

static unsigned int ring;
module_param(ring, uint, 0444);
MODULE_PARM_DESC(ring, "KiB of output that may wait (default: as the kernel's log, at least 64)");

static unsigned int retries = 500;
module_param(retries, uint, 0444);
MODULE_PARM_DESC(retries, "Failures in a row after which waiting output is given up (default: 500, some ten seconds)");

static bool replay = true;
module_param(replay, bool, 0444);
MODULE_PARM_DESC(replay, "Print what the kernel has logged before, too (default: yes)");

static bool extended;
module_param(extended, bool, 0444);
MODULE_PARM_DESC(extended, "Print messages as /dev/kmsg has them, with their numbers (default: no)");

static struct sccon_port port = { .sysrq = 1 };
module_param_named(sysrq, port.sysrq, uint, 0644);
MODULE_PARM_DESC(sysrq, "ESC \"SYS\" KEY: 0 is nothing special, 1 is a SysRq while ttySC0 is open (default), 2 always");

#define RING_LEAST 64
#define RING_MOST (16 << 10)
#define CALL_USUAL 64

static const struct sccon_transport *const transports[] = {
#ifdef CONFIG_RISCV
	&sccon_sbi,
#endif
	&sccon_sal,
#ifdef CONFIG_X86
	&sccon_debugcon,
#endif
};

static int choose_transport(void)
{
	if (!transport && IS_ENABLED(CONFIG_RISCV))
		transport = "sbi";
	for (size_t i = 0; transport && i < ARRAY_SIZE(transports); i++) {
		if (sysfs_streq(transport, transports[i]->name)) {
			port.transport = transports[i];
			return 0;
		}
	}
	pr_err("not loaded: transport=%s: there is no such transport on this architecture\n", transport ?: "");
	return -EINVAL;
}

static int take_parameters(void)
{
	unsigned int size;
	int error = choose_transport();

	if (error)
		return error;
	if (!ring)
		ring = max(RING_LEAST, (1 << CONFIG_LOG_BUF_SHIFT) >> 10);
	if (!poll_ms || poll_ms > SCCON_POLL_MOST || max_call > PAGE_SIZE || ring < RING_LEAST || ring > RING_MOST) {
		pr_err("not loaded: poll_ms is 1 to %u, max_call 1 to %lu, ring %u to %u\n", SCCON_POLL_MOST,
			PAGE_SIZE, RING_LEAST, RING_MOST);
		return -EINVAL;
	}
	size = roundup_pow_of_two(ring) << 10;
	port.log.ring.size = size;
	port.tty.ring.size = size;
	port.log.retries = retries;
	port.tty.retries = retries;
	if (!max_call)
		max_call = port.transport == &sccon_sal ? port.transport->call_most : CALL_USUAL;
	max_call = min(max_call, port.transport->call_most);
	port.call_most = max_call;
	port.pace.typing = poll_ms;
	return 0;
}

/* How long the machine's end or sleep waits for the firmware. */
#define FAREWELL HZ

static int on_reboot(struct notifier_block *block, unsigned long event, void *unused)
{
	sccon_wait_until_sent(&port, FAREWELL);
	return NOTIFY_DONE;
}

static struct notifier_block reboot_block = { .notifier_call = on_reboot };

static int on_sleep(struct notifier_block *block, unsigned long event, void *unused)
{
	switch (event) {
	case PM_SUSPEND_PREPARE:
	case PM_HIBERNATION_PREPARE:
		sccon_wait_until_sent(&port, FAREWELL);
		set_bit(SCCON_SUSPENDED, &port.state);
		break;
	case PM_POST_SUSPEND:
	case PM_POST_HIBERNATION:
		clear_bit(SCCON_SUSPENDED, &port.state);
		sccon_wake(&port);
		break;
	}
	return NOTIFY_DONE;
}

static struct notifier_block sleep_block = { .notifier_call = on_sleep };

static int __init start(void)
{
	int error = take_parameters();

	if (error)
		return error;
	error = sccon_port_start(&port);
	if (error)
		return error;
	error = sccon_tty_start(&port);
	if (error) {
		sccon_thread_stop(&port);
		sccon_port_stop(&port);
		return error;
	}
	sccon_thread_start(&port);
	sccon_statistics_start(&port);
	register_reboot_notifier(&reboot_block);
	register_pm_notifier(&sleep_block);
	sccon_console_start(&port, replay, extended);
	pr_info("%s0 by %s, %u bytes a call\n", SCCON_NAME, port.transport->name, port.call_most);
	return 0;
}

/* Nobody has the tty open: whoever has holds the module. */
static void __exit stop(void)
{
	sccon_console_stop(&port);
	unregister_pm_notifier(&sleep_block);
	unregister_reboot_notifier(&reboot_block);
	sccon_wait_until_sent(&port, FAREWELL);
	sccon_statistics_stop();
	sccon_thread_stop(&port);
	sccon_tty_stop(&port);
	sccon_port_stop(&port);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
MODULE_AUTHOR("Kernkit");
MODULE_DESCRIPTION("A terminal and console over the calls of a firmware");
MODULE_VERSION("0.1.0");
