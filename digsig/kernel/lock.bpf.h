/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The lock: from DIGSIG_COMMAND_LOCK until the machine restarts nobody, root included, takes the
 * engine out, weakens it, or gets at kernel memory by the ways that the kernel offers for it. All
 * of it is a check of settings.is_locked first, so that it costs nothing while there is no lock.
 *
 * What keeps the engine in the kernel are its links; what keeps those are their pins; what keeps
 * those is the BPF file system, which lives as long as it is mounted somewhere. Hence the three
 * parts on pins, on mounts, and on bpf(2).
 */
#ifndef DIGSIG_LOCK_BPF_H
#define DIGSIG_LOCK_BPF_H

#include "event.bpf.h"

#define PROC_SUPER_MAGIC 0x9fa0
#define SECURITYFS_MAGIC 0x73636673
#define BPF_FS_MAGIC 0xcafe4a11
#define MS_MOVE 8192
#define MNT_DETACH 2

/* Bounds of what is walked; beyond them the answer is the safe one. */
#define MOUNT_DEPTH_MAX 64
#define PEERS_MAX 8192
#define MASTERS_MAX 8
#define USED_MAPS_MAX 64

/*
 * Whether a policy is at least as strict as another: every scope of the old one is in the new one,
 * and wx is not lower (enum digsig_wx counts up with strictness). A locked engine takes no other.
 */
static __always_inline bool is_as_strict(
	__u32 old_scopes, __u32 old_wx, __u32 new_scopes, __u32 new_wx)
{
	return (new_scopes & old_scopes) == old_scopes && new_wx >= old_wx;
}

static __always_inline struct digsig_settings *get_settings_if_locked(void)
{
	struct digsig_settings *set = get_settings();

	return set && set->is_locked ? set : NULL;
}

/* Logs what was refused: a word of ours, and a name from the kernel behind it, or NULL. */
#define WORD_SIZE 48

static int refuse(struct digsig_settings *set, const char word[WORD_SIZE], const void *name)
{
	struct judgement judgement = { .hook = DIGSIG_HOOK_LOCK, .flags = DIGSIG_EVENT_DENIED };
	struct digsig_event *event;
	long length;

	COUNT(denied);
	event = begin_event(set, &judgement);
	if (!event)
		return -EPERM;
	length = bpf_probe_read_kernel_str(event->path, WORD_SIZE, word);
	if (name && length > 0 && length < WORD_SIZE)
		bpf_probe_read_kernel_str(event->path + length - 1, DIGSIG_COMM_SIZE * 4, name);
	bpf_ringbuf_submit(event, 0);
	return -EPERM;
}

#define REFUSE(set, word, name)                                                                    \
	({                                                                                         \
		static const char refused_word[WORD_SIZE] = word;                                  \
                                                                                                   \
		refuse(set, refused_word, name);                                                   \
	})

/* Part one: bpf(2). */

/* The maps that decide: a descriptor is one step on the way to changing them. */
#define ANY_DECIDING_MAP(condition)                                                                \
	(condition(settings) || condition(counters) || condition(trusted) ||                       \
		condition(inode_verdict) || condition(workspaces) || condition(catalog_copy) ||    \
		condition(revoked) || condition(places) || condition(mappings) ||              \
		condition(layers) || condition(hashing))

static __always_inline bool is_deciding_map(__u64 map)
{
#define IS_IT(name) (map == (__u64)&name)
	return ANY_DECIDING_MAP(IS_IT);
}

/* Any map of this object. Keep complete: it is by their maps that the engine knows its programs. */
static __always_inline bool is_own_map(__u64 map)
{
	return is_deciding_map(map) || map == (__u64)&request || map == (__u64)&request_block ||
		map == (__u64)&request_catalog || map == (__u64)&reply || map == (__u64)&events;
}

struct map_search {
	__u64 maps; /* struct bpf_map **, as a number */
	__u32 count;
	__u32 is_found;
};

