/* SPDX-License-Identifier: GPL-2.0 */
/* An event with what all have in common. */
#ifndef KEVENTS_BEGIN_BPF_H
#define KEVENTS_BEGIN_BPF_H

#include "maps.bpf.h"

static __always_inline struct event_tally *this_tally(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&tallies, &zero);
}

/* Two programs can take turns on one CPU, where the kernel is preemptible. */
#define COUNT(member)                                                                              \
	do {                                                                                       \
		struct event_tally *tally = this_tally();                                          \
                                                                                                   \
		if (tally)                                                                         \
			__sync_fetch_and_add(&tally->member, 1);                                   \
	} while (0)

/* An event that cannot be begun. */
static void count_unmade(void)
{
	COUNT(made);
	COUNT(lost);
}

/* The time is taken last, so that it is as close as can be to the event's place in the buffer. */
static __always_inline void put_common(struct event *event, __u32 type, struct task_struct *task)
{
	struct event_tally *tally = this_tally();

	event->time = bpf_ktime_get_ns();
	event->lost = tally ? *(volatile __u64 *)&tally->lost : 0;
	event->start_time = BPF_CORE_READ(task, group_leader, start_time);
	event->cgroup = bpf_get_current_cgroup_id();
	event->type = type;
	event->flags = task->flags & PF_KTHREAD ? KEVENTS_KERNEL_THREAD : 0;
	event->cpu = bpf_get_smp_processor_id();
	event->pid = task->tgid;
	event->tid = task->pid;
	event->parent_pid = BPF_CORE_READ(task, real_parent, tgid);
	event->uid = (__u32)bpf_get_current_uid_gid();
	event->reserved = 0;
	bpf_get_current_comm(event->comm, sizeof(event->comm));
}

/* room: for text, a constant. NULL, and counted: the buffer is full. To be submitted. */
static __always_inline struct event *begin_event(
	__u32 type, struct task_struct *task, const __u64 room)
{
	struct event *event;

	COUNT(made);
	event = bpf_ringbuf_reserve(&events, sizeof(*event) + room, 0);
	if (event)
		put_common(event, type, task);
	else
		COUNT(lost);
	return event;
}

/* The same of a part of an event, which is not counted: the event says how large all of it is. */
static __always_inline struct event *begin_part(
	__u32 type, struct task_struct *task, const __u64 room)
{
	struct event *event = bpf_ringbuf_reserve(&events, sizeof(*event) + room, 0);

	if (event)
		put_common(event, type, task);
	return event;
}

#endif
