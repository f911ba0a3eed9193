/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kernel's types as far as the program looks into them. libbpf finds the true offsets in the
 * running kernel's BTF when it loads the program (CO-RE), so only names and types matter here.
 */
#ifndef KEVENTS_KERNEL_TYPES_H
#define KEVENTS_KERNEL_TYPES_H

#include "../../lib/bpf/file_types.h"

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

typedef struct {
	unsigned int val;
} kuid_t;

struct cred {
	kuid_t uid;
};

struct mm_struct {
	unsigned long arg_start;
	unsigned long arg_end;
	unsigned long start_brk;
	unsigned long brk;
};

struct signal_struct {
	atomic_t live;
	int nr_threads;
	int group_exit_code;
	unsigned int flags;
};

struct task_struct {
	unsigned int flags;
	unsigned int in_execve : 1;
	int pid;
	int tgid;
	int exit_code;
	__u64 self_exec_id;
	__u64 start_time;
	struct task_struct *real_parent;
	struct task_struct *group_leader;
	const struct cred *real_cred;
	struct mm_struct *mm;
	struct signal_struct *signal;
	char comm[16];
};

/* Since Linux 6.16. */
struct trace_event_raw_sched_process_exit {
	bool group_dead;
};

struct linux_binprm {
	const char *filename;
};

/* Without one, the name is not in a directory any more: since Linux 6.8 a list, before a pointer. */
struct hlist_bl_node {
	void **pprev;
};

struct dentry___hash {
	struct hlist_bl_node d_hash;
};

struct vm_special_mapping {
	const char *name;
};

struct vm_area_struct {
	unsigned long vm_start;
	unsigned long vm_end;
	struct mm_struct *vm_mm;
	unsigned long vm_flags;
	const void *vm_ops;
	unsigned long vm_pgoff;
	struct file *vm_file;
	void *vm_private_data;
};

struct module_layout {
	void *base;
	unsigned int size;
};

/* Before Linux 6.4. */
struct module___layout {
	struct module_layout core_layout;
};

struct module_memory {
	void *base;
	unsigned int size;
};

struct module {
	char name[56];
	struct module_memory mem[1]; /* the first is its code */
};

struct module___build_id {
	unsigned char build_id[20];
};

struct kernfs_node {
	__u64 id;
};

struct cgroup_root {
	int hierarchy_id;
};

struct cgroup {
	struct kernfs_node *kn;
	struct cgroup_root *root;
};

#if defined(__TARGET_ARCH_x86)
struct pt_regs {
	unsigned long orig_ax;
};
#elif defined(__TARGET_ARCH_arm64)
struct pt_regs {
	int syscallno;
};
#endif

#pragma clang attribute pop

#endif
