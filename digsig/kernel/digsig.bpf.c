// SPDX-License-Identifier: GPL-2.0
/*
 * The engine: one object for every kernel from 6.1 on. Programs that a kernel does not know the
 * hook of are optional (SEC("?...")): user space turns them on where they exist.
 */
#include "judge.bpf.h"
#include "kernel_code.bpf.h"
#include "request.bpf.h"
#include "scope.bpf.h"
#include "wx.bpf.h"

#define FMODE_WRITE 2
#define MAP_TYPE 0xf
#define MAP_PRIVATE 2
#define ATTR_SIZE (1 << 3)
#define READ_IMPLIES_EXEC 0x0400000 /* personality(2) */

char _license[] SEC("license") = "GPL";

/* After a script, the interpreter that its first line names comes through here too. */
SEC("lsm.s/bprm_check_security")
int BPF_PROG(digsig_exec, struct linux_binprm *bprm)
{
	bool is_script = bprm->buf[0] == '#' && bprm->buf[1] == '!';
	struct digsig_settings *set =
		settings_in_scope(is_script ? DIGSIG_SCOPE_SCRIPTS : DIGSIG_SCOPE_EXEC);

	return set ? judge_mapping(set, bprm->file, DIGSIG_HOOK_EXEC) : 0;
}

/*
 * An interpreter asks, with AT_EXECVE_CHECK, whether a file that it is about to read may run. The
 * call ends here, whatever the file is. Only loaded where the kernel has that (6.14).
 */
SEC("?lsm.s/bprm_creds_for_exec")
int BPF_PROG(digsig_check, struct linux_binprm *bprm)
{
	struct digsig_settings *set;

	if (!BPF_CORE_READ_BITFIELD(bprm, is_check))
		return 0;
	set = settings_in_scope(DIGSIG_SCOPE_SCRIPTS);
	return set ? judge_file(set, bprm->file, DIGSIG_HOOK_CHECK) : 0;
}

/* Whoever can write a shared mapping can take its pages for later: see held_pages.bpf.h. */
static __always_inline void note_shared_mapping(struct file *file)
{
	struct pages pages;
	__u64 *word;

	if (!(file->f_mode & FMODE_WRITE))
		return;
	pages = pages_of(file);
	if (pages.stability == MEMORY)
		return;
	if (pages.stability == LAYERED)
		note(pages.place, NOTED_SHARED);
	word = inode_word(file->f_inode);
	if (word)
		__sync_fetch_and_or(word, WORD_SHARED);
}

/*
 * mmap(2) and shmat(2). An anonymous mapping has no file, which the verifier does not believe before
 * 7.0: it drops the comparison with NULL. So the argument is fetched once more as a mere number.
 */
SEC("lsm.s/mmap_file")
int BPF_PROG(digsig_mmap, struct file *file, unsigned long reqprot, unsigned long prot,
	unsigned long flags)
{
	bool is_code = prot & PROT_EXEC, is_shared = (flags & MAP_TYPE) != MAP_PRIVATE;
	struct digsig_settings *set;
	__u64 file_address = 0;
	int err = 0;

	if (!is_code && !is_shared)
		return 0;
	bpf_probe_read_kernel(&file_address, sizeof(file_address), ctx);
	set = get_settings();
	if (!set)
		return 0;
	if (!file_address || !file)
		return is_code ? judge_memory(set) : 0;
	if (is_shared)
		note_shared_mapping(file);
	if (!is_code)
		return 0;
	if (set->scopes & DIGSIG_SCOPE_MMAP)
		err = judge_mapping(set, file, DIGSIG_HOOK_MMAP);
	if (!err && (prot & PROT_WRITE || is_memory(facts_of(file->f_inode))))
		err = judge_memory(set);
	return err;
}

/*
 * The bytes of the inode may change from here on: its verdict is void, and a judgement that is under
 * way does not count. While it is in use as code they may not: -ETXTBSY. Asked before, so that a
 * refused writer voids nothing; and after, for a mapping that came in between and saw the old verdict.
 */
static __always_inline int begin_change(struct digsig_settings *set, struct inode *inode)
{
	bool is_guarded = set->mode == DIGSIG_MODE_ENFORCING && set->scopes & DIGSIG_SCOPE_MMAP;
	__u64 *word = bpf_inode_storage_get(&inode_verdict, inode, 0, 0);
	__u64 address = address_of(inode);
	struct place *place = place_at(place_index_of(inode, address));

	if (is_guarded && is_in_use_as_code(address, place, word))
		return -ETXTBSY;
	if (word)
		invalidate_verdict(word);
	if (place)
		__sync_fetch_and_add(&place->writes, 1);
	return is_guarded && is_in_use_as_code(address, place, word) ? -ETXTBSY : 0;
}

