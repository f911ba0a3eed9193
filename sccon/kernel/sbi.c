// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * RISC-V's SBI: the debug console extension (DBCN) of version 2.0, which takes and gives buffers, and in their absence the
 * calls of version 0.1, a character each.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <asm/sbi.h>

#include "operations.h"
#include "returns.h"

/* Of version 0.1. The kernel has these names only where it is built for it. */
#define V01_PUTCHAR 1
#define V01_GETCHAR 2

#define CALL_MOST 4096

static bool dbcn = true;
module_param(dbcn, bool, 0444);
MODULE_PARM_DESC(dbcn, "Use SBI's debug console where there is one (default: yes); no: the calls of version 0.1");

static int adds_returns = -1;
module_param(adds_returns, int, 0444);
MODULE_PARM_DESC(adds_returns,
	"The firmware puts a carriage return before each line feed: 0, 1, or -1 (default): OpenSBI does");

/* SBI's number for OpenSBI. */
#define IMPLEMENTATION_OPENSBI 1

static bool has_dbcn;

/* What goes to the firmware: a page, and one for a panic that finds it in use. */
static u8 *bounce, *panic_bounce;

/* The answer of a call that says how many bytes it has moved. */
static int moved(struct sbiret answer)
{
	if (answer.error == SBI_ERR_DENIED || answer.error == SBI_ERR_NOT_SUPPORTED)
		return -EOPNOTSUPP;
	if (answer.error)
		return -EIO;
	return answer.value < 0 || answer.value > INT_MAX ? INT_MAX : answer.value;
}

/* Where the buffer is for the firmware: it does not know the kernel's addresses. */
static struct sbiret call_with(unsigned long function, unsigned long count, const u8 *bytes)
{
	u64 address = virt_to_phys((void *)bytes);

	return sbi_ecall(SBI_EXT_DBCN, function, count, lower_32_bits(address) |
		(IS_ENABLED(CONFIG_64BIT) ? address & ~0xffffffffULL : 0),
		IS_ENABLED(CONFIG_64BIT) ? 0 : upper_32_bits(address), 0, 0, 0);
}

static int write_as_is(const u8 *bytes, unsigned int count)
{
	if (has_dbcn)
		return moved(call_with(SBI_EXT_DBCN_CONSOLE_WRITE, count, bytes));
	/* This call waits for the wire, and its answer says nothing that all firmware agrees on. */
	sbi_ecall(V01_PUTCHAR, 0, bytes[0], 0, 0, 0, 0, 0);
	return 1;
}

static int putb(const u8 *bytes, unsigned int count)
{
	u8 *out = oops_in_progress ? panic_bounce : bounce;
	unsigned int length, used;
	int answer;

	if (!adds_returns)
		return write_as_is(bytes, count);
	length = sccon_without_returns(bytes, count, out, &used);
	answer = write_as_is(out, length);
	if (answer <= 0)
		return answer;
	return answer >= (int)length ? used + (answer - length) : sccon_with_returns(bytes, used, answer);
}

static int getc(u8 *bytes, unsigned int most)
{
	unsigned int count;

	if (has_dbcn)
		return moved(call_with(SBI_EXT_DBCN_CONSOLE_READ, most, bytes));
	for (count = 0; count < most; count++) {
		struct sbiret answer = sbi_ecall(V01_GETCHAR, 0, 0, 0, 0, 0, 0, 0);

		/* The character comes in place of the error, -1 for none. */
		if (answer.error < 0 || answer.error > 0xff)
			break;
		bytes[count] = answer.error;
	}
	return count;
}

static bool has_v01(unsigned long which)
{
	return sbi_probe_extension(which) > 0;
}

static long implementation(void)
{
	struct sbiret answer = sbi_ecall(SBI_EXT_BASE, SBI_EXT_BASE_GET_IMP_ID, 0, 0, 0, 0, 0, 0);

	return answer.error ? -1 : answer.value;
}

static void stop(void)
{
	free_page((unsigned long)bounce);
	free_page((unsigned long)panic_bounce);
}

static int start(struct sccon_port *port)
{
	has_dbcn = dbcn && sbi_probe_extension(SBI_EXT_DBCN) > 0;
	if (!has_dbcn && !(has_v01(V01_PUTCHAR) && has_v01(V01_GETCHAR))) {
		pr_err("not loaded: the firmware has neither SBI's debug console nor the calls of version 0.1\n");
		return -ENODEV;
	}
	if (adds_returns < 0)
		adds_returns = implementation() == IMPLEMENTATION_OPENSBI;
	bounce = (u8 *)__get_free_page(GFP_KERNEL);
	panic_bounce = (u8 *)__get_free_page(GFP_KERNEL);
	if (bounce && panic_bounce) {
		pr_info("SBI's %s\n", has_dbcn ? "debug console (DBCN)" : "calls of version 0.1, a character each");
		return 0;
	}
	stop();
	return -ENOMEM;
}

static const struct sccon_polled_operations polled = { .putb = putb, .getc = getc };

const struct sccon_transport sccon_sbi = {
	.name = "sbi",
	.call_most = CALL_MOST,
	.polled = &polled,
	.start = start,
	.stop = stop,
};
