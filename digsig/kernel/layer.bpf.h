/* SPDX-License-Identifier: GPL-2.0 */
/*
 * When does the verdict that an overlayfs's inode carries still hold? As long as the file below is the
 * one that was judged, and was not opened for writing since. Both are kept beside the word.
 *
 * The two change at different times, so there is an order. Who is about to judge the file below after a
 * write takes the entry by making its count of writes BEING_CHANGED, voids the word, and only then
 * puts the new count there. So a word that somebody else is about to store, for the bytes of before,
 * finds the word changed and is dropped; and who finds the new count in the entry cannot find the old
 * verdict in the word, which he reads after it.
 *
 * The first file below that was judged stays the entry's. After a copy-up the file above shows another
 * one, which is judged at each use.
 */
#ifndef DIGSIG_LAYER_BPF_H
#define DIGSIG_LAYER_BPF_H

#include "below.bpf.h"

#define BEING_CHANGED (~0ULL)

struct layer {
	__u64 inode; /* address of the inode below; 0: none was judged */
	__u64 writes; /* its place's count when it was judged */
};

/* By the overlayfs's inode, which holds on to the one below: its address is nobody else's meanwhile. */
struct {
	__uint(type, BPF_MAP_TYPE_INODE_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct layer);
} layers SEC(".maps");

/* Asked before the word is read. */
static __always_inline bool is_layer_current(struct file *file, const struct pages *pages)
{
	struct layer *layer = bpf_inode_storage_get(&layers, file->f_inode, NULL, 0);

	return layer && pages->place && *(volatile __u64 *)&layer->inode == pages->inode &&
		__sync_fetch_and_add(&layer->writes, 0) == writes_of(pages->place);
}

/*
 * Before the file below is judged. writes: its place's count. NULL: the verdict can be given, but not
 * kept, and the word is void.
 */
static __always_inline struct layer *begin_layer(
	struct file *file, const struct pages *pages, __u64 *word, __u64 writes)
{
	struct layer *layer = bpf_inode_storage_get(
		&layers, file->f_inode, NULL, BPF_LOCAL_STORAGE_GET_F_CREATE);
	__u64 before;

	if (layer)
		__sync_val_compare_and_swap(&layer->inode, 0, pages->inode);
	if (!layer || *(volatile __u64 *)&layer->inode != pages->inode) {
		invalidate_verdict(word);
		return NULL;
	}
	before = __sync_fetch_and_add(&layer->writes, 0);
	if (before == writes)
		return layer;
	if (before == BEING_CHANGED ||
		__sync_val_compare_and_swap(&layer->writes, before, BEING_CHANGED) != before)
		return NULL;
	invalidate_verdict(word);
	__sync_lock_test_and_set(&layer->writes, writes);
	return layer;
}

/* Before the verdict is stored in a word that was read after begin_layer. */
static __always_inline bool is_layer_of(struct layer *layer, __u64 writes)
{
	return layer && __sync_fetch_and_add(&layer->writes, 0) == writes;
}

#endif
