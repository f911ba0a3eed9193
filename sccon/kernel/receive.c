// SPDX-License-Identifier: GPL-2.0-or-later
/* Input: from the firmware to the tty, but for a key after ESC "SYS" or a break, which is for the kernel. */
#include <linux/kernel.h>
#include <linux/sysrq.h>
#include <linux/tty_flip.h>

#include "port.h"

/* Bytes a look: the tty's buffers always have that. */
#define LOOK_MOST 256

static u64 now(void)
{
	return ktime_get_ns() / NSEC_PER_MSEC;
}

static bool obeys_sysrq(const struct sccon_port *port)
{
	unsigned int sysrq = READ_ONCE(port->sysrq);

	return sysrq > 1 || (sysrq && test_bit(SCCON_IS_OPEN, &port->state));
}

static int ask(struct sccon_port *port, unsigned int most)
{
	const struct sccon_polled_operations *polled = port->transport->polled;
	unsigned long flags;
	int answer;

	raw_spin_lock_irqsave(&port->firmware_lock, flags);
	port->counters.looks++;
	if (port->trust.is_trusted) {
		answer = port->transport->interrupt->receive(port->input, most);
	} else {
		answer = polled->check ? polled->check() : SCCON_INPUT;
		if (answer > 0)
			answer = answer & SCCON_INPUT ? polled->getc(port->input, most) : 0;
	}
	raw_spin_unlock_irqrestore(&port->firmware_lock, flags);
	return answer;
}

static void give_to_tty(struct sccon_port *port, const u8 *bytes, unsigned int count)
{
	if (!test_bit(SCCON_IS_OPEN, &port->state))
		port->counters.discarded += count;
	else if (count)
		tty_insert_flip_string(&port->tty_port, bytes, count);
}

/* All but the keys for the kernel, which are pressed when what came before them is on its way. */
static void take_input(struct sccon_port *port, unsigned int count)
{
	const u8 *bytes = port->input;
	unsigned int start = 0;

	for (unsigned int i = 0; obeys_sysrq(port) && i < count; i++) {
		if (!sccon_sysrq_take(&port->sysrq_state, bytes[i], now()))
			continue;
		give_to_tty(port, bytes + start, i - start);
		tty_flip_buffer_push(&port->tty_port);
		start = i + 1;
		port->counters.sysrqs++;
		handle_sysrq(bytes[i]);
	}
	give_to_tty(port, bytes + start, count - start);
	tty_flip_buffer_push(&port->tty_port);
}

/* A break is the SysRq key; one more within five seconds is a break for who reads. */
static void take_break(struct sccon_port *port)
{
	port->counters.breaks++;
	if (obeys_sysrq(port) && !(port->sysrq_state.is_armed && now() < port->sysrq_state.until)) {
		sccon_sysrq_arm(&port->sysrq_state, now());
		return;
	}
	port->sysrq_state.is_armed = false;
	if (test_bit(SCCON_IS_OPEN, &port->state)) {
		tty_insert_flip_char(&port->tty_port, 0, TTY_BREAK);
		tty_flip_buffer_push(&port->tty_port);
	}
}

static void take_window(struct sccon_port *port)
{
	struct tty_struct *tty = tty_port_tty_get(&port->tty_port);
	struct winsize window = port->window;

	if (tty)
		tty_do_resize(tty, &window);
	tty_kref_put(tty);
}

/* What the transport has told of beside input. */
void sccon_take_events(struct sccon_port *port)
{
	if (test_and_clear_bit(SCCON_GOT_BREAK, &port->state))
		take_break(port);
	if (test_and_clear_bit(SCCON_GOT_WINDOW, &port->state))
		take_window(port);
}

int sccon_look(struct sccon_port *port)
{
	unsigned int most = LOOK_MOST;
	int answer;

	if (test_bit(SCCON_IS_OPEN, &port->state)) {
		most = min_t(unsigned int, most, tty_buffer_request_room(&port->tty_port, most));
		if (!most)
			return -ENOSPC;
	}
	most = min(most, port->transport->call_most);
	answer = ask(port, most);
	if (answer > (int)most) {
		/* Where the rest is, nobody can know; what fits into the buffer is there. */
		port->counters.impossible++;
		answer = most;
	}
	if (answer < 0) {
		port->counters.receive_failures++;
		return answer;
	}
	if (!answer)
		return 0;
	port->counters.received += answer;
	take_input(port, answer);
	return 1;
}
