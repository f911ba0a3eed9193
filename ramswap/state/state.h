/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What ramswap up made, kept in /run, so that it goes with the boot as the devices do. A line for each step, written
 * and synced before the step is made: after a kill the next ramswap knows of every step that may have been made, and
 * what was there before.
 *
 *   zram NUMBER              hot_add gave this device
 *   swap PATH                the device has a swap header of ours, and may be on
 *   memory NAME              a dax device that became memory
 *   tuned PATH WAS           a file of the kernel, and its former value
 */
#ifndef RAMSWAP_STATE_H
#define RAMSWAP_STATE_H

#include "../ramswap.h"

#define STATE_FOLDER "run/ramswap" /* below the root */
#define STATE_FILE STATE_FOLDER "/state"
#define STATE_SIZE_MAX (64 * 1024)

/* The label of our swap headers. Alone it proves nothing: what is ours is in the state, too. */
#define STATE_SWAP_LABEL "ramswap"

enum state_kind { STATE_ZRAM, STATE_SWAP, STATE_MEMORY, STATE_TUNED };

struct state_step {
	enum state_kind kind;
	char name[128]; /* "zram0"; "/dev/zram0" of STATE_SWAP; "dax0.0"; "proc/sys/vm/page-cluster", below the root */
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

#endif
