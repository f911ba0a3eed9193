/* SPDX-License-Identifier: GPL-2.0 */
/* An event with what all have in common. */
#ifndef KEVENTS_BEGIN_BPF_H
#define KEVENTS_BEGIN_BPF_H

#include "maps.bpf.h"

static void count_lost(void)
{
	__u32 zero = 0;
	__u64 *count = bpf_map_lookup_elem(&lost, &zero);

	if (count)
		__sync_fetch_and_add(count, 1);
}

/* The time is taken last, so that it is as close as can be to the event's place in the buffer. */
static __always_inline void put_common(struct event *event, __u32 type, struct task_struct *task)
{
	__u32 zero = 0;
	__u64 *count = bpf_map_lookup_elem(&lost, &zero);

	event->time = bpf_ktime_get_ns();
	event->lost = count ? *(volatile __u64 *)count : 0;
	event->start_time = task->group_leader->start_time;
	event->cgroup = bpf_get_current_cgroup_id();
	event->type = type;
	event->flags = task->flags & PF_KTHREAD ? KEVENTS_KERNEL_THREAD : 0;
	event->cpu = bpf_get_smp_processor_id();
	event->pid = task->tgid;
	event->tid = task->pid;
	event->parent_pid = task->real_parent->tgid;
	event->uid = (__u32)bpf_get_current_uid_gid();
	event->reserved = 0;
	bpf_get_current_comm(event->comm, sizeof(event->comm));
}

/* room: for text, a constant. NULL, and counted: the buffer is full. To be submitted. */
static __always_inline struct event *begin_event(
	__u32 type, struct task_struct *task, const __u64 room)
{
	struct event *event = bpf_ringbuf_reserve(&events, sizeof(*event) + room, 0);

	if (event)
		put_common(event, type, task);
	else
		count_lost();
	return event;
}

#endif
