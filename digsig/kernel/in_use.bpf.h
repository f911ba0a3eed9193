/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Is a file in use as code? While it is, nobody may open it for writing or truncate it, whatever its
 * cached verdict is by then: what was checked has to be what runs.
 *
 * The kernel's own record of who maps a file, i_mmap, answers that, but for the time between the
 * mmap_file hook and the moment at which the mapping stands there. Another thread can make that
 * time as long as it likes: it only has to hold mmap_lock. So the hook counts the mapping as on its way
 * before it looks at the verdict, and what runs when the kernel's function that maps returns takes it
 * from the count: then the mapping is made or has failed.
 *
 * The counts lie in the inodes' places: see places.bpf.h.
 */
#ifndef DIGSIG_IN_USE_BPF_H
#define DIGSIG_IN_USE_BPF_H

#include "places.bpf.h"
#include "verdict_cache.bpf.h"

/*
 * Which inode a task is mapping. An array, too: storage of the task's own would have to be made for each
 * new process, which costs ten times what all else here does. A task takes the first free one of the
 * entries that its address leads to.
 */
struct mapping {
	__u64 task; /* its address; 0: free */
	__u64 inode; /* the address of the one that it is mapping */
	__u64 place_index; /* of that inode */
};

#define MAPPINGS 16384
#define PROBES 4

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, MAPPINGS);
	__type(key, __u32);
	__type(value, struct mapping);
} mappings SEC(".maps");

static __always_inline struct mapping *mapping_at(__u64 task, __u32 probe)
{
	__u32 index = ((task * 0x9e3779b97f4a7c15ULL >> 48) + probe) % MAPPINGS;

	return bpf_map_lookup_elem(&mappings, &index);
}

static __always_inline void uncount(const struct mapping *mapping)
{
	struct place *place = place_at(mapping->place_index);

	if (place)
		__sync_fetch_and_sub(&place->mappings, 1);
}

/* When a task has mapped something, and when it ends. */
static __always_inline void end_mapping(void)
{
	__u64 task = bpf_get_current_task();

	for (int probe = 0; probe < PROBES; probe++) {
		struct mapping *mapping = mapping_at(task, probe);

		if (!mapping || *(volatile __u64 *)&mapping->task != task)
			continue;
		/* First the count: in a free entry another task may overwrite place_index. */
		uncount(mapping);
		__sync_lock_test_and_set(&mapping->task, 0);
	}
}

/*
 * Before the verdict is looked at. First the entry, then the count: whoever sees the count finds the
 * entry. A task that finds no entry free makes its file one that cannot be written in place any more,
 * which is better than that it can.
 */
static __always_inline void begin_mapping(__u64 inode, struct place *place, __u32 place_index)
{
	__u64 task = bpf_get_current_task(), before;

	if (!place)
		return;
	for (int probe = 0; probe < PROBES; probe++) {
		struct mapping *mapping = mapping_at(task, probe);

		if (!mapping)
			continue;
		before = __sync_val_compare_and_swap(&mapping->task, 0, task);
		if (before && before != task)
			continue;
		if (before) /* of an execve(2) that failed */
			uncount(mapping);
		mapping->place_index = place_index;
		__sync_lock_test_and_set(&mapping->inode, inode);
		__sync_fetch_and_add(&place->mappings, 1);
		return;
	}
	note(place, NOTED_UNRECORDED);
}

struct mapping_search {
	__u64 inode;
	__u32 is_found;
};

/* bpf_loop callback */
static long is_mapping_of(__u32 index, void *context)
{
	struct mapping_search *search = context;
	struct mapping *mapping = bpf_map_lookup_elem(&mappings, &index);

	search->is_found = !mapping || (*(volatile __u64 *)&mapping->task &&
		*(volatile __u64 *)&mapping->inode == search->inode);
	return search->is_found;
}

