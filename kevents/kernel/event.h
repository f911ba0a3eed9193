/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the kernel program and the library say to each other. */
#ifndef KEVENTS_KERNEL_EVENT_H
#define KEVENTS_KERNEL_EVENT_H

#include <linux/types.h>

#define EVENT_COMM_SIZE 16
#define EVENT_PIDS_MAX 65536
#define EVENT_PIDS_GIVEN_MAX 4096

/* Besides those of enum kevents_type: more of the arguments of the EXEC before. */
#define EVENT_ARGUMENTS 100

/* Room for text behind an event: as little as does. */
#define EVENT_TEXT_SMALL 512
#define EVENT_TEXT_LARGE 4096
#define EVENT_TEXT_HUGE 16384

struct event_fork {
	__u32 child_pid, child_tid, child_parent_pid;
	__u32 is_thread;
};

/* Behind it: path_size bytes, then the first args_size of the arguments; both with their 0. */
struct event_exec {
	__u64 args_total;
	__u64 began; /* from then on it mapped the new program; 0: its images have in_exec */
	__u32 path_size;
	__u32 args_size;
	__u32 old_tid;
	__u32 reserved;
};

struct event_exit {
	__u64 run_time;
	__u32 code; /* as for wait(2) */
	__u32 is_thread;
};

/* Behind it: path_size bytes, without a 0. */
struct event_image {
	__u64 address, size, offset;
	__u64 inode;
	__u32 device; /* as in the kernel: major << 20 | minor */
	__u32 generation;
	__u32 vm_flags;
	__u32 path_size;
	__u32 is_deleted;
	__u32 is_heap; /* of ANON_EXEC */
	__u32 reserved;
	__u32 in_exec; /* mapped by an exec whose event is yet to come */
};

/* Behind it: name_size bytes, with their 0. */
struct event_kernel {
	__u64 address, size;
	__u32 name_size;
	__u32 has_build_id;
	__u8 build_id[20];
	__u32 reserved;
};

struct event_comm {
	__u8 old[EVENT_COMM_SIZE];
};

/* Behind it: path_size bytes, with their 0. */
struct event_cgroup {
	__u64 id;
	__u32 action; /* enum kevents_cgroup_action */
	__u32 pid, tid;
	__u32 is_process;
	__u32 path_size;
	__u32 reserved;
};

/* Behind it: size bytes. */
struct event_arguments {
	__u32 at; /* where in the vector */
	__u32 size;
};

/* What happened to the events of a CPU, since the start. Each one is made, and then sent or lost. */
struct event_tally {
	__u64 made;
	__u64 lost; /* there was no room for it */
	/* Of hooks with two programs: see is_mine. */
	__u64 marked;
	__u64 found;
	__u64 failed;
};

struct event {
	__u64 time;
	__u64 lost; /* events of this CPU that there was no room for, since the start */
	__u64 start_time;
	__u64 cgroup;
	__u32 type;
	__u32 flags; /* enum kevents_flag */
	__u32 cpu;
	__u32 pid, tid, parent_pid;
	__u32 uid;
	__u32 reserved;
	__u8 comm[EVENT_COMM_SIZE];
	union {
		struct event_fork fork;
		struct event_exec exec;
		struct event_exit exit;
		struct event_image image;
		struct event_kernel kernel;
		struct event_comm comm_change;
		struct event_cgroup cgroup_change;
		struct event_arguments arguments;
	};
	__u8 text[];
};

#endif