#define REFUSED_CHANGE                                                                             \
	{                                                                                          \
		.result.verdict = DIGSIG_VERDICT_UNSTABLE, .hook = DIGSIG_HOOK_WRITE,              \
		.flags = DIGSIG_EVENT_DENIED                                                       \
	}

SEC("lsm/file_open")
int BPF_PROG(digsig_open, struct file *file)
{
	struct judgement judgement = REFUSED_CHANGE;
	struct digsig_settings *set;

	if (!(file->f_mode & FMODE_WRITE))
		return 0;
	set = get_settings();
	if (!set)
		return 0;
	if (lock_open(set, file))
		return -EPERM;
	if (!begin_change(set, file->f_inode))
		return 0;
	COUNT(denied);
	emit_event(set, file, &judgement);
	return -ETXTBSY;
}

/*
 * Every truncation: truncate(2), ftruncate(2), open(2) with O_TRUNC, and what an overlayfs does to the
 * file below. Older kernels have the dentry as the hook's first argument.
 */
static __always_inline int change_size(struct dentry *dentry, struct iattr *change)
{
	struct judgement judgement = REFUSED_CHANGE;
	struct digsig_settings *set = get_settings();
	struct inode *inode;

	if (!(change->ia_valid & ATTR_SIZE) || !set)
		return 0;
	inode = dentry->d_inode;
	if (!inode || !begin_change(set, inode))
		return 0;
	COUNT(denied);
	emit_event_of_dentry(set, dentry, &judgement);
	return -ETXTBSY;
}

SEC("?lsm/inode_setattr")
int BPF_PROG(digsig_setattr, void *idmap, struct dentry *dentry, struct iattr *change)
{
	return change_size(dentry, change);
}

SEC("?lsm/inode_setattr")
int BPF_PROG(digsig_setattr_of_old, struct dentry *dentry, struct iattr *change)
{
	return change_size(dentry, change);
}

/* What mmap(2) asked about as code is mapped now, or failed. */
SEC("fexit/vm_mmap_pgoff")
int BPF_PROG(digsig_mapped, struct file *file, unsigned long address, unsigned long length,
	unsigned long prot)
{
	/* With READ_IMPLIES_EXEC the kernel adds PROT_EXEC, but not to this argument. */
	if (file && (prot & PROT_EXEC ||
			    bpf_get_current_task_btf()->personality & READ_IMPLIES_EXEC))
		end_mapping();
	return 0;
}

/* An execve(2) that failed after its hook: what it was to map is not going to be mapped. */
SEC("fentry/abort_creds")
int BPF_PROG(digsig_exec_failed)
{
	end_mapping();
	return 0;
}

/* A task that ends between execve(2)'s hook and its first mapping. */
SEC("tp_btf/sched_process_exit")
int BPF_PROG(digsig_task_exit)
{
	end_mapping();
	return 0;
}

SEC("lsm.s/bpf")
int BPF_PROG(digsig_request, int cmd, union bpf_attr *attr)
{
	carry_out_request();
	return lock_bpf(cmd, attr);
}

/* What a locked engine refuses besides: see lock.bpf.h. */

SEC("lsm/bpf_map")
int BPF_PROG(digsig_lock_map, struct bpf_map *map)
{
	return lock_map(map);
}

SEC("lsm/bpf_prog")
int BPF_PROG(digsig_lock_program, struct bpf_prog *program)
{
	return lock_program(program);
}

SEC("lsm/inode_unlink")
int BPF_PROG(digsig_lock_unlink, struct inode *directory, struct dentry *dentry)
{
	return lock_unlink(dentry);
}

SEC("lsm/inode_rmdir")
int BPF_PROG(digsig_lock_rmdir, struct inode *directory, struct dentry *dentry)
{
	return lock_rmdir(dentry);
}

SEC("lsm/inode_rename")
int BPF_PROG(digsig_lock_rename, struct inode *from_directory, struct dentry *from,
	struct inode *to_directory, struct dentry *to)
{
	return lock_rename(from, to);
}

SEC("lsm/sb_umount")
int BPF_PROG(digsig_lock_umount, struct vfsmount *mount, int flags)
{
	return lock_umount(mount, flags);
}

SEC("lsm/move_mount")
int BPF_PROG(digsig_lock_move_mount, struct path *from, struct path *to)
{
	return lock_move_mount(from);
}

SEC("lsm/sb_mount")
int BPF_PROG(digsig_lock_mount, const char *device, struct path *path, const char *type,
	unsigned long flags)
{
	return flags & MS_MOVE ? lock_moves_in(path) : 0;
}

SEC("lsm/sb_pivotroot")
int BPF_PROG(digsig_lock_pivot, struct path *old_root, struct path *new_root)
{
	return lock_moves_in(new_root);
}

SEC("lsm/locked_down")
int BPF_PROG(digsig_lock_down, int reason)
{
	return lock_down(reason);
}
