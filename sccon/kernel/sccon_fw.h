/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * /dev/sccon-fw, the system controller's end of the firmware simulator. Reading gives what the machine sends, writing is
 * what somebody types there; both may be partial, block, or not with O_NONBLOCK, and poll. While nobody has it open, what
 * is sent waits, as far as there is room. One at a time may have it open.
 */
#ifndef SCCON_FW_H
#define SCCON_FW_H

#include <linux/ioctl.h>
#include <linux/types.h>

/* How the firmware misbehaves. Chances are in thousand calls or interrupts, drawn from the seed. All 0: not at all. */
struct sccon_fw_faults {
	__u64 seed;
	__u32 short_writes;    /* takes fewer bytes than it was given */
	__u32 refusals;	       /* takes none */
	__u32 busy;	       /* becomes busy: takes none for busy_ms */
	__u32 busy_ms;
	__u32 errors;	       /* fails */
	__u32 overstated;      /* takes all, and says that it took more */
	__u32 dirty_input;     /* the character has other bits set above its eight */
	__u32 lost_interrupts; /* does not come */
	__u32 spurious;	       /* so many interrupts a second come for nothing */
	__u32 gone_ms;	       /* for so long from now on, every call fails */
	__u32 stuck_ms;	       /* for so long from now on, nothing is taken */
	__u32 call_us;	       /* a call takes so long: at most 1000 */
	__u32 no_interrupts;   /* 1: none can be had */
};

struct sccon_fw_window {
	__u16 rows;
	__u16 columns;
};

struct sccon_fw_status {
	__u64 calls;
	__u64 taken;	   /* bytes from the machine */
	__u64 given;	   /* bytes to the machine */
	__u64 waiting;	   /* bytes from the machine that nobody has read yet */
	__u64 refused;
	__u64 failed;
	__u64 too_long;	   /* calls with more bytes than a call can have */
	__u64 interrupts;
	__u64 interrupts_lost;
	__u64 breaks;	   /* begun by the machine */
};

#define SCCON_FW_FAULTS _IOW('S', 1, struct sccon_fw_faults)
#define SCCON_FW_STATUS _IOR('S', 2, struct sccon_fw_status)
#define SCCON_FW_BREAK _IO('S', 3)
#define SCCON_FW_WINDOW _IOW('S', 4, struct sccon_fw_window)
#define SCCON_FW_WARN _IO('S', 5) /* the kernel prints a warning with its stack, from an interrupt */

#endif
