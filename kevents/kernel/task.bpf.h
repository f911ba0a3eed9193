/* SPDX-License-Identifier: GPL-2.0 */
/* Processes: made, running another program, renamed, ended. */
#ifndef KEVENTS_TASK_BPF_H
#define KEVENTS_TASK_BPF_H

#include "begin.bpf.h"
#include "twice.bpf.h"

#define SIGNAL_GROUP_EXIT 0x00000004
#define EXEC_PATH_USUAL 128
#define EXEC_ARGS_USUAL (EVENT_TEXT_SMALL - EXEC_PATH_USUAL)
/* 6 MiB is the most that an exec takes. */
#define EXEC_CHUNKS_MAX 400

static void follow_child(struct task_struct *parent, struct task_struct *child)
{
	__u32 pid = child->tgid;
	__u8 one = 1;

	if (!has_pids || !has_descendants || parent->tgid == child->tgid ||
		!is_wanted_process(parent))
		return;
	if (bpf_map_update_elem(&pids, &pid, &one, BPF_ANY))
		__sync_fetch_and_add(&pids_lost, 1);
}

static void send_fork(struct task_struct *parent, struct task_struct *child)
{
	struct event *event;

	/* Before the filters: descendants are followed also where forks are not wanted. */
	follow_child(parent, child);
	if (!is_wanted_type(KEVENTS_FORK) || !is_wanted_task(parent) ||
		(!is_wanted_pid(parent->tgid) && !is_wanted_pid(child->tgid)))
		return;
	event = begin_event(KEVENTS_FORK, parent, 0);
	if (!event)
		return;
	if (child->flags & PF_KTHREAD)
		event->flags |= KEVENTS_KERNEL_THREAD;
	event->fork.child_pid = child->tgid;
	event->fork.child_tid = child->pid;
	event->fork.child_parent_pid = child->real_parent->tgid;
	event->fork.is_thread = parent->tgid == child->tgid;
	bpf_ringbuf_submit(event, 0);
}

static __always_inline int fork_hook(struct task_struct *parent, struct task_struct *child)
{
	if (is_mine(KEVENTS_FORK, child->pid, child->start_time))
		send_fork(parent, child);
	return 0;
}

SEC("tp_btf/sched_process_fork")
int BPF_PROG(on_fork, struct task_struct *parent, struct task_struct *child)
{
	return fork_hook(parent, child);
}

SEC("tp_btf/sched_process_fork")
int BPF_PROG(on_fork_second, struct task_struct *parent, struct task_struct *child)
{
	return fork_hook(parent, child);
}

/* When an exec that is under way began to map: by thread. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, __u32);
	__type(value, __u64);
} execs SEC(".maps");

static __u64 when_it_began(struct task_struct *task)
{
	__u32 tid = task->pid;
	__u64 *time = has_images ? NULL : bpf_map_lookup_elem(&execs, &tid);

	return time ? *time : 0;
}

struct chunk_walk {
	struct task_struct *task;
	__u64 begin;
	__u64 size;
	__u64 time;
};

/* bpf_loop callback */
static long send_chunk(__u32 round, void *context)
{
	struct chunk_walk *walk = context;
	__u64 at = (__u64)round * EVENT_TEXT_HUGE, size;
	struct event *event;

	if (at >= walk->size)
		return 1;
	size = walk->size - at;
	if (size > EVENT_TEXT_HUGE)
		size = EVENT_TEXT_HUGE;
	event = begin_part(EVENT_ARGUMENTS, bpf_get_current_task_btf(), EVENT_TEXT_HUGE);
	if (!event)
		return 0;
	/* The exec's time: with the thread it tells which exec the part belongs to. */
	event->time = walk->time;
	event->arguments.at = at;
	SHOW_VERIFIER(size);
	if (size > EVENT_TEXT_HUGE ||
		bpf_probe_read_user(event->text, size, (void *)(walk->begin + at)))
		size = 0;
	event->arguments.size = size;
	bpf_ringbuf_submit(event, 0);
	return 0;
}

