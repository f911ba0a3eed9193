/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel's own code, and control groups. */
#ifndef KEVENTS_SYSTEM_BPF_H
#define KEVENTS_SYSTEM_BPF_H

#include "begin.bpf.h"

static void put_code(struct event *event, struct module *module)
{
	struct module___layout *older = (void *)module;
	struct module___build_id *with_id = (void *)module;

	if (bpf_core_field_exists(module->mem)) {
		event->kernel.address = (__u64)BPF_CORE_READ(module, mem[0].base);
		event->kernel.size = BPF_CORE_READ(module, mem[0].size);
	} else {
		event->kernel.address = (__u64)BPF_CORE_READ(older, core_layout.base);
		event->kernel.size = BPF_CORE_READ(older, core_layout.size);
	}
	event->kernel.has_build_id = bpf_core_field_exists(with_id->build_id);
	if (event->kernel.has_build_id)
		bpf_probe_read_kernel(event->kernel.build_id, sizeof(event->kernel.build_id),
			__builtin_preserve_access_index(&with_id->build_id));
}

static void send_module(__u32 type, struct module *module)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct event *event;
	long size;

	if (!is_wanted(type, task))
		return;
	event = begin_event(type, task, 64);
	if (!event)
		return;
	event->kernel.reserved = 0;
	put_code(event, module);
	size = bpf_probe_read_kernel_str(
		event->text, 64, __builtin_preserve_access_index(&module->name));
	event->kernel.name_size = size > 0 ? size : 0;
	if (size <= 0)
		event->flags |= KEVENTS_PATH_CUT;
	bpf_ringbuf_submit(event, 0);
}

SEC("tp_btf/module_load")
int BPF_PROG(on_module_load, struct module *module)
{
	send_module(KEVENTS_KERNEL_LOAD, module);
	return 0;
}

SEC("tp_btf/module_free")
int BPF_PROG(on_module_free, struct module *module)
{
	send_module(KEVENTS_KERNEL_UNLOAD, module);
	return 0;
}

/* Version 2 has the hierarchy 0. */
static __always_inline struct event *begin_cgroup(__u32 action, struct cgroup *cgroup, const char *path)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct event *event;
	long size;

	if (BPF_CORE_READ(cgroup, root, hierarchy_id) || !is_wanted(KEVENTS_CGROUP, task))
		return NULL;
	event = begin_event(KEVENTS_CGROUP, task, EVENT_TEXT_LARGE);
	if (!event)
		return NULL;
	event->cgroup_change.id = BPF_CORE_READ(cgroup, kn, id);
	event->cgroup_change.action = action;
	event->cgroup_change.pid = 0;
	event->cgroup_change.tid = 0;
	event->cgroup_change.is_process = 0;
	event->cgroup_change.reserved = 0;
	size = bpf_probe_read_kernel_str(event->text, EVENT_TEXT_LARGE, path);
	event->cgroup_change.path_size = size > 0 ? size : 0;
	if (size <= 0)
		event->flags |= KEVENTS_PATH_CUT;
	return event;
}

SEC("tp_btf/cgroup_mkdir")
int BPF_PROG(on_cgroup_mkdir, struct cgroup *cgroup, const char *path)
{
	struct event *event = begin_cgroup(KEVENTS_CGROUP_MADE, cgroup, path);

	if (event)
		bpf_ringbuf_submit(event, 0);
	return 0;
}

SEC("tp_btf/cgroup_rmdir")
int BPF_PROG(on_cgroup_rmdir, struct cgroup *cgroup, const char *path)
{
	struct event *event = begin_cgroup(KEVENTS_CGROUP_REMOVED, cgroup, path);

	if (event)
		bpf_ringbuf_submit(event, 0);
	return 0;
}

SEC("tp_btf/cgroup_attach_task")
int BPF_PROG(on_cgroup_attach, struct cgroup *cgroup, const char *path,
	struct task_struct *moved, bool is_process)
{
	struct event *event = begin_cgroup(KEVENTS_CGROUP_ENTERED, cgroup, path);

	if (!event)
		return 0;
	event->cgroup_change.pid = BPF_CORE_READ(moved, tgid);
	event->cgroup_change.tid = BPF_CORE_READ(moved, pid);
	event->cgroup_change.is_process = is_process;
	bpf_ringbuf_submit(event, 0);
	return 0;
}

#endif
