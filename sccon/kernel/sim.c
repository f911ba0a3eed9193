// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The firmware simulator: answers the calls, from two buffers, with the faults that the controller has asked for. It is
 * called in any context, so it waits for its lock only where whoever has it can go on.
 */
#include <linux/delay.h>
#include <linux/errno.h>
#include <linux/hrtimer.h>
#include <linux/irq_work.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/version.h>
#include <linux/vmalloc.h>

#include "operations.h"
#include "sim.h"

#define BUFFER_SIZE (64 << 10)
#define CALL_US_MOST 1000

/* After output was refused for no reason, the firmware has room again in a moment. */
#define ROOM_AFTER (1 * NSEC_PER_MSEC)

struct sim sim = { .lock = __RAW_SPIN_LOCK_UNLOCKED(sim.lock) };

static struct hrtimer room_timer;
static struct hrtimer spurious_timer;
static struct irq_work interrupt_work;
static struct irq_work changed_work;

/* Draws: true for so many of a thousand. */
static bool draw(unsigned int chance)
{
	if (!chance)
		return false;
	sim.random ^= sim.random << 13;
	sim.random ^= sim.random >> 7;
	sim.random ^= sim.random << 17;
	return (sim.random >> 11) % 1000 < chance;
}

static void on_interrupt(struct irq_work *work)
{
	sccon_interrupt(sim.port);
}

static void on_changed(struct irq_work *work)
{
	wake_up_all(&sim.changed);
}

/* Under the lock: an interrupt for one of these, if it is allowed, and not one of those that get lost. */
static void raise(unsigned long which)
{
	if (which & SAL_INTR_XMIT)
		sim.has_room = true;
	if (!(sim.allowed & which))
		return;
	if (draw(sim.faults.lost_interrupts)) {
		sim.status.interrupts_lost++;
		return;
	}
	sim.status.interrupts++;
	irq_work_queue(&interrupt_work);
}

void sim_raise(unsigned long which)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&sim.lock, flags);
	raise(which);
	raw_spin_unlock_irqrestore(&sim.lock, flags);
}

static enum hrtimer_restart on_room(struct hrtimer *timer)
{
	sim_raise(SAL_INTR_XMIT);
	return HRTIMER_NORESTART;
}

static enum hrtimer_restart on_spurious(struct hrtimer *timer)
{
	u32 rate = READ_ONCE(sim.faults.spurious);

	if (!rate)
		return HRTIMER_NORESTART;
	sim.status.interrupts++;
	irq_work_queue(&interrupt_work);
	hrtimer_forward_now(timer, ns_to_ktime(NSEC_PER_SEC / rate));
	return HRTIMER_RESTART;
}

void sim_set_faults(const struct sccon_fw_faults *faults)
{
	ktime_t now = ktime_get();
	unsigned long flags;

	raw_spin_lock_irqsave(&sim.lock, flags);
	sim.faults = *faults;
	sim.faults.call_us = min_t(u32, faults->call_us, CALL_US_MOST);
	sim.faults.spurious = min_t(u32, faults->spurious, 20000);
	sim.random = faults->seed | 1;
	sim.busy_until = 0;
	sim.gone_until = now + faults->gone_ms * NSEC_PER_MSEC;
	sim.stuck_until = now + faults->stuck_ms * NSEC_PER_MSEC;
	raw_spin_unlock_irqrestore(&sim.lock, flags);
	/* Not while it moves itself on: it may do so only while nobody else has started it. */
	hrtimer_cancel(&spurious_timer);
	if (faults->spurious)
		hrtimer_start(&spurious_timer, ns_to_ktime(NSEC_PER_MSEC), HRTIMER_MODE_REL);
}

static struct sal_answer refuse(ktime_t room_at)
{
	sim.status.refused++;
	sim.has_room = false;
	if (sim.allowed & SAL_INTR_XMIT)
		hrtimer_start(&room_timer, room_at, HRTIMER_MODE_ABS);
	return (struct sal_answer){ 0 };
}

static struct sal_answer take_output(const u8 *bytes, unsigned long count)
{
	const struct sccon_fw_faults *faults = &sim.faults;
	ktime_t now = ktime_get();
	unsigned long most = count;
	struct sal_answer answer = { 0 };

	if (count > SAL_CALL_MOST) {
		sim.status.too_long++;
		return (struct sal_answer){ .status = -EINVAL };
	}
	if (draw(faults->busy))
		sim.busy_until = now + faults->busy_ms * NSEC_PER_MSEC;
	if (now < sim.busy_until || now < sim.stuck_until)
		return refuse(max(sim.busy_until, sim.stuck_until));
	if (draw(faults->refusals))
		return refuse(now + ROOM_AFTER);
	if (count > 1 && draw(faults->short_writes))
		most = 1 + (sim.random >> 20) % (count - 1);
	answer.value = sccon_ring_put(&sim.output, bytes, most);
	sim.status.taken += answer.value;
	if (answer.value == count && draw(faults->overstated))
		answer.value = count + 1 + (sim.random >> 20) % 100000;
	if (answer.value) {
		irq_work_queue(&changed_work);
	} else {
		/* Until the controller has read half of it. */
		sim.status.refused++;
		sim.has_room = false;
	}
	return answer;
}

