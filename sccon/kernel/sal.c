// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The contract of the SGI Altix's firmware for its console: at most 120 bytes a call, of which it takes as many as it
 * likes; a character at a time for input; interrupts that are switched on and off by a call. No machine has it any more: what
 * answers is the simulator.
 */
#include <linux/errno.h>
#include <linux/module.h>

#include "operations.h"
#include "sim.h"

static int write_by(unsigned long function, const u8 *bytes, unsigned int count)
{
	struct sal_answer answer = sim_call(function, (unsigned long)bytes, count);

	if (answer.status < 0)
		return -EIO;
	return min_t(unsigned long, answer.value, INT_MAX);
}

static int read_by(unsigned long function, u8 *bytes, unsigned int most)
{
	unsigned int count;

	for (count = 0; count < most; count++) {
		struct sal_answer answer = sim_call(function, 0, 0);

		if (answer.status < 0 && !count)
			return -EIO;
		if (answer.status)
			break;
		/* Whatever else the firmware has in that word. */
		bytes[count] = answer.value & 0xff;
	}
	return count;
}

static int putb(const u8 *bytes, unsigned int count)
{
	return write_by(SAL_CONSOLE_PUTB, bytes, count);
}

static int getc(u8 *bytes, unsigned int most)
{
	return read_by(SAL_CONSOLE_GETC, bytes, most);
}

static int check(void)
{
	struct sal_answer answer = sim_call(SAL_CONSOLE_POLL, 0, 0);

	if (answer.status < 0)
		return -EIO;
	return answer.value ? SCCON_INPUT : 0;
}

static int transmit(const u8 *bytes, unsigned int count)
{
	return write_by(SAL_CONSOLE_XMIT_CHARS, bytes, count);
}

static int receive(u8 *bytes, unsigned int most)
{
	return read_by(SAL_CONSOLE_READC, bytes, most);
}

static int interrupt_status(void)
{
	struct sal_answer answer = sim_call(SAL_CONSOLE_INTR, SAL_INTR_STATUS, 0);

	if (answer.status < 0)
		return -EIO;
	return (answer.value & SAL_INTR_RECV ? SCCON_INPUT : 0) | (answer.value & SAL_INTR_XMIT ? SCCON_OUTPUT : 0);
}

static int allow(unsigned int which)
{
	unsigned long wanted = (which & SCCON_INPUT ? SAL_INTR_RECV : 0) | (which & SCCON_OUTPUT ? SAL_INTR_XMIT : 0);

	if (sim_call(SAL_CONSOLE_INTR, SAL_INTR_OFF, ~wanted).status)
		return -EIO;
	return sim_call(SAL_CONSOLE_INTR, SAL_INTR_ON, wanted).status ? -EIO : 0;
}

static int start(struct sccon_port *port)
{
	return sim_start(port);
}

static void stop(void)
{
	sim_stop();
}

/* The Altix has none; the simulator counts it. */
static int send_break(bool is_on)
{
	if (is_on)
		sim.status.breaks++;
	return 0;
}

static const struct sccon_polled_operations polled = { .putb = putb, .getc = getc, .check = check };

static const struct sccon_interrupt_operations interrupt = {
	.transmit = transmit,
	.receive = receive,
	.interrupt_status = interrupt_status,
	.allow = allow,
};

const struct sccon_transport sccon_sal = {
	.name = "sal",
	.call_most = SAL_CALL_MOST,
	.polled = &polled,
	.interrupt = &interrupt,
	.start = start,
	.stop = stop,
	.send_break = send_break,
};