/* Path and arguments are short, as nearly always: one small event. */
static void send_usual_exec(struct task_struct *task, const char *path, __u64 path_size,
	__u64 args, __u64 args_size, __u32 old_tid)
{
	struct event *event = begin_event(KEVENTS_EXEC, task, EVENT_TEXT_SMALL);

	if (!event)
		return;
	event->exec.args_total = args_size;
	event->exec.began = when_it_began(task);
	event->exec.old_tid = old_tid;
	event->exec.reserved = 0;
	/* All of it, a constant size; the arguments overwrite what is behind the path. */
	__builtin_memcpy(event->text, path, EXEC_PATH_USUAL);
	event->exec.path_size = path_size;
	SHOW_VERIFIER(path_size);
	SHOW_VERIFIER(args_size);
	if (path_size > EXEC_PATH_USUAL || args_size > EXEC_ARGS_USUAL ||
		bpf_probe_read_user(event->text + path_size, args_size, (void *)args))
		args_size = 0;
	event->exec.args_size = args_size;
	bpf_ringbuf_submit(event, 0);
}

static void send_long_exec(struct task_struct *task, const char *filename, __u64 args,
	__u64 args_size, __u32 old_tid)
{
	struct event *event = begin_event(KEVENTS_EXEC, task, EVENT_TEXT_LARGE);
	struct chunk_walk walk = {.task = task, .begin = args, .size = args_size};
	long size;

	if (!event)
		return;
	event->exec.args_total = args_size;
	event->exec.began = when_it_began(task);
	event->exec.args_size = 0;
	event->exec.old_tid = old_tid;
	event->exec.reserved = 0;
	size = bpf_probe_read_kernel_str(event->text, EVENT_TEXT_LARGE, filename);
	event->exec.path_size = size > 0 ? size : 0;
	if (size <= 0)
		event->flags |= KEVENTS_PATH_CUT;
	/* Read before the submit: after it the event is the reader's. */
	walk.time = event->time;
	bpf_ringbuf_submit(event, 0);
	bpf_loop(EXEC_CHUNKS_MAX, send_chunk, &walk, 0);
}

static void send_exec(struct task_struct *task, int old_tid, struct linux_binprm *bprm)
{
	char path[EXEC_PATH_USUAL] = {0};
	const char *filename;
	__u64 args, args_size;
	long path_size;

	if (!is_wanted(KEVENTS_EXEC, task))
		return;
	filename = bprm->filename;
	path_size = bpf_probe_read_kernel_str(path, sizeof(path), filename);
	args = task->mm->arg_start;
	args_size = task->mm->arg_end - args;
	/* A path that fills its room may have been cut. */
	if (path_size > 0 && path_size < EXEC_PATH_USUAL && args_size <= EXEC_ARGS_USUAL)
		send_usual_exec(task, path, path_size, args, args_size, old_tid);
	else
		send_long_exec(task, filename, args, args_size, old_tid);
}

static __always_inline int exec_hook(
	struct task_struct *task, int old_tid, struct linux_binprm *bprm)
{
	if (is_mine(KEVENTS_EXEC, task->pid, task->self_exec_id))
		send_exec(task, old_tid, bprm);
	return 0;
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(on_exec, struct task_struct *task, int old_tid, struct linux_binprm *bprm)
{
	return exec_hook(task, old_tid, bprm);
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(on_exec_second, struct task_struct *task, int old_tid, struct linux_binprm *bprm)
{
	return exec_hook(task, old_tid, bprm);
}

/*
 * Which thread was the last one of its process: two that end at the same time may both find that
 * none is alive any more. The first one to put the process in here is it. Where neither the map has
 * room nor the kernel says it (since Linux 6.16), the end of a process is rather told twice than not.
 */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, __u64[2]);
	__type(value, __u8);
} ended SEC(".maps");

