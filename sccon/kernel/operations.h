/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a firmware's console must be able to do. As in SGI's driver of 2003 there are two tables: one for a firmware that
 * is asked again and again, which always works, also in a panic; and one for a firmware that has interrupts.
 *
 * Buffers are in the kernel's linear mapping and within one page, so that a firmware may get their physical address.
 * Nothing here sleeps. The operations are called with interrupts off and one at a time; in a panic the polled ones may be
 * called although another call never came to its end.
 */
#ifndef SCCON_OPERATIONS_H
#define SCCON_OPERATIONS_H

#include <linux/types.h>

struct sccon_port;

/* What check() and interrupt_status() answer. */
#define SCCON_INPUT BIT(0)
#define SCCON_OUTPUT BIT(1) /* there is room for output again */

struct sccon_polled_operations {
	/* Offers so many bytes: returns how many the firmware took, 0 or -EBUSY if none for now, or another error. */
	int (*putb)(const u8 *bytes, unsigned int count);

	/* Takes at most so many bytes of input: returns how many, 0 if there are none, or an error. */
	int (*getc)(u8 *bytes, unsigned int most);

	/* Whether there is input: SCCON_INPUT, 0, or an error. Missing where only getc() can tell. */
	int (*check)(void);
};

struct sccon_interrupt_operations {
	/* As putb and getc. */
	int (*transmit)(const u8 *bytes, unsigned int count);
	int (*receive)(u8 *bytes, unsigned int most);

	/* Why an interrupt came: SCCON_INPUT and SCCON_OUTPUT. */
	int (*interrupt_status)(void);

	/* Lets these come, SCCON_INPUT or SCCON_OUTPUT, and no others. An error: there are none. */
	int (*allow)(unsigned int which);
};

struct sccon_transport {
	const char *name;

	/* Bytes that a call can have. */
	unsigned int call_most;

	const struct sccon_polled_operations *polled;
	const struct sccon_interrupt_operations *interrupt; /* NULL: it has none */

	/* Whether it is there: an error, and what is missing stands in the log. */
	int (*start)(struct sccon_port *port);
	void (*stop)(void);

	/* Begins or ends a break on the wire. Missing where there is none. */
	int (*send_break)(bool is_on);
};

extern const struct sccon_transport sccon_sal;
#ifdef CONFIG_RISCV
extern const struct sccon_transport sccon_sbi;
#endif
#ifdef CONFIG_X86
extern const struct sccon_transport sccon_debugcon;
#endif

/* For transports: an interrupt came; a break came; the window at the other end has another size. In any context. */
void sccon_interrupt(struct sccon_port *port);
void sccon_break(struct sccon_port *port);
void sccon_window(struct sccon_port *port, unsigned short rows, unsigned short columns);

#endif
