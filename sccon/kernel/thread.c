// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The port's thread. It empties the streams into the firmware and looks for input: on the firmware's word where there are
 * interrupts, and by the clock where there are none, or where they cannot be relied on. With nothing to do it sleeps.
 */
#include <linux/kthread.h>

#include "port.h"

#define NEVER KTIME_MAX

/* Before output that was not taken is offered without an interrupt. */
#define OUTPUT_WATCHDOG (50 * NSEC_PER_MSEC)

/* So many calls for the kernel's messages in a row, and the tty gets one. */
#define LOG_PASSES_MOST 64

/* A sleep may be longer by one of so many parts, so that the processor wakes for several at once. */
#define SLACK 8

/* Below so many bytes, who waits for room is told. */
#define TELL_BELOW 4096

static struct sccon_stream *choose(struct sccon_port *port)
{
	bool has_log = !sccon_is_empty(port, &port->log) && !READ_ONCE(port->is_printing);
	bool has_tty = !sccon_is_empty(port, &port->tty) && !test_bit(SCCON_STOPPED, &port->state);

	if (has_log && has_tty && port->log_passes >= LOG_PASSES_MOST && !port->log.is_mid_line)
		return &port->tty;
	return has_log ? &port->log : has_tty ? &port->tty : NULL;
}

/* While the kernel's thread prints, it sends the tty's share itself: nobody waits for it here, where input is read. */
static struct sccon_result send(struct sccon_port *port, struct sccon_stream *stream)
{
	struct sccon_result result = { .outcome = SCCON_NOTHING, .wait = 1 };

	if (stream == &port->log) {
		port->log_passes++;
		return sccon_pass(port, stream, true, port->log_passes >= LOG_PASSES_MOST);
	}
	if (!mutex_trylock(&port->device_lock))
		return result;
	port->log_passes = 0;
	/* A message that was interrupted is sent to its end first. */
	if (!port->log.is_mid_line || sccon_is_empty(port, &port->log))
		result = sccon_pass(port, stream, true, false);
	mutex_unlock(&port->device_lock);
	return result;
}

static void tell_of_room(struct sccon_port *port)
{
	if (sccon_tty_used(port) < TELL_BELOW)
		tty_port_tty_wakeup(&port->tty_port);
}

/* One call for output, if there is any. *until becomes when there is the next one to make. */
static bool transmit(struct sccon_port *port, ktime_t now, ktime_t *until)
{
	struct sccon_stream *stream = choose(port);
	struct sccon_result result;
	bool is_late;

	*until = NEVER;
	if (!stream) {
		port->send_not_before = 0;
		return false;
	}
	*until = port->send_not_before;
	if (now < port->send_not_before)
		return false;
	/* A firmware may have some room long before it says so. */
	is_late = port->send_not_before && sccon_has_interrupt_for_output(port);
	result = send(port, stream);
	if (result.taken || result.outcome == SCCON_GIVEN_UP)
		tell_of_room(port);
	if (result.taken) {
		clear_bit(SCCON_IS_STUCK, &port->state);
		port->send_not_before = 0;
		/* There was room, and no interrupt has said so. */
		if (is_late)
			sccon_interrupt_missed(port, now);
		return true;
	}
	if (port->trust.is_trusted && result.outcome == SCCON_REFUSED)
		*until = now + OUTPUT_WATCHDOG;
	else
		*until = now + result.wait * NSEC_PER_MSEC;
	if (result.outcome != SCCON_NOTHING)
		port->send_not_before = *until;
	return false;
}

static bool wants_input(const struct sccon_port *port)
{
	if (test_bit(SCCON_IS_OPEN, &port->state))
		return !test_bit(SCCON_THROTTLED, &port->state);
	return READ_ONCE(port->sysrq) > 1;
}

/* One look for input, if it is time. has_come: an interrupt has. */
static bool receive(struct sccon_port *port, ktime_t now, bool has_come, ktime_t *until)
{
	unsigned int wait;
	int found;

	*until = NEVER;
	if (!wants_input(port)) {
		/* What an interrupt said meanwhile is looked for as soon as it is wanted. */
		port->look_not_before = 0;
		port->is_watching = false;
		return false;
	}
	*until = port->look_not_before;
	if (!has_come && now < port->look_not_before)
		return false;
	found = sccon_look(port);
	if (found > 0 && port->is_watching && !has_come)
		sccon_interrupt_missed(port, now);
	port->is_watching = !found && port->trust.is_trusted;
	if (port->trust.is_trusted)
		wait = sccon_pace_with_interrupts(&port->pace, found);
	else
		wait = sccon_pace_next(&port->pace, found > 0);
	port->look_not_before = now + wait * NSEC_PER_USEC;
	*until = port->look_not_before;
	return found > 0;
}

static void sleep_until(struct sccon_port *port, ktime_t now, ktime_t until)
{
	set_current_state(TASK_IDLE);
	if (!test_bit(SCCON_HAS_WORK, &port->state) && !kthread_should_stop()) {
		if (until == NEVER)
			schedule();
		else
			schedule_hrtimeout_range(&until, max_t(s64, until - now, 0) / SLACK, HRTIMER_MODE_ABS);
		port->counters.wakeups++;
	}
	__set_current_state(TASK_RUNNING);
}

int sccon_thread(void *data)
{
	struct sccon_port *port = data;

	while (!kthread_should_stop()) {
		ktime_t now = ktime_get(), output, input;
		unsigned int why;
		bool has_sent, has_received;

		clear_bit(SCCON_HAS_WORK, &port->state);
		smp_mb__after_atomic();
		if (test_bit(SCCON_SUSPENDED, &port->state)) {
			sleep_until(port, now, NEVER);
			continue;
		}
		sccon_interrupts_try(port, now);
		why = sccon_interrupts_take(port, now);
		sccon_take_events(port);
		/* Whoever has sent it: the kernel's thread for the console does so, too. */
		if (wq_has_sleeper(&port->drained) && sccon_is_empty(port, &port->tty))
			wake_up_all(&port->drained);
		if (test_and_clear_bit(SCCON_TTY_SENT, &port->state))
			tell_of_room(port);
		has_sent = transmit(port, now, &output);
		has_received = receive(port, now, why & SCCON_INPUT, &input);
		sccon_interrupts_allow(port, SCCON_INPUT | (port->send_not_before ? SCCON_OUTPUT : 0));
		if (has_sent || has_received)
			cond_resched();
		else
			sleep_until(port, now, min(output, input));
	}
	return 0;
}
