/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The last page of a file goes on where the file ends, and a mapping shows all of it. Who could write a
 * shared mapping may have left something there, which no hash covers. So it has to be zero, as it is on the
 * disk, up to the end of the page; in a large folio, which can be mapped whole, up to that one's end.
 */
#ifndef DIGSIG_PAST_END_BPF_H
#define DIGSIG_PAST_END_BPF_H

#include "held_pages.bpf.h"

#ifdef __TARGET_ARCH_x86

/* Of the largest folio, in words. */
#define PAST_END_WORDS_MAX ((2 << 20) / 8)

struct past_end {
	__u64 mapping; /* struct address_space *, as a number */
	__u64 at, end; /* in bytes from the file's begin */
	__u64 page; /* the address of the page that "at" is in; 0: not known yet */
	__u32 is_used;
};

/* bpf_loop callback: one word a round. */
static long look_past_end(__u32 round, void *context)
{
	struct past_end *walk = context;
	__u64 within = walk->at & (PAGE_SIZE - 1), word = ~0ULL;

	if (walk->at >= walk->end)
		return 1;
	if (!walk->page || !within)
		walk->page = find_page_address(walk->mapping, walk->at >> PAGE_SHIFT);
	/* Of a page that is not found, or cannot be read, the word is ~0, which counts as used. */
	if (walk->page && bpf_probe_read_kernel(&word, sizeof(word), (void *)(walk->page + (within & ~7UL))))
		word = ~0ULL;
	walk->is_used = (word >> 8 * (within & 7)) != 0;
	walk->at = (walk->at & ~7UL) + 8;
	return walk->is_used;
}

/*
 * Whether something is there, or that cannot be told. inode: its address; its last page is in memory, since
 * it has just been hashed.
 */
__noinline bool is_used_past_end(__u64 address)
{
	struct inode *inode = (struct inode *)address;
	struct past_end walk = {
		.mapping = (__u64)BPF_CORE_READ(inode, i_mapping),
		.at = BPF_CORE_READ(inode, i_size),
	};
	__u64 last = (walk.at - 1) >> PAGE_SHIFT, flags = 0;
	struct folio *folio;

	if (!walk.at)
		return false;
	folio = (struct folio *)find_folio_address(walk.mapping, last);
	if (!folio)
		return walk.at & (PAGE_SIZE - 1);
	bpf_probe_read_kernel(&flags, sizeof(flags), folio);
	walk.end = (last + 1) << PAGE_SHIFT;
	if (FOLIO_HAS(flags, PG_head))
		walk.end = (BPF_CORE_READ(folio, index) + pages_of_large_folio(folio)) << PAGE_SHIFT;
	bpf_loop(PAST_END_WORDS_MAX, look_past_end, &walk, 0);
	return walk.is_used || walk.at < walk.end;
}

#else

/* Not written for this machine; what was mapped to be written stays refused: see held_pages.bpf.h. */
static __always_inline bool is_used_past_end(__u64 address)
{
	return false;
}

#endif

#endif
