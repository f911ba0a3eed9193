/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The port between the tty and the console on one side, and the firmware on the other. There is one. */
#ifndef SCCON_PORT_H
#define SCCON_PORT_H

#include <linux/irq_work.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/tty.h>
#include <linux/wait.h>

#include "input.h"
#include "operations.h"
#include "stream.h"

#define SCCON_NAME "ttySC"

/* Bits of sccon_port.state. */
enum {
	SCCON_HAS_WORK,	  /* the thread has to look */
	SCCON_RUNS,	  /* the thread may be woken */
	SCCON_IS_OPEN,	  /* somebody has the tty open */
	SCCON_THROTTLED,  /* who reads has enough for now */
	SCCON_STOPPED,	  /* who reads at the other end has: ^S */
	SCCON_SUSPENDED,  /* the machine sleeps */
	SCCON_TTY_SENT,	  /* not by the thread: it has to tell who waits for room */
	SCCON_GOT_BREAK,
	SCCON_GOT_WINDOW, /* window is new */
	SCCON_ENDS,	  /* the module goes: nothing waits for the firmware any more */
	SCCON_IS_STUCK,	  /* the firmware took nothing for as long as may be waited without sleeping */
};

struct sccon_counters {
	u64 calls;
	u64 outcomes[SCCON_OUTCOMES];
	u64 sent;
	u64 received;
	u64 discarded; /* received while nobody had it open */
	u64 looks;
	u64 impossible;
	u64 receive_failures;
	u64 breaks;
	u64 sysrqs;
	u64 wakeups; /* of the thread */
	u64 interrupts;
	u64 interrupts_missed;
	u64 interrupts_for_nothing;
	u64 distrusts;
	u64 without_lock; /* calls of a panic while the lock was taken */
};

struct sccon_port {
	struct tty_port tty_port;
	struct tty_driver *driver;
	const struct sccon_transport *transport;

	unsigned int call_most;
	/* 0: ESC "SYS" is nothing special; 1: it is while somebody has the tty open; 2: always */
	unsigned int sysrq;

	/*
	 * Who has device_lock speaks: a message of the kernel, or a piece of what the tty has. firmware_lock is for one
	 * call and what belongs to it; within it, or alone, ring_lock is for the streams. A panic does not wait for
	 * them for ever.
	 */
	struct mutex device_lock;
	raw_spinlock_t firmware_lock;
	raw_spinlock_t ring_lock;

	struct sccon_stream log;
	struct sccon_stream tty;
	u8 *chunk;	  /* a page, for calls under firmware_lock */
	u8 *panic_chunk; /* another, for calls of a panic without it */
	u8 *input;

	struct task_struct *thread;
	struct irq_work wake;
	wait_queue_head_t drained;
	unsigned long state;
	atomic_t interrupts;
	struct winsize window;

	/* Of the thread alone. */
	struct sccon_sysrq sysrq_state;
	struct sccon_pace pace;
	struct sccon_trust trust;
	unsigned int allowed;	     /* interrupts */
	ktime_t send_not_before;
	ktime_t look_not_before;
	bool is_watching;	     /* the next look is one for an interrupt that did not come */
	unsigned int log_passes;     /* since the tty has sent something */

	/* The kernel's thread for the console is in the middle of a message, under device_lock. */
	bool is_printing;

	struct sccon_counters counters;
};

/* port.c */
int sccon_port_start(struct sccon_port *port);
void sccon_port_stop(struct sccon_port *port);
/*
 * The thread runs while there is a tty: it gives input to it, also while nobody has it open. It may be stopped without having
 * been started.
 */
void sccon_thread_start(struct sccon_port *port);
void sccon_thread_stop(struct sccon_port *port);
void sccon_wake(struct sccon_port *port);
unsigned int sccon_tty_put(struct sccon_port *port, const u8 *bytes, unsigned int count);
unsigned int sccon_tty_room(struct sccon_port *port);
unsigned int sccon_tty_used(struct sccon_port *port);
void sccon_tty_flush(struct sccon_port *port);
/* Waits until the firmware has all, or for so many jiffies. True: it has. */
bool sccon_wait_until_sent(struct sccon_port *port, long timeout);
/* The same for what the tty has: a flood of messages does not keep who waits for that. */
bool sccon_tty_wait_until_sent(struct sccon_port *port, long timeout);

/* thread.c */
int sccon_thread(void *port);

/* interrupts.c, for the thread alone */
/* Takes those that came: returns for what, SCCON_INPUT and SCCON_OUTPUT; 0 if for nothing, or while they are not trusted. */
unsigned int sccon_interrupts_take(struct sccon_port *port, ktime_t now);
/* Trusts them, for the first time or after a while, where the firmware lets them come. */
void sccon_interrupts_try(struct sccon_port *port, ktime_t now);
/* Lets these come, which are waited for now. */
void sccon_interrupts_allow(struct sccon_port *port, unsigned int which);
/* Whether there is one for room for output, which has not come yet, or never will. */
bool sccon_has_interrupt_for_output(struct sccon_port *port);
/* Something was to be done, and none has said so. */
void sccon_interrupt_missed(struct sccon_port *port, ktime_t now);

/* transmit.c */
struct sccon_result sccon_pass(struct sccon_port *port, struct sccon_stream *stream, bool may_wait, bool to_line_end);
bool sccon_log_put(struct sccon_port *port, const char *text, unsigned int count, bool may_wait);
void sccon_log_lose(struct sccon_port *port, unsigned int count);
bool sccon_is_empty(struct sccon_port *port, const struct sccon_stream *stream);
void sccon_drain_log(struct sccon_port *port, unsigned int room);

/* receive.c: 1: there was input, and there may be more; 0: none; an error: nobody knows, or the tty has no room */
int sccon_look(struct sccon_port *port);
void sccon_take_events(struct sccon_port *port);

/* tty.c */
int sccon_tty_start(struct sccon_port *port);
void sccon_tty_stop(struct sccon_port *port);

/* console.c */
void sccon_console_start(struct sccon_port *port, bool replay, bool is_extended);
void sccon_console_stop(struct sccon_port *port);

/* statistics.c */
void sccon_statistics_start(struct sccon_port *port);
void sccon_statistics_stop(void);

#endif