/* bpf_loop callback */
static long look_at_used_map(__u32 index, void *context)
{
	struct map_search *search = context;
	__u64 map = 0;

	if (index >= search->count)
		return 1;
	bpf_probe_read_kernel(&map, sizeof(map), (void *)(search->maps + index * sizeof(map)));
	search->is_found = is_own_map(map);
	return search->is_found;
}

/* A program that uses a map of ours: one of ours, or one that means to write what we decide by. */
static bool uses_own_map(struct bpf_prog *program)
{
	struct map_search search = {
		.maps = (__u64)BPF_CORE_READ(program, aux, used_maps),
		.count = BPF_CORE_READ(program, aux, used_map_cnt),
	};

	bpf_loop(USED_MAPS_MAX, look_at_used_map, &search, 0);
	return search.is_found;
}

/*
 * The kinds of programs that see packets, sockets, devices of a cgroup, and so on, and can neither
 * write kernel memory nor change what a system call answers. All others are refused, also those
 * that a later kernel brings.
 */
static __always_inline bool is_harmless_kind(__u32 kind)
{
	switch (kind) {
	case BPF_PROG_TYPE_SOCKET_FILTER:
	case BPF_PROG_TYPE_SCHED_CLS:
	case BPF_PROG_TYPE_SCHED_ACT:
	case BPF_PROG_TYPE_XDP:
	case BPF_PROG_TYPE_CGROUP_SKB:
	case BPF_PROG_TYPE_CGROUP_SOCK:
	case BPF_PROG_TYPE_LWT_IN:
	case BPF_PROG_TYPE_LWT_OUT:
	case BPF_PROG_TYPE_LWT_XMIT:
	case BPF_PROG_TYPE_SOCK_OPS:
	case BPF_PROG_TYPE_SK_SKB:
	case BPF_PROG_TYPE_CGROUP_DEVICE:
	case BPF_PROG_TYPE_SK_MSG:
	case BPF_PROG_TYPE_CGROUP_SOCK_ADDR:
	case BPF_PROG_TYPE_LWT_SEG6LOCAL:
	case BPF_PROG_TYPE_LIRC_MODE2:
	case BPF_PROG_TYPE_SK_REUSEPORT:
	case BPF_PROG_TYPE_FLOW_DISSECTOR:
	case BPF_PROG_TYPE_CGROUP_SYSCTL:
	case BPF_PROG_TYPE_CGROUP_SOCKOPT:
	case BPF_PROG_TYPE_SK_LOOKUP:
	case 32 /* BPF_PROG_TYPE_NETFILTER, since 6.4 */:
		return true;
	}
	return false;
}

/* attr is the kernel's own copy: what user space writes meanwhile changes nothing. */
static __always_inline int lock_bpf(int command, union bpf_attr *attr)
{
	struct digsig_settings *set;
	__u32 kind = 0;

	if (command != BPF_PROG_LOAD)
		return 0;
	set = get_settings_if_locked();
	if (!set)
		return 0;
	if (bpf_probe_read_kernel(&kind, sizeof(kind), &attr->prog_type))
		return -EPERM;
	if (is_harmless_kind(kind))
		return 0;
	return REFUSE(set, "a new BPF program that can reach the kernel: ", attr->prog_name);
}

static __always_inline int lock_map(struct bpf_map *map)
{
	struct digsig_settings *set = get_settings_if_locked();

	if (!set || !is_deciding_map((__u64)map))
		return 0;
	return REFUSE(set, "a descriptor of the engine's maps", NULL);
}

/* Asked for each new descriptor of a program, that at the end of loading it included. */
static __always_inline int lock_program(struct bpf_prog *program)
{
	struct digsig_settings *set = get_settings_if_locked();

	if (!set || !uses_own_map(program))
		return 0;
	return REFUSE(set, "a program that uses the engine's maps", NULL);
}

/* Part two: the pins. */

static __always_inline bool is_on_bpffs(struct dentry *dentry)
{
	return BPF_CORE_READ(dentry, d_sb, s_magic) == BPF_FS_MAGIC;
}

