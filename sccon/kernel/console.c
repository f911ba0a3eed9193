// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The console: the kernel's messages into the port's log.
 *
 * Where the kernel has consoles with a thread (6.12 and later), that thread puts a message into the log and sends it to
 * its end, so that the kernel's own buffer is what waits for a slow firmware. What cannot wait, in a panic or an oops,
 * sends from where it is; a message that it finds half sent is sent to its end, and not once more.
 *
 * Before, a message goes into the log, and the port's thread sends it; in a panic or an oops it is sent at once.
 */
#include <linux/console.h>
#include <linux/delay.h>
#include <linux/module.h>
#include <linux/version.h>

#include "port.h"

/* Bytes of the tty between two messages. */
#define TTY_SHARE 64

static struct tty_driver *device(struct console *console, int *index)
{
	struct sccon_port *port = console->data;

	*index = 0;
	return port->driver;
}

/* "console=ttySC1": there is no such port. */
static int setup(struct console *console, char *options)
{
	return console->index > 0 ? -ENODEV : 0;
}

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)

/*
 * The message that was put into the log last. The kernel gives it once more when somebody who could not wait took the console
 * away before the kernel had counted it as printed, which is after its last byte was sent: then with a line before it, which
 * says that it is replayed. Longer ones there are not.
 */
static struct {
	u64 number;
	char text[4096];
	unsigned int length;
} last;

/* By its number and its text: the message of that number may have been overwritten, and the next one comes in its place. */
static bool is_put_already(const struct nbcon_write_context *context)
{
	return last.length && last.number == ACCESS_PRIVATE(context, ctxt).seq && last.length <= context->len &&
		!memcmp(last.text, context->outbuf + context->len - last.length, last.length);
}

static void remember(const struct nbcon_write_context *context)
{
	last.number = ACCESS_PRIVATE(context, ctxt).seq;
	last.length = min_t(unsigned int, context->len, sizeof(last.text));
	memcpy(last.text, context->outbuf, last.length);
}

/* Nothing comes between the two: a panic there would lose the message, or repeat it. */
static bool put_and_remember(struct sccon_port *port, const struct nbcon_write_context *context, bool may_wait)
{
	unsigned long flags;
	bool is_put;

	local_irq_save(flags);
	is_put = sccon_log_put(port, context->outbuf, context->len, may_wait);
	if (is_put)
		remember(context);
	local_irq_restore(flags);
	return is_put;
}

static void put_message(struct sccon_port *port, const struct nbcon_write_context *context, bool may_wait)
{
	if (is_put_already(context) || put_and_remember(port, context, may_wait))
		return;
	/* There is no room: what waits has waited long. */
	sccon_drain_log(port, 2 * context->len);
	if (put_and_remember(port, context, may_wait))
		return;
	sccon_log_lose(port, context->len);
	remember(context);
}

/*
 * The console is not taken away between the two, and a panic of another processor waits a moment for the second. It cannot
 * wait for what it has interrupted itself: on this processor no other task runs meanwhile, or its panic would be silent until
 * its very end.
 */
static bool enter_unsafe(struct nbcon_write_context *context)
{
	preempt_disable();
	if (nbcon_enter_unsafe(context))
		return true;
	preempt_enable();
	return false;
}

/* False: the console was taken away. */
static bool exit_unsafe(struct nbcon_write_context *context)
{
	bool is_owner = nbcon_exit_unsafe(context);

	preempt_enable();
	return is_owner;
}

static void write_atomic(struct console *console, struct nbcon_write_context *context)
{
	struct sccon_port *port = console->data;

	if (!nbcon_enter_unsafe(context))
		return;
	put_message(port, context, false);
	sccon_drain_log(port, 0);
	nbcon_exit_unsafe(context);
	/* What the firmware did not take. */
	if (!sccon_is_empty(port, &port->log))
		irq_work_queue(&port->wake);
}

/* Sends to the end what is in the log, as fast as the firmware takes it. False: the console was taken away. */
static bool send_log(struct sccon_port *port, struct nbcon_write_context *context)
{
	while (!sccon_is_empty(port, &port->log) && !test_bit(SCCON_ENDS, &port->state)) {
		struct sccon_result result;

		if (!enter_unsafe(context))
			return false;
		result = sccon_pass(port, &port->log, true, false);
		if (!exit_unsafe(context))
			return false;
		if (result.taken)
			clear_bit(SCCON_IS_STUCK, &port->state);
		if (result.wait)
			usleep_range(result.wait * USEC_PER_MSEC, (result.wait + 1) * USEC_PER_MSEC);
	}
	return true;
}

/*
 * After each message the tty gets a share: else a flood of messages would keep it from sending. Where a call takes one byte,
 * the share is more than a call, or its lines would lie scattered between the messages.
 */
static void send_tty(struct sccon_port *port, struct nbcon_write_context *context)
{
	unsigned int sent = 0, taken;

	do {
		if (!sccon_tty_used(port) || test_bit(SCCON_STOPPED, &port->state) || !enter_unsafe(context))
			return;
		taken = sccon_pass(port, &port->tty, true, false).taken;
		set_bit(SCCON_TTY_SENT, &port->state);
		if (!exit_unsafe(context))
			return;
		sent += taken;
	} while (taken && sent < TTY_SHARE);
}

static void write_thread(struct console *console, struct nbcon_write_context *context)
{
	struct sccon_port *port = console->data;

	WRITE_ONCE(port->is_printing, true);
	if (enter_unsafe(context)) {
		put_message(port, context, true);
		if (exit_unsafe(context) && send_log(port, context))
			send_tty(port, context);
	}
	WRITE_ONCE(port->is_printing, false);
	if (!sccon_is_empty(port, &port->log) || sccon_tty_used(port) || test_bit(SCCON_TTY_SENT, &port->state) ||
		wq_has_sleeper(&port->drained))
		sccon_wake(port);
}

static void lock_device(struct console *console, unsigned long *flags)
{
	struct sccon_port *port = console->data;

	mutex_lock(&port->device_lock);
	migrate_disable();
}

static void unlock_device(struct console *console, unsigned long flags)
{
	struct sccon_port *port = console->data;

	migrate_enable();
	mutex_unlock(&port->device_lock);
}

#define KIND CON_NBCON
#define WRITERS .write_atomic = write_atomic, .write_thread = write_thread, \
	.device_lock = lock_device, .device_unlock = unlock_device

#else

static void write(struct console *console, const char *text, unsigned int count)
{
	struct sccon_port *port = console->data;

	if (!sccon_log_put(port, text, count, !oops_in_progress)) {
		sccon_drain_log(port, 2 * count);
		if (!sccon_log_put(port, text, count, !oops_in_progress))
			sccon_log_lose(port, count);
	}
	if (oops_in_progress)
		sccon_drain_log(port, 0);
	irq_work_queue(&port->wake);
}

#define KIND 0
#define WRITERS .write = write

#endif

static struct console sccon_console = {
	.name = SCCON_NAME,
	WRITERS,
	.device = device,
	.setup = setup,
	.index = -1,
};

void sccon_console_start(struct sccon_port *port, bool replay, bool is_extended)
{
	sccon_console.flags = KIND | (replay ? CON_PRINTBUFFER : 0) | (is_extended ? CON_EXTENDED : 0);
	sccon_console.data = port;
	register_console(&sccon_console);
}

void sccon_console_stop(struct sccon_port *port)
{
	set_bit(SCCON_ENDS, &port->state);
	unregister_console(&sccon_console);
}
