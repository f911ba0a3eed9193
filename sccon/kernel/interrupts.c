// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Trust in the firmware's interrupts: while they come when they should they are relied on. When they do not, or come for
 * nothing, the firmware is polled for a while, and they are tried again. All of it is the thread's.
 */
#include "port.h"

static u64 milliseconds(ktime_t time)
{
	return ktime_to_ms(time);
}

/* What the firmware has an interrupt for. Where it does not say: for all that there is. */
static unsigned int reason(struct sccon_port *port)
{
	unsigned long flags;
	int status;

	raw_spin_lock_irqsave(&port->firmware_lock, flags);
	status = port->transport->interrupt->interrupt_status();
	raw_spin_unlock_irqrestore(&port->firmware_lock, flags);
	return status < 0 ? SCCON_INPUT | SCCON_OUTPUT : status;
}

void sccon_interrupts_allow(struct sccon_port *port, unsigned int which)
{
	unsigned long flags;
	int answer = 0;

	if (!port->trust.is_trusted || port->allowed == which)
		return;
	raw_spin_lock_irqsave(&port->firmware_lock, flags);
	answer = port->transport->interrupt->allow(which);
	raw_spin_unlock_irqrestore(&port->firmware_lock, flags);
	if (!answer)
		port->allowed = which;
}

/* From now on the firmware is polled. */
static void distrust(struct sccon_port *port)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&port->firmware_lock, flags);
	port->transport->interrupt->allow(0);
	raw_spin_unlock_irqrestore(&port->firmware_lock, flags);
	port->allowed = 0;
	port->counters.distrusts++;
	port->look_not_before = 0;
	port->send_not_before = 0;
}

void sccon_interrupt_missed(struct sccon_port *port, ktime_t now)
{
	port->counters.interrupts_missed++;
	if (sccon_trust_missed(&port->trust, milliseconds(now)))
		distrust(port);
}

void sccon_interrupts_try(struct sccon_port *port, ktime_t now)
{
	unsigned long flags;
	int answer;

	if (!port->transport->interrupt || port->trust.is_trusted || milliseconds(now) < port->trust.until)
		return;
	raw_spin_lock_irqsave(&port->firmware_lock, flags);
	answer = port->transport->interrupt->allow(SCCON_INPUT);
	if (!answer)
		sccon_trust_begin(&port->trust);
	raw_spin_unlock_irqrestore(&port->firmware_lock, flags);
	if (answer) {
		port->trust.until = milliseconds(now) + SCCON_DISTRUST;
		return;
	}
	port->allowed = SCCON_INPUT;
	/* What came before they were allowed. */
	port->look_not_before = 0;
}

unsigned int sccon_interrupts_take(struct sccon_port *port, ktime_t now)
{
	unsigned int count = atomic_xchg(&port->interrupts, 0), why;

	if (!count || !port->trust.is_trusted)
		return 0;
	port->counters.interrupts += count;
	why = reason(port);
	/* Room for output ends the wait for it. */
	if (why & SCCON_OUTPUT)
		port->send_not_before = 0;
	port->counters.interrupts_for_nothing += why ? count - 1 : count;
	if (sccon_trust_came(&port->trust, count, why, milliseconds(now)))
		distrust(port);
	return why;
}

bool sccon_has_interrupt_for_output(struct sccon_port *port)
{
	return port->trust.is_trusted && reason(port) & SCCON_OUTPUT;
}