/* The count may be another inode's, which shares the place: rare enough to look through all entries. */
static __always_inline bool is_on_its_way(__u64 inode, const struct place *place)
{
	struct mapping_search search = { .inode = inode };

	if (is_noted(place, NOTED_UNRECORDED))
		return true;
	if (!*(volatile __u32 *)&place->mappings)
		return false;
	bpf_loop(MAPPINGS, is_mapping_of, &search, 0);
	return search.is_found;
}

/*
 * The kernel keeps all mappings of a file in a tree, and takes one out for a moment while it splits it
 * or moves its ends, holding the tree's lock. So an empty tree counts only if the lock was free before
 * the look and after it, and several looks have to agree: who changes a mapping all the time cannot be
 * caught between the two each time.
 */
#define LOOKS 12
#define RWSEM_WRITER_LOCKED 1

static __always_inline bool is_being_changed(struct address_space *mapping)
{
	if (!bpf_core_field_exists(mapping->i_mmap_rwsem.count))
		return false;
	return BPF_CORE_READ(mapping, i_mmap_rwsem.count.counter) & RWSEM_WRITER_LOCKED;
}

/*
 * Whether any process has the inode mapped; "yes" while that cannot be told. inode: its address. Not
 * static, and so verified once.
 */
__noinline int is_mapped(__u64 inode)
{
	struct address_space *mapping = BPF_CORE_READ((struct inode *)inode, i_mapping);

	for (int i = 0; i < LOOKS; i++)
		if (is_being_changed(mapping) ||
			BPF_CORE_READ(mapping, i_mmap.rb_root.rb_node) ||
			is_being_changed(mapping))
			return true;
	return false;
}

#define WALKS 4
#define STEPS_MAX (1 << 20)
#define VM_EXEC 4

struct tree_walk {
	__u64 node, from; /* struct rb_node *, as numbers */
	__u32 is_executable;
};

/* bpf_loop callback: one step along an edge of the tree, to the left before to the right. */
static long step_in_tree(__u32 round, void *context)
{
	struct tree_walk *walk = context;
	struct rb_node *node = (void *)walk->node;
	__u64 parent, left, right;

	if (!node)
		return 1;
	/* The lowest bits are the node's colour. */
	parent = BPF_CORE_READ(node, __rb_parent_color) & ~3UL;
	left = (__u64)BPF_CORE_READ(node, rb_left);
	right = (__u64)BPF_CORE_READ(node, rb_right);
	/* From above: the first time. The root's parent is 0, as "from" is at the start. */
	if (walk->from == parent) {
		struct vm_area_struct *vma =
			(void *)node - bpf_core_field_offset(struct vm_area_struct, shared.rb);

		if (BPF_CORE_READ(vma, vm_flags) & VM_EXEC) {
			walk->is_executable = true;
			return 1;
		}
		walk->node = left ? left : right ? right : parent;
	} else {
		walk->node = walk->from == left && right ? right : parent;
	}
	walk->from = (__u64)node;
	return 0;
}

/*
 * As is_mapped, of executable mappings, for files below an overlayfs: what was noted may be about
 * another file. A walk that comes to no end counts as one that found some.
 */
__noinline int is_mapped_executable(__u64 inode)
{
	struct address_space *mapping = BPF_CORE_READ((struct inode *)inode, i_mapping);

	for (int i = 0; i < WALKS; i++) {
		struct tree_walk walk = {};

		if (is_being_changed(mapping))
			return true;
		walk.node = (__u64)BPF_CORE_READ(mapping, i_mmap.rb_root.rb_node);
		bpf_loop(STEPS_MAX, step_in_tree, &walk, 0);
		if (walk.is_executable || walk.node || is_being_changed(mapping))
			return true;
	}
	return false;
}

/*
 * inode: its address; place, word: its own. Of what was ok any mapping counts, since mprotect(2) may
 * make it code.
 */
static __always_inline bool is_in_use_as_code(
	__u64 inode, const struct place *place, const __u64 *word)
{
	if (!place || is_on_its_way(inode, place))
		return true;
	if (word && *(volatile __u64 *)word & WORD_WAS_OK && is_mapped(inode))
		return true;
	return is_noted(place, NOTED_CODE) && is_mapped_executable(inode);
}

#endif