static struct sal_answer give_input(void)
{
	u8 byte;

	if (!sccon_ring_peek(&sim.input, &byte, 1))
		return (struct sal_answer){ .status = 1 };
	sccon_ring_drop(&sim.input, 1);
	sim.status.given++;
	irq_work_queue(&changed_work);
	return (struct sal_answer){ .value = byte | (draw(sim.faults.dirty_input) ? 0x5a5a00 : 0) };
}

static struct sal_answer set_interrupts(unsigned long what, unsigned long which)
{
	if (sim.faults.no_interrupts)
		return (struct sal_answer){ .status = -ENOSYS };
	switch (what) {
	case SAL_INTR_OFF:
		sim.allowed &= ~which;
		return (struct sal_answer){ 0 };
	case SAL_INTR_ON:
		sim.allowed |= which;
		/* What is the case already. A firmware that refuses has no room, whatever its buffer has. */
		if ((which & SAL_INTR_XMIT) && sccon_ring_room(&sim.output))
			hrtimer_start(&room_timer, max(ktime_get() + ROOM_AFTER, max(sim.busy_until, sim.stuck_until)),
				HRTIMER_MODE_ABS);
		if ((which & SAL_INTR_RECV) && sccon_ring_used(&sim.input))
			raise(SAL_INTR_RECV);
		return (struct sal_answer){ 0 };
	case SAL_INTR_STATUS:
		return (struct sal_answer){ .value = sim.allowed &
			((sccon_ring_used(&sim.input) ? SAL_INTR_RECV : 0) |
				(sim.has_room ? SAL_INTR_XMIT : 0)) };
	}
	return (struct sal_answer){ .status = -EINVAL };
}

static struct sal_answer answer(unsigned long function, unsigned long first, unsigned long second)
{
	u8 byte = first;

	sim.status.calls++;
	if (ktime_get() < sim.gone_until || draw(sim.faults.errors)) {
		sim.status.failed++;
		return (struct sal_answer){ .status = -EIO };
	}
	switch (function) {
	case SAL_CONSOLE_PUTC:
		return take_output(&byte, 1);
	case SAL_CONSOLE_PUTB:
	case SAL_CONSOLE_XMIT_CHARS:
		return take_output((const u8 *)first, second);
	case SAL_CONSOLE_GETC:
	case SAL_CONSOLE_READC:
		return give_input();
	case SAL_CONSOLE_POLL:
		return (struct sal_answer){ .value = sccon_ring_used(&sim.input) > 0 };
	case SAL_CONSOLE_INTR:
		return set_interrupts(first, second);
	}
	return (struct sal_answer){ .status = -ENOSYS };
}

struct sal_answer sim_call(unsigned long function, unsigned long first, unsigned long second)
{
	struct sal_answer result = { 0 };
	unsigned long flags;

	if (sim.faults.call_us)
		udelay(sim.faults.call_us);
	if (!oops_in_progress)
		raw_spin_lock_irqsave(&sim.lock, flags);
	else if (!raw_spin_trylock_irqsave(&sim.lock, flags))
		return result; /* busy, as far as anybody can tell */
	result = answer(function, first, second);
	raw_spin_unlock_irqrestore(&sim.lock, flags);
	return result;
}

static void set_timer(struct hrtimer *timer, enum hrtimer_restart (*function)(struct hrtimer *))
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 13, 0)
	hrtimer_setup(timer, function, CLOCK_MONOTONIC, HRTIMER_MODE_ABS);
#else
	hrtimer_init(timer, CLOCK_MONOTONIC, HRTIMER_MODE_ABS);
	timer->function = function;
#endif
}

int sim_start(struct sccon_port *port)
{
	u8 *buffer = vmalloc(2 * BUFFER_SIZE);
	int error;

	if (!buffer)
		return -ENOMEM;
	sim.port = port;
	sim.output = (struct sccon_ring){ .bytes = buffer, .size = BUFFER_SIZE };
	sim.input = (struct sccon_ring){ .bytes = buffer + BUFFER_SIZE, .size = BUFFER_SIZE };
	sim.random = 1;
	sim.has_room = true;
	init_waitqueue_head(&sim.changed);
	init_irq_work(&interrupt_work, on_interrupt);
	init_irq_work(&changed_work, on_changed);
	set_timer(&room_timer, on_room);
	set_timer(&spurious_timer, on_spurious);
	error = sim_device_start();
	if (error)
		vfree(buffer);
	return error;
}

void sim_stop(void)
{
	sim_device_stop();
	sim.allowed = 0;
	sim.faults.spurious = 0;
	hrtimer_cancel(&room_timer);
	hrtimer_cancel(&spurious_timer);
	irq_work_sync(&interrupt_work);
	irq_work_sync(&changed_work);
	vfree(sim.output.bytes);
}