/* What the kernel says of it, as the hook's second argument; where there is none, it is not read. */
#define SAYS_LAST() bpf_core_field_exists(((struct trace_event_raw_sched_process_exit *)0)->group_dead)

static bool is_last_thread(struct task_struct *task, __u64 *arguments)
{
	__u64 key[2] = {(__u64)task->tgid, task->group_leader->start_time};
	struct signal_struct *signal = task->signal;
	__u8 one = 1;

	if (SAYS_LAST())
		return *(volatile __u64 *)&arguments[1] & 1;
	if (signal->live.counter)
		return false;
	if (task->group_leader == task && signal->nr_threads == 1)
		return true;
	return bpf_map_update_elem(&ended, key, &one, BPF_NOEXIST) != -EEXIST;
}

static void send_exit(struct task_struct *task, bool is_thread)
{
	struct signal_struct *signal = task->signal;
	struct event *event = begin_event(KEVENTS_EXIT, task, 0);
	__u64 began = is_thread ? task->start_time : task->group_leader->start_time;

	if (!event)
		return;
	event->exit.run_time = event->time - began;
	event->exit.is_thread = is_thread;
	if (!is_thread && signal->flags & SIGNAL_GROUP_EXIT)
		event->exit.code = signal->group_exit_code;
	else if (!is_thread) /* the leader's, whichever thread was the last */
		event->exit.code = task->group_leader->exit_code;
	else
		event->exit.code = task->exit_code;
	bpf_ringbuf_submit(event, 0);
}

static __always_inline int exit_hook(struct task_struct *task, __u64 *arguments)
{
	__u32 pid = task->tgid;
	bool is_last;

	if (!is_mine(KEVENTS_EXIT, task->pid, task->start_time))
		return 0;
	is_last = is_last_thread(task, arguments);
	if (is_wanted(KEVENTS_EXIT, task))
		send_exit(task, !is_last);
	/* After the event: without the entry it would not be wanted. */
	if (has_pids && is_last)
		bpf_map_delete_elem(&pids, &pid);
	return 0;
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(on_exit, struct task_struct *task)
{
	return exit_hook(task, ctx);
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(on_exit_second, struct task_struct *task)
{
	return exit_hook(task, ctx);
}

static __always_inline void note_exec(struct task_struct *task)
{
	__u64 now = bpf_ktime_get_ns();
	__u32 tid = task->pid;

	if (!has_images && is_wanted_type(KEVENTS_EXEC))
		bpf_map_update_elem(&execs, &tid, &now, BPF_ANY);
}

/* An exec renames, too, after it left the old program's memory, before it maps the new one's. */
static void send_rename(struct task_struct *task, const char *comm)
{
	struct event *event;

	if (is_in_exec(task)) {
		note_exec(task);
		return;
	}
	if (!is_wanted(KEVENTS_COMM, task))
		return;
	event = begin_event(KEVENTS_COMM, task, 0);
	if (!event)
		return;
	__builtin_memcpy(event->comm_change.old, task->comm, EVENT_COMM_SIZE);
	bpf_probe_read_kernel_str(event->comm, EVENT_COMM_SIZE, comm);
	bpf_ringbuf_submit(event, 0);
}

static __always_inline int rename_hook(struct task_struct *task, const char *comm)
{
	__u64 begin = 0;

	bpf_probe_read_kernel(&begin, sizeof(begin), comm);
	if (is_mine(KEVENTS_COMM, task->pid, begin))
		send_rename(task, comm);
	return 0;
}

SEC("tp_btf/task_rename")
int BPF_PROG(on_rename, struct task_struct *task, const char *comm)
{
	return rename_hook(task, comm);
}

SEC("tp_btf/task_rename")
int BPF_PROG(on_rename_second, struct task_struct *task, const char *comm)
{
	return rename_hook(task, comm);
}

#endif
