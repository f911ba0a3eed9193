// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The port's thread. It empties the streams into the firmware and looks for input: on the firmware's word where there are
 * interrupts, and by the clock where there are none, or where they cannot be relied on. With nothing to do it sleeps.
 */
#include <linux/gfp.h>
#include <linux/kthread.h>
#include <linux/sched/task.h>
#include <linux/slab.h>

#include "port.h"

#define NEVER KTIME_MAX

/* Between two looks for interrupts that did not come, and before output that was not taken is offered without one. */
#define WATCHDOG (NSEC_PER_SEC)
#define OUTPUT_WATCHDOG (50 * NSEC_PER_MSEC)

/* So many calls for the kernel's messages in a row, and the tty gets one. */
#define LOG_PASSES_MOST 64

/* A sleep may be longer by one of so many parts, so that the processor wakes for several at once. */
#define SLACK 8

/* Below so many bytes, who waits for room is told. */
#define TELL_BELOW 4096

/* From any context, also with the scheduler's locks held. */
static void wake_later(struct irq_work *work)
{
	sccon_wake(container_of(work, struct sccon_port, wake));
}

void sccon_wake(struct sccon_port *port)
{
	set_bit(SCCON_HAS_WORK, &port->state);
	if (port->thread)
		wake_up_process(port->thread);
}

void sccon_interrupt(struct sccon_port *port)
{
	atomic_inc(&port->interrupts);
	irq_work_queue(&port->wake);
}

void sccon_break(struct sccon_port *port)
{
	set_bit(SCCON_GOT_BREAK, &port->state);
	irq_work_queue(&port->wake);
}

void sccon_window(struct sccon_port *port, unsigned short rows, unsigned short columns)
{
	port->window.ws_row = rows;
	port->window.ws_col = columns;
	set_bit(SCCON_GOT_WINDOW, &port->state);
	irq_work_queue(&port->wake);
}

unsigned int sccon_tty_put(struct sccon_port *port, const u8 *bytes, unsigned int count)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&port->ring_lock, flags);
	count = sccon_ring_put(&port->tty.ring, bytes, count);
	raw_spin_unlock_irqrestore(&port->ring_lock, flags);
	return count;
}

unsigned int sccon_tty_used(struct sccon_port *port)
{
	unsigned long flags;
	unsigned int used;

	raw_spin_lock_irqsave(&port->ring_lock, flags);
	used = sccon_ring_used(&port->tty.ring);
	raw_spin_unlock_irqrestore(&port->ring_lock, flags);
	return used;
}

unsigned int sccon_tty_room(struct sccon_port *port)
{
	return port->tty.ring.size - sccon_tty_used(port);
}

void sccon_tty_flush(struct sccon_port *port)
{
	unsigned long flags, ring_flags;

	/* Not between a call and its answer. */
	raw_spin_lock_irqsave(&port->firmware_lock, flags);
	raw_spin_lock_irqsave(&port->ring_lock, ring_flags);
	sccon_stream_flush(&port->tty);
	raw_spin_unlock_irqrestore(&port->ring_lock, ring_flags);
	raw_spin_unlock_irqrestore(&port->firmware_lock, flags);
	wake_up_all(&port->drained);
	tty_port_tty_wakeup(&port->tty_port);
}

static bool is_all_sent(struct sccon_port *port)
{
	return sccon_is_empty(port, &port->log) && sccon_is_empty(port, &port->tty);
}

bool sccon_wait_until_sent(struct sccon_port *port, long timeout)
{
	sccon_wake(port);
	return wait_event_timeout(port->drained, is_all_sent(port), timeout) > 0;
}

bool sccon_tty_wait_until_sent(struct sccon_port *port, long timeout)
{
	sccon_wake(port);
	return wait_event_timeout(port->drained, sccon_is_empty(port, &port->tty), timeout) > 0;
}

/* Lets the interrupts come that are waited for now. */
static void allow(struct sccon_port *port, unsigned int which)
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