/*
 * A pin of a map or a link of ours, wherever in whichever BPF file system: it is known by the
 * kernel's own pointer to what is pinned. A pin of something else, read as if it were a link, leads
 * nowhere.
 */
static bool is_own_pin(struct dentry *dentry)
{
	struct inode *inode = BPF_CORE_READ(dentry, d_inode);
	struct bpf_link *pinned;

	if (!inode || !is_on_bpffs(dentry))
		return false;
	pinned = BPF_CORE_READ(inode, i_private);
	return pinned &&
		(is_own_map((__u64)pinned) || uses_own_map(BPF_CORE_READ(pinned, prog)));
}

/* The directory "digsig" at the top of a BPF file system. Moved away, user space would be blind. */
static bool is_pin_directory(struct dentry *dentry)
{
	char name[8] = "";

	if (!is_on_bpffs(dentry) ||
		BPF_CORE_READ(dentry, d_parent) != BPF_CORE_READ(dentry, d_sb, s_root))
		return false;
	bpf_probe_read_kernel_str(name, sizeof(name), BPF_CORE_READ(dentry, d_name.name));
	return !bpf_strncmp(name, sizeof(name), "digsig");
}

static __always_inline int lock_unlink(struct dentry *dentry)
{
	struct digsig_settings *set = get_settings_if_locked();

	if (!set || !is_own_pin(dentry))
		return 0;
	return REFUSE(set, "unpinning ", BPF_CORE_READ(dentry, d_name.name));
}

/* Part three: the mounts. Kernel addresses are passed as numbers, which are only ever compared. */

static __always_inline struct mount *mount_of(struct vfsmount *mount)
{
	return (void *)mount - bpf_core_field_offset(struct mount, mnt);
}

/* The namespace of the kernel's own threads, which PID 1 begins in. It never goes. */
static __always_inline struct mnt_namespace *first_namespace(void)
{
	struct task_struct *task = (struct task_struct *)kernel_addresses.init_task;

	return task ? BPF_CORE_READ(task, nsproxy, mnt_ns) : NULL;
}

static __always_inline bool is_in_first_namespace(struct mount *mount)
{
	struct mnt_namespace *first = first_namespace();

	return first && BPF_CORE_READ(mount, mnt_ns) == first;
}

/* Whether mount is below above, or is it. Too deep: as if it were. Not static, and so verified once. */
__noinline int is_within(__u64 mount_address, __u64 above)
{
	struct mount *mount = (struct mount *)mount_address;

	for (int depth = 0; depth < MOUNT_DEPTH_MAX; depth++) {
		struct mount *parent;

		if ((__u64)mount == above)
			return true;
		parent = BPF_CORE_READ(mount, mnt_parent);
		if (!parent || parent == mount)
			return false;
		mount = parent;
	}
	return true;
}

struct peer_walk {
	__u64 first, at; /* struct mount *: in the ring of those that share unmounts */
	__u64 target; /* that is to be unmounted */
	__u64 target_parent, target_place;
	__u64 place; /* where the BPF file system is mounted on its parent */
	__u32 is_lazy; /* takes what is mounted below along */
	__u32 is_hit, is_done;
};

/*
 * bpf_loop callback. Unmounting what is at the same place of a peer unmounts it here too; so does
 * unmounting, lazily, a tree that the peer is in.
 */
static long look_at_peer(__u32 index, void *context)
{
	struct peer_walk *walk = context;
	struct mount *peer = (struct mount *)walk->at;
	struct list_head *next;

	if ((walk->target_parent == walk->at && walk->target_place == walk->place) ||
		(walk->is_lazy && is_within(walk->at, walk->target))) {
		walk->is_hit = 1;
		return 1;
	}
	next = BPF_CORE_READ(peer, mnt_share.next);
	walk->at = (__u64)next - bpf_core_field_offset(struct mount, mnt_share);
	walk->is_done = !next || walk->at == walk->first;
	return walk->is_done;
}

