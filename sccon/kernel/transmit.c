// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Output: one call to the firmware, from the thread, from printk in any context, and from a panic. Who may not wait
 * takes the locks only if they come free within a moment; a panic then goes on without.
 */
#include <linux/delay.h>
#include <linux/nmi.h>
#include <linux/panic.h>
#include <linux/printk.h>

#include "port.h"

/* How long a lock is waited for where nothing may sleep: longer than any call takes. */
#define LOCK_TRIES 100
#define LOCK_TRY_US 1000

/* How long the firmware may take nothing where nothing may sleep, in milliseconds. */
#define STUCK_AFTER 200

static bool take(raw_spinlock_t *lock, unsigned long *flags, bool may_wait)
{
	if (may_wait) {
		raw_spin_lock_irqsave(lock, *flags);
		return true;
	}
	for (unsigned int i = 0; i < LOCK_TRIES; i++) {
		if (raw_spin_trylock_irqsave(lock, *flags))
			return true;
		udelay(LOCK_TRY_US);
		touch_nmi_watchdog();
	}
	return false;
}

static void give(raw_spinlock_t *lock, unsigned long flags, bool is_taken)
{
	if (is_taken)
		raw_spin_unlock_irqrestore(lock, flags);
}

static int call(struct sccon_port *port, const u8 *chunk, unsigned int size, bool may_wait)
{
	port->counters.calls++;
	if (may_wait && port->trust.is_trusted)
		return port->transport->interrupt->transmit(chunk, size);
	return port->transport->polled->putb(chunk, size);
}

static void count(struct sccon_port *port, const struct sccon_result *result)
{
	port->counters.outcomes[result->outcome]++;
	port->counters.sent += result->taken;
	port->counters.impossible += result->is_impossible;
}

/* One call with what the stream has next. may_wait: whether locks may be waited for without end. */
struct sccon_result sccon_pass(
	struct sccon_port *port, struct sccon_stream *stream, bool may_wait, bool to_line_end)
{
	struct sccon_result result = { .outcome = SCCON_NOTHING };
	unsigned long flags, ring_flags;
	bool has_firmware, has_ring;
	u8 *chunk = port->chunk;
	unsigned int size;
	int answer;

	has_firmware = take(&port->firmware_lock, &flags, may_wait);
	if (!has_firmware) {
		if (!oops_in_progress) {
			result.outcome = SCCON_REFUSED;
			result.wait = 1;
			return result;
		}
		chunk = port->panic_chunk;
		port->counters.without_lock++;
	}
	has_ring = take(&port->ring_lock, &ring_flags, may_wait);
	size = sccon_stream_next(stream, chunk, port->call_most, to_line_end);
	give(&port->ring_lock, ring_flags, has_ring);
	if (size) {
		answer = call(port, chunk, size, may_wait);
		has_ring = take(&port->ring_lock, &ring_flags, may_wait);
		result = sccon_stream_answered(stream, chunk, size, answer);
		give(&port->ring_lock, ring_flags, has_ring);
		count(port, &result);
	}
	give(&port->firmware_lock, flags, has_firmware);
	return result;
}

/* A message of the kernel: all of it, or false if there is no room. */
bool sccon_log_put(struct sccon_port *port, const char *text, unsigned int count, bool may_wait)
{
	unsigned long flags;
	bool has_ring = take(&port->ring_lock, &flags, may_wait);
	bool is_put = false;

	if (has_ring || oops_in_progress)
		is_put = sccon_ring_put_text(&port->log.ring, text, count);
	give(&port->ring_lock, flags, has_ring);
	return is_put;
}

void sccon_log_lose(struct sccon_port *port, unsigned int count)
{
	unsigned long flags;
	bool has_ring = take(&port->ring_lock, &flags, false);

	sccon_stream_lose(&port->log, count);
	give(&port->ring_lock, flags, has_ring);
}

bool sccon_is_empty(struct sccon_port *port, const struct sccon_stream *stream)
{
	return sccon_ring_used(&stream->ring) == 0 && !READ_ONCE(stream->lost) && !READ_ONCE(stream->notice.size);
}

/*
 * Sends the log from where nothing may sleep, until there is so much room, or all is sent if that is 0. What the firmware
 * does not take stays for later; and once it has taken nothing for STUCK_AFTER, it is not waited for again until it does.
 */
void sccon_drain_log(struct sccon_port *port, unsigned int room)
{
	unsigned int waited = 0;

	while (!sccon_is_empty(port, &port->log)) {
		if (room && sccon_ring_room(&port->log.ring) >= room)
			return;
		if (sccon_pass(port, &port->log, false, false).taken) {
			clear_bit(SCCON_IS_STUCK, &port->state);
			waited = 0;
			continue;
		}
		if (test_bit(SCCON_IS_STUCK, &port->state) || waited++ == STUCK_AFTER) {
			set_bit(SCCON_IS_STUCK, &port->state);
			return;
		}
		mdelay(1);
		touch_nmi_watchdog();
	}
}
