/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Memory that becomes executable without being a file that was judged: mprotect(2), and memory that
 * somebody can write. Nothing here may sleep, so nothing is hashed: a mapped file is as good as the
 * verdict that its inode carries, and for memory the policy "wx" decides.
 */
#ifndef DIGSIG_WX_BPF_H
#define DIGSIG_WX_BPF_H

#include "judge.bpf.h"
#include "scope.bpf.h"

#define PROT_WRITE 2
#define PROT_EXEC 4
#define VM_WRITE 2
#define PR_SET_MM 35
#define PR_SET_MM_EXE_FILE 13
#define PR_SET_MM_MAP 14

extern void bpf_rcu_read_lock(void) __ksym __weak;
extern void bpf_rcu_read_unlock(void) __ksym __weak;

struct program {
	__u64 file; /* struct file *, as a number; 0: a task without a program */
	__u64 *word; /* its inode's; NULL: there is none */
};

/*
 * The program that runs. What may sleep has to take the lock that keeps the file there, from 6.2 on;
 * before, the kernel has no such function and asks for none.
 */
static __always_inline struct program running_program(void)
{
	struct program program = {};
	struct mm_struct *mm;
	struct file *file;

	if (bpf_rcu_read_lock)
		bpf_rcu_read_lock();
	mm = bpf_get_current_task_btf()->mm;
	file = mm ? mm->exe_file : NULL;
	if (file) {
		program.file = address_of(file);
		program.word = bpf_inode_storage_get(&inode_verdict, file->f_inode, NULL,
			BPF_LOCAL_STORAGE_GET_F_CREATE);
	}
	if (bpf_rcu_read_unlock)
		bpf_rcu_read_unlock();
	return program;
}

/* The policy about memory that is executable, and is or was writable: 0 or -EACCES. */
static __always_inline int judge_memory(struct digsig_settings *set)
{
	struct judgement judgement = { .hook = DIGSIG_HOOK_WX };
	bool denied = set->wx == DIGSIG_WX_DENY && set->mode == DIGSIG_MODE_ENFORCING;
	struct program program;

	if (set->wx == DIGSIG_WX_ALLOW)
		return 0;
	program = running_program();
	if (!program.file)
		return answer_if(denied, -EACCES);
	if (program.word && may_write_own_code(*program.word, set))
		return 0;
	/* A compiler at run time would fill the log. */
	if (!denied && program.word &&
		__sync_fetch_and_or(program.word, WX_LOGGED) & WX_LOGGED)
		return 0;
	judgement.result.verdict = DIGSIG_VERDICT_UNSTABLE;
	if (denied) {
		COUNT(denied);
		judgement.flags = DIGSIG_EVENT_DENIED;
	}
	emit_event_by_hand(set, (struct file *)program.file, &judgement);
	return answer_if(denied, -EACCES);
}

/* A mapped file is made executable: 0 or -EACCES. */
static __always_inline int judge_mapped_file(struct digsig_settings *set, struct file *file)
{
	struct judgement judgement = { .hook = DIGSIG_HOOK_MPROTECT, .flags = DIGSIG_EVENT_CACHED };
	__u64 *cache = bpf_inode_storage_get(&inode_verdict, file->f_inode, 0, 0);
	bool denied;

	COUNT(judged);
	/* What an overlayfs's inode carries is a verdict about the file below as it was. */
	if (cache && facts_of(file->f_inode).magic != OVERLAYFS_SUPER_MAGIC)
		judgement.result.verdict = cached_verdict(*cache, set);
	if (judgement.result.verdict == DIGSIG_VERDICT_NONE) {
		judgement.result.verdict = DIGSIG_VERDICT_FAULT;
		judgement.result.error = -EAGAIN;
		judgement.flags = 0;
	} else {
		COUNT(cached);
		if (judgement.result.verdict == DIGSIG_VERDICT_OK)
			return 0;
	}
	denied = decide(set, &judgement);
	emit_event_by_hand(set, file, &judgement);
	return answer_if(denied, -EACCES);
}

/* mprotect(2) and pkey_mprotect(2), once for each mapping in the range */
SEC("lsm/file_mprotect")
int BPF_PROG(digsig_mprotect, struct vm_area_struct *vma, unsigned long reqprot, unsigned long prot)
{
	struct digsig_settings *set;
	unsigned long flags;
	struct file *file;
	int err;

	if (!(prot & PROT_EXEC))
		return 0;
	set = get_settings();
	if (!set)
		return 0;
	flags = vma->vm_flags;
	if (flags & VM_EXEC) /* it was judged then; new is at most the right to write */
		return prot & PROT_WRITE && !(flags & VM_WRITE) ? judge_memory(set) : 0;
	file = vma->vm_file;
	if (!file || is_memory(facts_of(file->f_inode)))
		return judge_memory(set);
	if (set->scopes & DIGSIG_SCOPE_MPROTECT) {
		err = judge_mapped_file(set, file);
		if (err)
			return err;
	}
	return prot & PROT_WRITE || vma->anon_vma ? judge_memory(set) : 0;
}

/*
 * A process with the right to can name another file as its program, and would have that one's
 * exemption. To every other prctl(2) the answer is "not mine".
 */
SEC("lsm/task_prctl")
int BPF_PROG(digsig_prctl, int option, unsigned long what)
{
	struct digsig_settings *set;

	if (option != PR_SET_MM || (what != PR_SET_MM_EXE_FILE && what != PR_SET_MM_MAP))
		return -ENOSYS;
	set = get_settings();
	if (!set || set->wx != DIGSIG_WX_DENY || set->mode != DIGSIG_MODE_ENFORCING)
		return -ENOSYS;
	return -EPERM;
}

#endif