/* Whether unmounting target unmounts, by propagation, the mount of the pins. */
static bool spreads_to(struct mount *pins, struct mount *target, bool is_lazy)
{
	struct mount *parent = BPF_CORE_READ(pins, mnt_parent);
	struct peer_walk walk = {
		.target = (__u64)target,
		.target_parent = (__u64)BPF_CORE_READ(target, mnt_parent),
		.target_place = (__u64)BPF_CORE_READ(target, mnt_mountpoint),
		.place = (__u64)BPF_CORE_READ(pins, mnt_mountpoint),
		.is_lazy = is_lazy,
	};

	/* From its own peers, from those of its master, from those of the master's master ... */
	for (int level = 0; level < MASTERS_MAX; level++) {
		if (!parent)
			return false;
		walk.first = walk.at = (__u64)parent;
		walk.is_done = 0;
		bpf_loop(PEERS_MAX, look_at_peer, &walk, 0);
		if (walk.is_hit || !walk.is_done)
			return true;
		parent = BPF_CORE_READ(parent, mnt_master);
	}
	return true;
}

/* "digsig lock" shows where the pins are: see DIGSIG_MOUNT_KNOCK. */
static __always_inline int note_mount(struct digsig_settings *set, struct mount *mount)
{
	if (BPF_CORE_READ(mount, mnt.mnt_sb, s_magic) != BPF_FS_MAGIC ||
		!is_in_first_namespace(mount))
		return 0;
	if (!set->is_locked)
		set->bpffs_mount = (__u64)mount;
	return set->bpffs_mount == (__u64)mount ? -EALREADY : -EPERM;
}

static __always_inline int lock_umount(struct vfsmount *unmounted, int flags)
{
	struct digsig_settings *set = get_settings();
	struct mount *target = mount_of((struct vfsmount *)address_of(unmounted)), *pins;

	if (!set)
		return 0;
	if (flags == DIGSIG_MOUNT_KNOCK)
		return note_mount(set, target);
	if (!set->is_locked)
		return 0;
	pins = (struct mount *)set->bpffs_mount;
	if (!is_within((__u64)pins, (__u64)target) && !spreads_to(pins, target, flags & MNT_DETACH))
		return 0;
	return REFUSE(set, "unmounting the engine's pins", NULL);
}

/*
 * Between the check above and the unmounting itself a mount could be moved to where it is taken
 * along. So what the pins are in stays where it is.
 */
static __always_inline int lock_move_mount(const struct path *from)
{
	struct digsig_settings *set = get_settings_if_locked();
	struct mount *moved, *pins;

	if (!set)
		return 0;
	moved = mount_of(BPF_CORE_READ(from, mnt));
	pins = (struct mount *)set->bpffs_mount;
	/* A mount of the group that the pins hang on: MOVE_MOUNT_SET_GROUP would spread it. */
	if (is_within((__u64)pins, (__u64)moved) ||
		(BPF_CORE_READ(moved, mnt_group_id) &&
			BPF_CORE_READ(moved, mnt_group_id) ==
				BPF_CORE_READ(pins, mnt_parent, mnt_group_id)))
		return REFUSE(set, "moving the mount of the engine's pins", NULL);
	return 0;
}

/* mount(2) with MS_MOVE and pivot_root(2) do not tell what moves: refused in the first namespace. */
static __always_inline int lock_moves_in(const struct path *where)
{
	struct digsig_settings *set = get_settings_if_locked();

	if (!set || !is_in_first_namespace(mount_of(BPF_CORE_READ(where, mnt))))
		return 0;
	return REFUSE(set, "moving mounts", NULL);
}

/*
 * A directory that is a mount point in another namespace can be removed, and what is mounted on it
 * is then unmounted there.
 */
static bool is_on_the_way(struct digsig_settings *set, struct dentry *dentry)
{
	struct mount *mount = (struct mount *)set->bpffs_mount;

	for (int depth = 0; depth < MOUNT_DEPTH_MAX; depth++) {
		struct mount *parent = BPF_CORE_READ(mount, mnt_parent);

		if (BPF_CORE_READ(mount, mnt_mountpoint) == dentry)
			return parent && parent != mount;
		if (!parent || parent == mount)
			return false;
		mount = parent;
	}
	return true;
}

