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

char _license[] SEC("license") = "GPL";

/* After a script, the interpreter that its first line names comes through here too. */
SEC("lsm.s/bprm_check_security")
int BPF_PROG(digsig_exec, struct linux_binprm *bprm)
{
	bool is_script = bprm->buf[0] == '#' && bprm->buf[1] == '!';
	struct digsig_settings *set =
		settings_in_scope(is_script ? DIGSIG_SCOPE_SCRIPTS : DIGSIG_SCOPE_EXEC);

	return set ? judge_file(set, bprm->file, DIGSIG_HOOK_EXEC) : 0;
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

/*
 * An anonymous mapping has no file, which the verifier does not believe before 7.0: it drops the
 * comparison with NULL. So the argument is fetched once more as a mere number.
 */
SEC("lsm.s/mmap_file")
int BPF_PROG(digsig_mmap, struct file *file, unsigned long reqprot, unsigned long prot)
{
	struct digsig_settings *set;
	__u64 file_address = 0;

	if (!(prot & PROT_EXEC))
		return 0;
	bpf_probe_read_kernel(&file_address, sizeof(file_address), ctx);
	if (!file_address || !file)
		return 0;
	set = settings_in_scope(DIGSIG_SCOPE_MMAP);
	return set ? judge_file(set, file, DIGSIG_HOOK_MMAP) : 0;
}

/* The bytes may change from here on. Code that is mapped may not: the writer gets ETXTBSY. */
SEC("lsm/file_open")
int BPF_PROG(digsig_open, struct file *file)
{
	struct judgement judgement = { .hook = DIGSIG_HOOK_WRITE };
	struct digsig_settings *set = get_settings();
	struct inode *inode = file->f_inode;
	__u64 *cache;
	bool trusted_code;

	if (!(file->f_mode & FMODE_WRITE) || !set)
		return 0;
	if (lock_open(set, file))
		return -EPERM;
	cache = bpf_inode_storage_get(&inode_verdict, inode, 0, 0);
	if (!cache)
		return 0;
	trusted_code = cached_verdict(*cache, set) == DIGSIG_VERDICT_OK;
	invalidate_verdict(cache);
	if (!trusted_code || set->mode != DIGSIG_MODE_ENFORCING ||
		!BPF_CORE_READ(inode, i_mapping, i_mmap.rb_root.rb_node))
		return 0;
	judgement.result.verdict = DIGSIG_VERDICT_UNSTABLE;
	judgement.flags = DIGSIG_EVENT_DENIED;
	emit_event(set, file, &judgement);
	return -ETXTBSY;
}

static __always_inline int invalidate_inode(struct inode *inode)
{
	__u64 *cache = bpf_inode_storage_get(&inode_verdict, inode, 0, 0);

	if (cache)
		invalidate_verdict(cache);
	return 0;
}

/* truncate(2); and before 6.2 also open(2) with O_TRUNC, and ftruncate(2) */
SEC("lsm/path_truncate")
int BPF_PROG(digsig_truncate_path, struct path *path)
{
	return invalidate_inode(path->dentry->d_inode);
}

/* open(2) with O_TRUNC, and ftruncate(2), from 6.2 on */
SEC("?lsm/file_truncate")
int BPF_PROG(digsig_truncate_file, struct file *file)
{
	return invalidate_inode(file->f_inode);
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
