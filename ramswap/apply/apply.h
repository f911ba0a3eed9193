/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A plan, carried out and taken back. A plan becomes a list of operations by a pure function, so that --dry-run shows
 * what up does. Before each step there is a line in the state (ramswap/state/state.h), so that a step which failed, or
 * a ramswap which was killed, is taken back by what the state says, and by the same functions as ramswap down.
 *
 * root: a descriptor of "/". Files are read and written below it, but swapon(2), swapoff(2) and modules are the running
 * kernel's: only the running machine can be changed.
 */
#ifndef RAMSWAP_APPLY_H
#define RAMSWAP_APPLY_H

#include <stddef.h>
#include "../plan.h"
#include "../ramswap.h"
#include "../state/state.h"

enum apply_kind {
	APPLY_MODULE, /* load the module that device names, with the parameters of value */
	APPLY_ZRAM, /* a new zram device; device: the name that it probably gets */
	APPLY_ATTRIBUTE, /* value into the file of that name of the device's folder in /sys/block */
	APPLY_BACKING, /* zram writes back to the block device of value */
	APPLY_HEADER, /* a swap header on the device, which must be usable at that moment */
	APPLY_SWAPON,
	APPLY_MEMORY, /* a dax device becomes memory of the kernel */
	APPLY_TUNING, /* value into the file at path, below the root */
};

struct apply_operation {
	enum apply_kind kind;
	bool is_of_new_zram; /* device is that of APPLY_ZRAM before it: the kernel chooses the number */
	char device[RAMSWAP_NAME_MAX + 1]; /* "zram0", "pmem0", "dax0.0", "brd" */
	char path[128];
	char value[RAMSWAP_PATH_MAX + 1];
	__u64 size; /* APPLY_HEADER: bytes of swap */
	int priority; /* APPLY_SWAPON */
	bool discards; /* APPLY_SWAPON: freed pages are given back */
};

struct apply_operations {
	struct apply_operation *list;
	size_t count;
};

/*
 * What is to be done so that facts become as planned, in its order; none: they are. Modules that must be loaded come
 * first, and alone: what they bring is not in the facts, so the plan is made again after them. 0, to be freed with
 * apply_operations_free; -ENOMEM; -EINVAL and what is wrong with the plan.
 */
int apply_operations(const struct ramswap_plan *plan, const struct ramswap_facts *facts,
	struct apply_operations *operations, struct ramswap_problem *problem);
void apply_operations_free(struct apply_operations *operations);

/* In words: "write lz4 to /sys/block/zram0/comp_algorithm". text is cut where it has no room. */
void apply_operation_print(const struct apply_operation *operation, char *text, size_t size);

/* What taking a step back means: "remove zram0". */
void apply_step_print(const struct state_step *step, char *text, size_t size);

/* When a watcher is told of a step. A kill at any of them is put right by the next ramswap. */
enum apply_moment {
	APPLY_WILL, /* nothing of it is done */
	APPLY_RECORDED, /* it is in the state */
	APPLY_MADE, /* the kernel did it */
	APPLY_WILL_TAKE_BACK,
	APPLY_TAKEN_BACK, /* the kernel did that; the state has the step still */
};

/* Who wants to know what is done. */
struct apply_watcher {
	/* words: of the step. False: no more; what this run made is taken back. Not asked of what is taken back. */
	bool (*step)(void *context, enum apply_moment moment, const char *words);
	/* Pages come back from a swap device: bytes of those that were in it. False: stop, the device stays in use. */
	bool (*progress)(void *context, const char *device, __u64 done, __u64 total);
	/* Something that the user should know: one sentence. */
	void (*note)(void *context, const char *text);
	void *context;
};

/* What a machine is to become: read, planned, and put into operations. */
struct apply_prepared {
	struct ramswap_facts *facts;
	struct ramswap_plan *plan;
	struct apply_operations operations;
};

/* config: as of config_load. 0, to be freed with apply_prepared_free; or a negative errno and what was wrong. */
int apply_prepare(int root, const char *config, struct apply_prepared *prepared, struct ramswap_problem *problem);
void apply_prepared_free(struct apply_prepared *prepared);

/*
 * Under the lock: puts right what a killed ramswap left, plans, and carries the plan out: all of it or nothing. 0, and
 * *prepared: with operations: they were carried out; without: nothing was to be done, or plan->answer is
 * RAMSWAP_REFUSED. Or a negative errno and what was wrong: -ECANCELED: the watcher stopped it; -EEXIST: a device of
 * ours is up in another way, and nothing was begun. Everything of this run is taken back, as far as *problem does not
 * say otherwise.
 */
int apply_up(int root, const char *config, const struct apply_watcher *watcher, struct apply_prepared *prepared,
	struct ramswap_problem *problem);

struct apply_down_settings {
	char **devices; /* "zram0", "/dev/zram0"; none: all that is ours, and the tunings */
	size_t device_count;
	bool for_hibernation; /* none are named: those whose pages are lost when the power is off: all but zram, which is in the image */
	bool is_forced; /* though it may not fit */
	double timeout; /* seconds, of all devices */
};

/* Whether what is in the swap devices that go has room elsewhere. */
struct apply_room {
	__u64 used; /* in them */
	__u64 available; /* MemAvailable */
	__u64 other_free; /* in the swap devices that stay */
	__u64 headroom; /* that must stay free */
	__u64 needed; /* used, 5 % more, and the headroom */
	/* A control group whose limit has no room for what it has in swap: the kernel would kill a program of it. */
	char group[RAMSWAP_PATH_MAX + 1]; /* "": there is none */
	__u64 group_swapped, group_room;
};

/* What would be taken back. */
struct apply_down {
	struct state steps; /* the last is taken back first */
	struct apply_room room;
	bool has_room; /* in memory and the other swaps */
};

/*
 * What apply_down would do. 0, to be freed with apply_down_free; or a negative errno and what was wrong: -ENOENT: a
 * device is not ours.
 */
int apply_down_prepare(int root, const struct apply_down_settings *settings, struct apply_down *down,
	struct ramswap_problem *problem);
/* 0; or -ENOSPC, and the sums why apply_down would refuse it. */
int apply_down_refuse(const struct apply_down_settings *settings, const struct apply_down *down,
	struct ramswap_problem *problem);
void apply_down_free(struct apply_down *down);

/*
 * Takes back what ramswap up made. 0, and *down, to be freed; or a negative errno and what was wrong: -ENOSPC: refused,
 * since it does not fit; -ENOENT: refused, since a device is not ours; -ECANCELED: the watcher stopped it; -ETIMEDOUT;
 * -ENOMEM: memory ran short. With the first two nothing was changed; with the others some devices may be gone, and
 * those that are not are in use as before, at their priority.
 */
int apply_down(int root, const struct apply_down_settings *settings, const struct apply_watcher *watcher,
	struct apply_down *down, struct ramswap_problem *problem);

#endif
