/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of this folder share. Devices are named without "/dev/". */
#ifndef RAMSWAP_APPLY_INTERNAL_H
#define RAMSWAP_APPLY_INTERNAL_H

#include "apply.h"

enum {
	APPLY_VALUE_MAX = 256, /* of a file that is read, the 0 behind it included */
	APPLY_UUID_TEXT = 37,
};

/* problem.c: state_read, in words. */
int apply_state_read(int root, struct state *state, struct ramswap_problem *problem);
/* problem.c: fills it, cut where it does not fit, and returns err. */
int apply_fail(struct ramswap_problem *problem, int err, const char *format, ...) __attribute__((format(printf, 3, 4)));
void apply_note(const struct apply_watcher *watcher, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool apply_tell(const struct apply_watcher *watcher, enum apply_moment moment, const char *words);

/* attribute.c: files of the kernel below the root. The first line of one; one write of a whole value. */
int apply_read(int root, const char *path, char value[APPLY_VALUE_MAX]);
int apply_read_number(int root, const char *path, __u64 *number);
int apply_write(int root, const char *path, const char *value);
/* Whether the kernel means the same: "1", "Y" and "true". */
bool apply_is_same_value(const char *one, const char *other);

/* device.c: descriptors of block devices: flags as of open(2), O_EXCL: nobody else's claim is on it. */
int apply_device_open(int root, const char *device, int flags);
/* The device that a path, or a link, leads to, as facts calls it. */
int apply_device_find(int root, const char *path, char device[RAMSWAP_NAME_MAX + 1]);
/* Whether it may be taken now; fd is the claim on it that keeps others away. */
int apply_device_check(int root, int fd, const char *device, struct ramswap_problem *problem);
/* The same of what is in it alone: the claim is the kernel's now. */
int apply_device_check_content(int root, const char *device, struct ramswap_problem *problem);
/* Whether nothing at all is in its first page. */
bool apply_device_is_blank(int fd);

/* device.c: swap headers in it. uuid: "": there is none of ours. */
int apply_header_read(int root, const char *device, char uuid[APPLY_UUID_TEXT]);
int apply_header_write(int fd, __u64 size, const char *uuid);
/* Takes it away, if it is the one with this UUID and nobody uses the device. */
int apply_header_wipe(int root, const char *device, const char *uuid);

/* swap.c: what /proc/swaps has. *is_on, and the rest if that is true. */
struct apply_swap {
	bool is_on;
	__u64 size, used;
	int priority;
};
int apply_swap_find(int root, const char *device, struct apply_swap *swap);
int apply_swapon(int root, const char *device, int priority, bool discards, struct ramswap_problem *problem);
/* Whether it is on and has the header that the state knows. */
bool apply_swap_is_ours(int root, const struct state_step *step);

/* swapoff.c */
struct apply_bounds {
	__u64 end; /* nanoseconds of clock_now */
	__u64 least; /* bytes of memory and other swap that stay free, or it stops */
	bool can_stop; /* the watcher is asked */
};
/* 0; -ECANCELED, -ETIMEDOUT, -ENOMEM: the device is in use as before; or another negative errno. */
int apply_swapoff(int root, const char *device, const struct apply_bounds *bounds, const struct apply_watcher *watcher,
	struct ramswap_problem *problem);

/* swapped.c: bytes in swap, of used in all, that the kernel reads back without a look for signals: one program's. */
__u64 apply_swapped_most(int root, __u64 used);

/* group.c: a control group of its own for the calling process, and its end. Errors do not matter. */
void apply_group_enter(int root);
void apply_group_remove(int root);
/* Fills the group of room, if pages that come back from swap would break a limit: other_free is room for them. */
void apply_group_check(int root, struct apply_room *room);

/* room.c: what must stay free. */
__u64 apply_headroom(const struct ramswap_facts *facts);
/* goes: of each of facts' swaps, whether it goes. True: it fits; the group apart. */
bool apply_room_of(const struct ramswap_facts *facts, const bool *goes, struct apply_room *room);

/* memory.c: dax devices as memory of the kernel. */
int apply_memory_add(int root, const char *device, struct ramswap_problem *problem);
int apply_memory_remove(int root, const char *device, struct ramswap_problem *problem);
bool apply_memory_is_whole(int root, const char *device);

/* back.c: takes the step at that place back, and drops it from the state. */
int apply_take_back(int root, struct state *state, size_t place, const struct apply_bounds *bounds,
	const struct apply_watcher *watcher, struct ramswap_problem *problem);

/*
 * settle.c: of the steps that the state has, those are kept that are in effect; what is half made is taken back; what
 * is not there any more, or has become somebody else's, is dropped from the state.
 */
int apply_settle(int root, struct state *state, const struct apply_watcher *watcher, struct ramswap_problem *problem);

/* run.c */
struct apply_run {
	int root;
	struct state *state;
	const struct apply_watcher *watcher;
	struct ramswap_problem *problem;
	char zram[RAMSWAP_NAME_MAX + 1]; /* what APPLY_ZRAM got */
};
/* Fails in words; what was recorded of it is in the state. */
int apply_run(struct apply_run *run, const struct apply_operation *operation);

#endif