static __always_inline int lock_rmdir(struct dentry *dentry)
{
	struct digsig_settings *set = get_settings_if_locked();

	if (!set || !(is_pin_directory(dentry) || is_on_the_way(set, dentry)))
		return 0;
	return REFUSE(set, "removing the directory ", BPF_CORE_READ(dentry, d_name.name));
}

/* The second name may be free: then its dentry has no inode. */
static __always_inline int lock_rename(struct dentry *from, struct dentry *to)
{
	struct digsig_settings *set = get_settings_if_locked();

	if (!set)
		return 0;
	if (is_own_pin(from) || is_own_pin(to) || is_pin_directory(from) || is_pin_directory(to) ||
		(BPF_CORE_READ(to, d_inode) && is_on_the_way(set, to)))
		return REFUSE(set, "renaming ", BPF_CORE_READ(from, d_name.name));
	return 0;
}

/* Part four: the rest of the kernel. */

/*
 * Files whose writing changes what the engine stands on: kernel.ftrace_enabled=0 takes all BPF
 * programs off their hooks; a policy of IMA changes when files are hashed anew.
 */
static __always_inline bool is_switch(struct file *file)
{
	struct dentry *dentry = BPF_CORE_READ(file, f_path.dentry);
	char name[16] = "";

	switch (BPF_CORE_READ(dentry, d_sb, s_magic)) {
	case PROC_SUPER_MAGIC:
		bpf_probe_read_kernel_str(name, sizeof(name), BPF_CORE_READ(dentry, d_name.name));
		return !bpf_strncmp(name, sizeof(name), "ftrace_enabled");
	case SECURITYFS_MAGIC:
		bpf_probe_read_kernel_str(
			name, sizeof(name), BPF_CORE_READ(dentry, d_parent, d_name.name));
		if (bpf_strncmp(name, 4, "ima"))
			return false;
		bpf_probe_read_kernel_str(name, sizeof(name), BPF_CORE_READ(dentry, d_name.name));
		return !bpf_strncmp(name, 7, "policy");
	}
	return false;
}

/* For a file that is opened for writing. */
static __always_inline int lock_open(struct digsig_settings *set, struct file *file)
{
	if (!set->is_locked || !is_switch(file))
		return 0;
	return REFUSE(set, "writing ", BPF_CORE_READ(file, f_path.dentry, d_name.name));
}

/* As with lockdown=integrity on the kernel's command line. */
static __always_inline int lock_down(__u32 reason)
{
	struct digsig_settings *set = get_settings_if_locked();
	const char *name = NULL;

	if (!set || !reason ||
		reason >= bpf_core_enum_value(enum lockdown_reason, LOCKDOWN_INTEGRITY_MAX))
		return 0;
	if (kernel_addresses.lockdown_reasons)
		bpf_probe_read_kernel(&name, sizeof(name),
			(const char *const *)kernel_addresses.lockdown_reasons + reason);
	return REFUSE(set, "kernel lockdown: ", name);
}

/* DIGSIG_COMMAND_LOCK */

/* A pin is the one user that each map may have: a descriptor would survive the lock. */
static __always_inline bool is_open_somewhere(void)
{
#define IS_OPEN(name) (((struct bpf_map *)&name)->usercnt.counter != 1)
	return ANY_DECIDING_MAP(IS_OPEN);
}

static __always_inline int lock_engine(struct digsig_settings *set)
{
	if (set->is_locked)
		return 0;
	if (!set->bpffs_mount || !is_in_first_namespace((struct mount *)set->bpffs_mount))
		return -EXDEV;
	/*
	 * First the lock: lock_map refuses a descriptor that is made after the look. An exchange, so that no
	 * processor does the look first.
	 */
	__sync_lock_test_and_set(&set->is_locked, 1);
	if (is_open_somewhere()) {
		set->is_locked = 0;
		return -EBUSY;
	}
	return 0;
}

#endif
