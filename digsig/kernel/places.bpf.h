/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is counted and noted of an inode whose verdict word is out of reach: of one that lies below an
 * overlayfs, which the verifier knows as a number only, and of one that may not have a word at all. It
 * lies in an array, in a place that follows from the inode, and so needs no memory at run time and
 * cannot fail.
 *
 * Two inodes can share a place. So a count of mappings that is not zero may be another file's; a count
 * of writes that grew costs a hash; and a note is a reason to look, not an answer.
 */
#ifndef DIGSIG_PLACES_BPF_H
#define DIGSIG_PLACES_BPF_H

#include "maps.bpf.h"

enum place_note {
	NOTED_CODE = 1, /* below an overlayfs, it was about to be mapped as code */
	NOTED_SHARED = 2, /* below an overlayfs, somebody who could write mapped it shared */
	NOTED_UNRECORDED = 4, /* it was about to be mapped, and in_use.bpf.h had no entry for that */
};

struct place {
	__u32 mappings; /* on their way: see in_use.bpf.h */
	__u32 notes; /* enum place_note, for good */
	__u64 writes; /* how often it was opened for writing or truncated */
};

#define PLACES 65536

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, PLACES);
	__type(key, __u32);
	__type(value, struct place);
} places SEC(".maps");

/*
 * The index of an inode's place. An address becomes another inode's as soon as a file is removed, and
 * what was counted for the old one is not the new one's: so its number counts, too.
 */
static __always_inline __u32 place_index(__u64 address, __u64 number, __u64 generation)
{
	return ((address ^ number << 20 ^ generation << 32) * 0x9e3779b97f4a7c15ULL) >> 48;
}

static __always_inline __u32 place_index_of(struct inode *inode, __u64 address)
{
	return place_index(address, inode->i_ino, inode->i_generation);
}

/* The same for an inode that is a number. */
static __always_inline __u32 place_index_by_address(__u64 address)
{
	struct inode *inode = (struct inode *)address;

	return place_index(
		address, BPF_CORE_READ(inode, i_ino), BPF_CORE_READ(inode, i_generation));
}

/* Never NULL for an index from above, which the verifier does not know. */
static __always_inline struct place *place_at(__u32 index)
{
	return bpf_map_lookup_elem(&places, &index);
}

static __always_inline void note(struct place *place, __u32 note)
{
	if (place && !(*(volatile __u32 *)&place->notes & note))
		__sync_fetch_and_or(&place->notes, note);
}

static __always_inline bool is_noted(const struct place *place, __u32 note)
{
	return !place || *(volatile __u32 *)&place->notes & note;
}

static __always_inline __u64 writes_of(struct place *place)
{
	return __sync_fetch_and_add(&place->writes, 0);
}

#endif
