/* SPDX-License-Identifier: GPL-2.0 */
/* Events for the log. The engine never waits for a reader: what does not fit is counted as lost. */
#ifndef DIGSIG_EVENT_BPF_H
#define DIGSIG_EVENT_BPF_H

#include "path.bpf.h"
#include "verify_block.bpf.h"

struct judgement {
	struct verification result;
	__u32 hook; /* enum digsig_hook */
	__u32 flags; /* DIGSIG_EVENT_* */
	struct workspace *workspace; /* NULL if the verdict was cached */
};

static void put_path(struct digsig_event *event, struct file *file)
{
	const unsigned char *name;

	if (bpf_d_path(&file->f_path, (char *)event->path, sizeof(event->path)) > 0)
		return;
	event->flags |= DIGSIG_EVENT_PATH_CUT;
	name = BPF_CORE_READ(file, f_path.dentry, d_name.name);
	if (bpf_probe_read_kernel_str(event->path, sizeof(event->path), name) < 0)
		event->path[0] = 0;
}

static void put_file_facts(struct digsig_event *event, struct workspace *workspace)
{
	event->flags |= DIGSIG_EVENT_DIGEST;
	if (workspace->trusted.flags & DIGSIG_TRUSTED_BY_CATALOG)
		event->flags |= DIGSIG_EVENT_CATALOG;
	__builtin_memcpy(event->digest, workspace->digest, sizeof(event->digest));
	event->epoch = workspace->trusted.epoch;
	__builtin_memcpy(
		event->identity, workspace->trusted.identity, sizeof(event->identity));
	__builtin_memcpy(event->key_id, workspace->trusted.key_id, sizeof(event->key_id));
}

/* Reserves an event and fills in all but its file; NULL, and counted, if there is no room. */
static __always_inline struct digsig_event *begin_event(
	struct digsig_settings *set, const struct judgement *judgement)
{
	struct digsig_event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	struct task_struct *task;

	if (!event) {
		__sync_fetch_and_add(&set->events_lost, 1);
		return NULL;
	}
	event->lost = *(volatile __u64 *)&set->events_lost;
	event->time = bpf_ktime_get_boot_ns();
	event->hook = judgement->hook;
	event->verdict = judgement->result.verdict;
	event->flags = judgement->flags;
	event->error = judgement->result.error;
	event->defect = judgement->result.defect;
	event->mode = set->mode;
	event->pid = bpf_get_current_pid_tgid() >> 32;
	event->uid = (__u32)bpf_get_current_uid_gid();
	task = (struct task_struct *)bpf_get_current_task();
	event->ppid = BPF_CORE_READ(task, real_parent, tgid);
	/* The buffer is not cleared: what is not written here would be of an older event. */
	event->reserved = 0;
	event->inode = 0;
	event->device = 0;
	event->path[0] = 0;
	bpf_get_current_comm(event->comm, sizeof(event->comm));
	event->epoch = 0;
	__builtin_memset(event->digest, 0, sizeof(event->digest));
	__builtin_memset(event->identity, 0, sizeof(event->identity));
	__builtin_memset(event->key_id, 0, sizeof(event->key_id));
	if (judgement->workspace)
		put_file_facts(event, judgement->workspace);
	return event;
}

static __always_inline void put_inode(struct digsig_event *event, struct inode *inode)
{
	event->inode = BPF_CORE_READ(inode, i_ino);
	event->device = BPF_CORE_READ(inode, i_sb, s_dev);
}

static void emit_event(
	struct digsig_settings *set, struct file *file, const struct judgement *judgement)
{
	struct digsig_event *event = begin_event(set, judgement);

	if (!event)
		return;
	put_inode(event, BPF_CORE_READ(file, f_inode));
	put_path(event, file);
	bpf_ringbuf_submit(event, 0);
}

/* What has no file. */
static void emit_event_alone(struct digsig_settings *set, const struct judgement *judgement)
{
	struct digsig_event *event = begin_event(set, judgement);

	if (event)
		bpf_ringbuf_submit(event, 0);
}

/* From a hook where the kernel does not let bpf_d_path be called. */
static void emit_event_by_hand(
	struct digsig_settings *set, struct file *file, const struct judgement *judgement)
{
	struct digsig_event *event = begin_event(set, judgement);

	if (!event)
		return;
	put_inode(event, BPF_CORE_READ(file, f_inode));
	put_path_by_hand(event, (__u64)BPF_CORE_READ(file, f_path.dentry),
		(__u64)BPF_CORE_READ(file, f_path.mnt));
	bpf_ringbuf_submit(event, 0);
}

/* From a hook that knows no mount: the path begins at the file system's root, and counts as cut. */
static void emit_event_of_dentry(
	struct digsig_settings *set, struct dentry *dentry, const struct judgement *judgement)
{
	struct digsig_event *event = begin_event(set, judgement);

	if (!event)
		return;
	put_inode(event, BPF_CORE_READ(dentry, d_inode));
	put_path_by_hand(event, address_of(dentry), 0);
	bpf_ringbuf_submit(event, 0);
}

#endif
