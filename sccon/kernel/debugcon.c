// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The debug console of Bochs and QEMU: I/O port 0xe9, a byte a write, and no input. It is what an x86 guest has that comes
 * closest: no firmware of a PC offers a console by calls, but every write here is one to the hypervisor.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/errno.h>
#include <linux/io.h>
#include <linux/module.h>

#include "operations.h"

#define PORT 0xe9
#define CALL_MOST 4096

static int putb(const u8 *bytes, unsigned int count)
{
	outsb(PORT, bytes, count);
	return count;
}

static int getc(u8 *bytes, unsigned int most)
{
	return 0;
}

static int start(struct sccon_port *port)
{
	/* It says so itself. */
	if (inb(PORT) == PORT)
		return 0;
	pr_err("not loaded: there is no debug console at I/O port 0x%x\n", PORT);
	return -ENODEV;
}

static void stop(void)
{
}

static int check(void)
{
	return 0;
}

static const struct sccon_polled_operations polled = { .putb = putb, .getc = getc, .check = check };

const struct sccon_transport sccon_debugcon = {
	.name = "debugcon",
	.call_most = CALL_MOST,
	.polled = &polled,
	.start = start,
	.stop = stop,
};