static u64 milliseconds(ktime_t time)
{
	return ktime_to_ms(time);
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

/* Something was to be done, and no interrupt has said so. */
static void miss(struct sccon_port *port, ktime_t now)
{
	port->counters.interrupts_missed++;
	if (sccon_trust_missed(&port->trust, milliseconds(now)))
		distrust(port);
}

/* Trusts the interrupts, for the first time or after a while, where the firmware lets them come. */
static void try_interrupts(struct sccon_port *port, ktime_t now)
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
	bool is_late = port->trust.is_trusted && port->send_not_before && now >= port->send_not_before;
	struct sccon_stream *stream = choose(port);
	struct sccon_result result;

	*until = NEVER;
	if (!stream) {
		port->send_not_before = 0;
		return false;
	}
	*until = port->send_not_before;
	if (now < port->send_not_before)
		return false;
	result = send(port, stream);
	if (result.taken || result.outcome == SCCON_GIVEN_UP)
		tell_of_room(port);
	if (result.taken) {
		clear_bit(SCCON_IS_STUCK, &port->state);
		port->send_not_before = 0;
		/* There was room, and no interrupt has said so. */
		if (is_late)
			miss(port, now);
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
		miss(port, now);
	port->is_watching = !found && port->trust.is_trusted;
	if (port->is_watching)
		port->look_not_before = now + WATCHDOG;
	else if (found > 0 && port->trust.is_trusted)
		port->look_not_before = 0;
	else
		port->look_not_before = now + sccon_pace_next(&port->pace, found > 0) * NSEC_PER_USEC;
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

/* What an interrupt came for: room for output ends the wait for it. */
static unsigned int reason(struct sccon_port *port)
{
	unsigned long flags;
	int status;

	raw_spin_lock_irqsave(&port->firmware_lock, flags);
	status = port->transport->interrupt->interrupt_status();
	raw_spin_unlock_irqrestore(&port->firmware_lock, flags);
	return status > 0 ? status : 0;
}

static int run(void *data)
{
	struct sccon_port *port = data;

	while (!kthread_should_stop()) {
		ktime_t now = ktime_get(), output, input;
		unsigned int interrupts, why = 0;
		bool has_sent, has_received;

		clear_bit(SCCON_HAS_WORK, &port->state);
		smp_mb__after_atomic();
		if (test_bit(SCCON_SUSPENDED, &port->state)) {
			sleep_until(port, now, NEVER);
			continue;
		}
		try_interrupts(port, now);
		interrupts = atomic_xchg(&port->interrupts, 0);
		if (interrupts && port->trust.is_trusted) {
			port->counters.interrupts += interrupts;
			why = reason(port);
			if (why & SCCON_OUTPUT)
				port->send_not_before = 0;
			port->counters.interrupts_for_nothing += why ? interrupts - 1 : interrupts;
			if (sccon_trust_came(&port->trust, interrupts, why, milliseconds(now)))
				distrust(port);
		}
		sccon_take_events(port);
		/* Whoever has sent it: the kernel's thread for the console does so, too. */
		if (wq_has_sleeper(&port->drained) && sccon_is_empty(port, &port->tty))
			wake_up_all(&port->drained);
		if (test_and_clear_bit(SCCON_TTY_SENT, &port->state))
			tell_of_room(port);
		has_sent = transmit(port, now, &output);
		has_received = receive(port, now, why & SCCON_INPUT, &input);
		allow(port, SCCON_INPUT | (port->send_not_before ? SCCON_OUTPUT : 0));
		if (has_sent || has_received)
			cond_resched();
		else
			sleep_until(port, now, min(output, input));
	}
	return 0;
}

static int make_streams(struct sccon_port *port)
{
	port->chunk = (u8 *)__get_free_page(GFP_KERNEL);
	port->panic_chunk = (u8 *)__get_free_page(GFP_KERNEL);
	port->input = (u8 *)__get_free_page(GFP_KERNEL);
	port->log.ring.bytes = kvmalloc(port->log.ring.size, GFP_KERNEL);
	port->tty.ring.bytes = kvmalloc(port->tty.ring.size, GFP_KERNEL);
	if (port->chunk && port->panic_chunk && port->input && port->log.ring.bytes && port->tty.ring.bytes)
		return 0;
	return -ENOMEM;
}

static void free_streams(struct sccon_port *port)
{
	free_page((unsigned long)port->chunk);
	free_page((unsigned long)port->panic_chunk);
	free_page((unsigned long)port->input);
	kvfree(port->log.ring.bytes);
	kvfree(port->tty.ring.bytes);
}

int sccon_port_start(struct sccon_port *port)
{
	struct task_struct *thread;
	int error;

	mutex_init(&port->device_lock);
	raw_spin_lock_init(&port->firmware_lock);
	raw_spin_lock_init(&port->ring_lock);
	init_waitqueue_head(&port->drained);
	init_irq_work(&port->wake, wake_later);
	error = make_streams(port);
	if (!error)
		error = port->transport->start(port);
	if (error) {
		free_streams(port);
		return error;
	}
	thread = kthread_create(run, port, "sccon");
	if (IS_ERR(thread)) {
		port->transport->stop();
		irq_work_sync(&port->wake);
		free_streams(port);
		return PTR_ERR(thread);
	}
	/* Who wakes it may do so until nobody can any more, which is after its end. */
	get_task_struct(thread);
	port->thread = thread;
	wake_up_process(thread);
	return 0;
}

void sccon_port_stop(struct sccon_port *port)
{
	struct task_struct *thread = port->thread;

	kthread_stop(thread);
	port->transport->stop();
	irq_work_sync(&port->wake);
	port->thread = NULL;
	put_task_struct(thread);
	free_streams(port);
}
