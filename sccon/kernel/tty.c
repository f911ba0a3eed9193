// SPDX-License-Identifier: GPL-2.0-or-later
/* The terminal ttySC0. */
#include <linux/serial.h>
#include <linux/tty_driver.h>
#include <linux/tty_flip.h>
#include <linux/version.h>

#include "port.h"

/* What the system controller's line always has. */
#define MODEM_LINES (TIOCM_CAR | TIOCM_RNG | TIOCM_DSR | TIOCM_CTS)

/* How long a hangup or a close waits for a firmware that takes nothing: jiffies. */
#define CLOSING_WAIT (5 * HZ)

static int install(struct tty_driver *driver, struct tty_struct *tty)
{
	struct sccon_port *port = driver->driver_state;

	tty->driver_data = port;
	/* Of the last one, who may have told us. */
	tty->winsize = port->window;
	return tty_port_install(&port->tty_port, driver, tty);
}

static int open(struct tty_struct *tty, struct file *file)
{
	return tty_port_open(tty->port, tty, file);
}

static void close(struct tty_struct *tty, struct file *file)
{
	tty_port_close(tty->port, tty, file);
}

static void hangup(struct tty_struct *tty)
{
	tty_port_hangup(tty->port);
}

/* The first one opens it. */
static int activate(struct tty_port *tty_port, struct tty_struct *tty)
{
	struct sccon_port *port = container_of(tty_port, struct sccon_port, tty_port);

	clear_bit(SCCON_THROTTLED, &port->state);
	clear_bit(SCCON_STOPPED, &port->state);
	set_bit(SCCON_IS_OPEN, &port->state);
	sccon_wake(port);
	return 0;
}

/* The last one has closed it, or it was hung up: what waits is sent by the thread all the same. */
static void shutdown(struct tty_port *tty_port)
{
	struct sccon_port *port = container_of(tty_port, struct sccon_port, tty_port);

	clear_bit(SCCON_IS_OPEN, &port->state);
	clear_bit(SCCON_STOPPED, &port->state);
	sccon_wake(port);
}

static const struct tty_port_operations port_operations = {
	.activate = activate,
	.shutdown = shutdown,
};

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 6, 0)
static ssize_t write(struct tty_struct *tty, const u8 *bytes, size_t count)
#else
static int write(struct tty_struct *tty, const unsigned char *bytes, int count)
#endif
{
	struct sccon_port *port = tty->driver_data;
	unsigned int taken = sccon_tty_put(port, bytes, min_t(size_t, count, port->tty.ring.size));

	sccon_wake(port);
	return taken;
}

/* An echo is a character at a time: flush_chars comes after the last one. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 6, 0)
static int put_char(struct tty_struct *tty, u8 byte)
#else
static int put_char(struct tty_struct *tty, unsigned char byte)
#endif
{
	struct sccon_port *port = tty->driver_data;

	return sccon_tty_put(port, &byte, 1);
}

static void flush_chars(struct tty_struct *tty)
{
	sccon_wake(tty->driver_data);
}

static unsigned int write_room(struct tty_struct *tty)
{
	return sccon_tty_room(tty->driver_data);
}

static unsigned int chars_in_buffer(struct tty_struct *tty)
{
	return sccon_tty_used(tty->driver_data);
}

static void flush_buffer(struct tty_struct *tty)
{
	sccon_tty_flush(tty->driver_data);
}

static void wait_until_sent(struct tty_struct *tty, int timeout)
{
	struct sccon_port *port = tty->driver_data;

	sccon_tty_wait_until_sent(port, timeout ? timeout : MAX_SCHEDULE_TIMEOUT);
}

static void throttle(struct tty_struct *tty)
{
	struct sccon_port *port = tty->driver_data;

	set_bit(SCCON_THROTTLED, &port->state);
}

static void unthrottle(struct tty_struct *tty)
{
	struct sccon_port *port = tty->driver_data;

	clear_bit(SCCON_THROTTLED, &port->state);
	sccon_wake(port);
}

static void stop(struct tty_struct *tty)
{
	struct sccon_port *port = tty->driver_data;

	set_bit(SCCON_STOPPED, &port->state);
}

static void start(struct tty_struct *tty)
{
	struct sccon_port *port = tty->driver_data;

	clear_bit(SCCON_STOPPED, &port->state);
	sccon_wake(port);
}

static int break_ctl(struct tty_struct *tty, int state)
{
	struct sccon_port *port = tty->driver_data;

	if (!port->transport->send_break)
		return -EOPNOTSUPP;
	return port->transport->send_break(state);
}

static int tiocmget(struct tty_struct *tty)
{
	return MODEM_LINES;
}

/* The lines are what they are; to ask for others is no error, as every program that opens a terminal does. */
static int tiocmset(struct tty_struct *tty, unsigned int set, unsigned int clear)
{
	return 0;
}

static int resize(struct tty_struct *tty, struct winsize *window)
{
	struct sccon_port *port = tty->driver_data;

	port->window = *window;
	return tty_do_resize(tty, window);
}

static int get_icount(struct tty_struct *tty, struct serial_icounter_struct *counts)
{
	struct sccon_port *port = tty->driver_data;

	memset(counts, 0, sizeof(*counts));
	counts->tx = port->counters.sent;
	counts->rx = port->counters.received;
	counts->brk = port->counters.breaks;
	return 0;
}

static const struct tty_operations operations = {
	.install = install,
	.open = open,
	.close = close,
	.hangup = hangup,
	.write = write,
	.put_char = put_char,
	.flush_chars = flush_chars,
	.write_room = write_room,
	.chars_in_buffer = chars_in_buffer,
	.flush_buffer = flush_buffer,
	.wait_until_sent = wait_until_sent,
	.throttle = throttle,
	.unthrottle = unthrottle,
	.stop = stop,
	.start = start,
	.break_ctl = break_ctl,
	.tiocmget = tiocmget,
	.tiocmset = tiocmset,
	.resize = resize,
	.get_icount = get_icount,
};

int sccon_tty_start(struct sccon_port *port)
{
	struct tty_driver *driver = tty_alloc_driver(1, TTY_DRIVER_REAL_RAW | TTY_DRIVER_RESET_TERMIOS |
		TTY_DRIVER_HARDWARE_BREAK);
	int error;

	if (IS_ERR(driver))
		return PTR_ERR(driver);
	driver->driver_name = "sccon";
	driver->name = SCCON_NAME;
	driver->type = TTY_DRIVER_TYPE_SERIAL;
	driver->subtype = SERIAL_TYPE_NORMAL;
	driver->init_termios = tty_std_termios;
	driver->init_termios.c_cflag = B115200 | CS8 | CREAD | HUPCL | CLOCAL;
	driver->init_termios.c_ispeed = 115200;
	driver->init_termios.c_ospeed = 115200;
	driver->driver_state = port;
	tty_set_operations(driver, &operations);

	tty_port_init(&port->tty_port);
	port->tty_port.ops = &port_operations;
	port->tty_port.closing_wait = CLOSING_WAIT;
	tty_port_link_device(&port->tty_port, driver, 0);

	error = tty_register_driver(driver);
	if (error) {
		tty_driver_kref_put(driver);
		tty_port_destroy(&port->tty_port);
		return error;
	}
	port->driver = driver;
	return 0;
}

void sccon_tty_stop(struct sccon_port *port)
{
	tty_unregister_driver(port->driver);
	tty_driver_kref_put(port->driver);
	tty_port_destroy(&port->tty_port);
}
