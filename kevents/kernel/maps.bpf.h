/* SPDX-License-Identifier: GPL-2.0 */
/* The program's maps and settings, and the filter. */
#ifndef KEVENTS_MAPS_BPF_H
#define KEVENTS_MAPS_BPF_H

#include "kernel_types.h"
#include "../../lib/bpf/verifier.bpf.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>
#include "../kevents.h"
#include "event.h"

#define PF_EXITING 0x00000004
#define PF_KTHREAD 0x00200000

/* Written before the program is loaded: the verifier takes out what is not wanted. */
const volatile __u32 wanted_types = KEVENTS_ALL;
/* Images are told by this program, and not by perf events. */
const volatile bool has_images = true;
/* Each of the hooks of processes calls two programs: see is_mine. */
const volatile bool has_second_programs;
const volatile bool has_pids, has_descendants, has_uid, has_comm;
const volatile __u32 wanted_uid;
const volatile __u64 wanted_cgroup;
const volatile char wanted_comm[EVENT_COMM_SIZE];

/* How often a descendant could not be noted in "pids", since the start. */
__u64 pids_lost;

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 8 << 20);
} events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct event_tally);
} tallies SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, EVENT_PIDS_MAX);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, __u32);
	__type(value, __u8);
} pids SEC(".maps");

static __always_inline bool is_wanted_pid(__u32 pid)
{
	return !has_pids || bpf_map_lookup_elem(&pids, &pid);
}

/* One that is not noted, although its parent is, is a descendant whose fork was missed. */
static bool is_wanted_process(struct task_struct *task)
{
	__u32 pid = task->tgid;
	__u8 one = 1;

	if (is_wanted_pid(pid))
		return true;
	if (!has_descendants || !is_wanted_pid(BPF_CORE_READ(task, group_leader, real_parent, tgid)))
		return false;
	if (bpf_map_update_elem(&pids, &pid, &one, BPF_ANY))
		__sync_fetch_and_add(&pids_lost, 1);
	return true;
}

static bool is_wanted_name(const char *comm)
{
	for (int i = 0; i < EVENT_COMM_SIZE; i++) {
		if (comm[i] != wanted_comm[i])
			return false;
		if (!comm[i])
			break;
	}
	return true;
}

static bool is_below_cgroup(void)
{
	for (int level = 0; level < 24; level++) {
		__u64 id = bpf_get_current_ancestor_cgroup_id(level);

		if (!id)
			return false;
		if (id == wanted_cgroup)
			return true;
	}
	return false;
}

static __always_inline bool is_wanted_type(__u32 type)
{
	return wanted_types & KEVENTS_BIT(type);
}

/* What is asked of whoever does it, but for its pid. */
static __always_inline bool is_wanted_task(struct task_struct *task)
{
	if (has_uid && (__u32)bpf_get_current_uid_gid() != wanted_uid)
		return false;
	if (has_comm) {
		char comm[EVENT_COMM_SIZE] = {0};

		bpf_get_current_comm(comm, sizeof(comm));
		if (!is_wanted_name(comm))
			return false;
	}
	return !wanted_cgroup || is_below_cgroup();
}

static __always_inline bool is_in_exec(struct task_struct *task)
{
	return BPF_CORE_READ_BITFIELD_PROBED(task, in_execve);
}

static __always_inline bool is_wanted(__u32 type, struct task_struct *task)
{
	return is_wanted_type(type) && is_wanted_process(task) && is_wanted_task(task);
}

#endif
