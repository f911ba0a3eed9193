/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What ramswap up made, kept in /run, so that it goes with the boot as the devices do. A line for each step, written
 * and synced before the step is made: after a kill the next ramswap knows of every step that may have been made, and
 * what was there before. Who changes it holds the lock of ramswap/state/lock.h.
 *
 *   adding NUMBER            a zram device is being made, probably of this number; "zram" takes its place
 *   zram NUMBER              the kernel made this device for ramswap
 *   module NAME              this module was loaded for what follows, and is unloaded after it
 *   swap PATH UUID           the device has a swap header of ours, and may be on
 *   memory NAME              a dax device that became memory
 *   tuned PATH VALUE WAS     a file of the kernel, what it was set to, and its former value, which may have spaces
 */
#ifndef RAMSWAP_STATE_H
#define RAMSWAP_STATE_H

#include <sys/types.h>
#include "../ramswap.h"

#define STATE_FOLDER "run/ramswap" /* below the root */
#define STATE_FILE STATE_FOLDER "/state"
#define STATE_SIZE_MAX (64 * 1024)

/* The label of our swap headers. Alone it proves nothing: what is ours is in the state, too. */
#define STATE_SWAP_LABEL "ramswap"

enum state_kind { STATE_ADDING, STATE_ZRAM, STATE_MODULE, STATE_SWAP, STATE_MEMORY, STATE_TUNED };

struct state_step {
	enum state_kind kind;
	char name[128]; /* "zram0"; "/dev/zram0" of STATE_SWAP; "dax0.0"; "proc/sys/vm/page-cluster", below the root */
	char value[64]; /* of STATE_SWAP: the UUID in its header, "": none; of STATE_TUNED: what it was set to */
	char was[64]; /* of STATE_TUNED */
};

struct state {
	struct state_step *steps; /* in the order in which they were made */
	size_t count;
};

/*
 * No file: no steps. A last line that has no newline is left out: its step was not made. 0, to be freed with
 * state_free; -EINVAL: the file is none of ours; another negative errno.
 */
int state_read(int root, struct state *state);
int state_parse(const char *text, size_t size, struct state *state);
void state_free(struct state *state);

/* Whether there is such a step. name: "zram0" of STATE_ZRAM and STATE_SWAP, too. */
bool state_has(const struct state *state, enum state_kind kind, const char *name);

/* Its place in steps, the last of that name; or -1. */
ssize_t state_find(const struct state *state, enum state_kind kind, const char *name);

/*
 * These change the file and *state alike. At any moment the file has all of the old steps or all of the new ones. 0 or
 * a negative errno, and both are as they were: -EINVAL: a name or value is none that could be read back; -EFBIG.
 */
int state_add(int root, struct state *state, const struct state_step *step);
int state_replace(int root, struct state *state, size_t place, const struct state_step *step);
int state_drop(int root, struct state *state, size_t place);

#endif
