/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The firmware simulator: sim.c is the firmware, sim_device.c the end where the system controller sits. */
#ifndef SCCON_SIM_H
#define SCCON_SIM_H

#include <linux/types.h>
#include <linux/wait.h>

#include "ring.h"
#include "sccon_fw.h"

struct sccon_port;

/* The numbers of the Altix's calls for its console. */
enum {
	SAL_CONSOLE_PUTC = 0x02000021,
	SAL_CONSOLE_GETC = 0x02000022,
	SAL_CONSOLE_POLL = 0x02000026,
	SAL_CONSOLE_INTR = 0x02000027,
	SAL_CONSOLE_PUTB = 0x02000028,
	SAL_CONSOLE_XMIT_CHARS = 0x0200002a,
	SAL_CONSOLE_READC = 0x0200002b,
};

/* Of SAL_CONSOLE_INTR: what to do, and with which. */
enum { SAL_INTR_OFF, SAL_INTR_ON, SAL_INTR_STATUS };
#define SAL_INTR_XMIT 1UL
#define SAL_INTR_RECV 2UL

/* Bytes of a call that writes. */
#define SAL_CALL_MOST 120

struct sal_answer {
	long status; /* 0; 1 where a character was asked for and there is none; less than 0: an error */
	unsigned long value;
};

struct sal_answer sim_call(unsigned long function, unsigned long first, unsigned long second);

struct sim {
	raw_spinlock_t lock;
	struct sccon_port *port;
	struct sccon_ring output; /* from the machine */
	struct sccon_ring input;
	wait_queue_head_t changed;
	struct sccon_fw_faults faults;
	struct sccon_fw_status status;
	u64 random;
	unsigned long allowed;
	bool has_room; /* that an interrupt has said, or should have */
	ktime_t busy_until;
	ktime_t gone_until;
	ktime_t stuck_until;
};

/* The one simulator, for sim_device.c. */
extern struct sim sim;

int sim_start(struct sccon_port *port);
void sim_stop(void);
int sim_device_start(void);
void sim_device_stop(void);

/* For the device: new faults; input or room for output has come. */
void sim_set_faults(const struct sccon_fw_faults *faults);
void sim_raise(unsigned long which);

#endif
