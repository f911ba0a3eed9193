// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The port: what waits for the firmware, who is woken when something has come or gone, and how all of it begins and ends.
 */
#include <linux/gfp.h>
#include <linux/kthread.h>
#include <linux/sched/task.h>
#include <linux/slab.h>

#include "port.h"

/* From any context, also with the scheduler's locks held. */
static void wake_later(struct irq_work *work)
{
	sccon_wake(container_of(work, struct sccon_port, wake));
}

void sccon_wake(struct sccon_port *port)
{
	set_bit(SCCON_HAS_WORK, &port->state);
	if (test_bit(SCCON_RUNS, &port->state))
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
	thread = kthread_create(sccon_thread, port, "sccon");
	if (IS_ERR(thread)) {
		port->transport->stop();
		irq_work_sync(&port->wake);
		free_streams(port);
		return PTR_ERR(thread);
	}
	/* Who wakes it may do so until nobody can any more, which is after its end. */
	get_task_struct(thread);
	port->thread = thread;
	return 0;
}

void sccon_thread_start(struct sccon_port *port)
{
	set_bit(SCCON_RUNS, &port->state);
	wake_up_process(port->thread);
}

void sccon_thread_stop(struct sccon_port *port)
{
	kthread_stop(port->thread);
}

void sccon_port_stop(struct sccon_port *port)
{
	port->transport->stop();
	irq_work_sync(&port->wake);
	clear_bit(SCCON_RUNS, &port->state);
	put_task_struct(port->thread);
	free_streams(port);
}
