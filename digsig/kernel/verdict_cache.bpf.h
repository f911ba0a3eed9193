/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The verdict that an inode carries: one word, changed only by atomic operations.
 *
 *   bits 63..32  how often the inode was opened for writing or truncated since it was first judged
 *   bits 31..8   the generation in which the verdict was given: of OK generation, of all others
 *                refusal_generation (settings)
 *   bit 7        the verdict is OK, and the signature lets the program write its own code
 *   bit 6        memory of that program which is writable and executable was logged already
 *   bit 5        the verdict was OK at some time: see in_use.bpf.h
 *   bit 4        somebody who could write mapped it shared: see held_pages.bpf.h
 *   bits 3..0    enum digsig_verdict; NONE: judge it
 *
 * Who judges reads the word, then checks that nobody has the inode open for writing, then hashes,
 * and stores the verdict only if the word is still the one it read. Who opens for writing is first
 * counted in i_writecount by the kernel, then changes the word here. So whichever comes first, a
 * verdict about bytes that somebody could have changed is never stored.
 */
#ifndef DIGSIG_VERDICT_CACHE_BPF_H
#define DIGSIG_VERDICT_CACHE_BPF_H

#include "maps.bpf.h"

#define WRITES_ONE (1ULL << 32)
#define WRITES_MASK (~0ULL << 32)
#define WRITES_OWN_CODE 0x80U
#define WX_LOGGED 0x40U
#define WORD_WAS_OK 0x20U
#define WORD_SHARED 0x10U
/* What a change of the bytes does not clear. */
#define WORD_LASTING (WRITES_MASK | WORD_WAS_OK | WORD_SHARED)

/*
 * The inode's word, made if need be. Making it fails when another processor makes it at the same
 * time, and for want of memory. In the first case it is there now; in the second NULL is returned, and
 * nothing may be found ok.
 */
static __always_inline __u64 *inode_word(struct inode *inode)
{
	__u64 *word = bpf_inode_storage_get(
		&inode_verdict, inode, NULL, BPF_LOCAL_STORAGE_GET_F_CREATE);

	return word ? word : bpf_inode_storage_get(&inode_verdict, inode, NULL, 0);
}

/*
 * There are two generations, so that after a catalog was loaded what was refused is judged anew and
 * what was ok stays ok; after one was taken out it is the other way round. Each kind of verdict counts
 * under its own alone.
 */
static __always_inline __u32 cached_verdict(__u64 word, const struct digsig_settings *set)
{
	return digsig_verdict_of_word(word, *(const volatile __u32 *)&set->generation,
		*(const volatile __u32 *)&set->refusal_generation);
}

/*
 * Voids what is cached. A generation never comes back: at the last one it stays, and from then on
 * nothing that is cached counts, so that each use is judged.
 */
static __always_inline void raise_generation(__u32 *generation)
{
	if (*(volatile __u32 *)generation < DIGSIG_GENERATION_LAST)
		__sync_fetch_and_add(generation, 1);
}

static __always_inline bool may_write_own_code(__u64 word, const struct digsig_settings *set)
{
	return cached_verdict(word, set) == DIGSIG_VERDICT_OK && word & WRITES_OWN_CODE;
}

/*
 * low: the verdict, and WRITES_OWN_CODE if it has that. Whoever judged it has found that no page is
 * held, so that mark goes. Returns false if the inode was opened for writing since the word was read.
 */
static __always_inline bool store_verdict(__u64 *cache, __u64 word, __u32 generation, __u32 low)
{
	__u64 judged = (word & (WRITES_MASK | WORD_WAS_OK)) |
		(generation & DIGSIG_GENERATION_MASK) << 8 | low;
	__u64 before;

	if ((low & DIGSIG_WORD_VERDICT_MASK) == DIGSIG_VERDICT_OK)
		judged |= WORD_WAS_OK;
	before = __sync_val_compare_and_swap(cache, word, judged);
	/* Another judge of the same bytes, or of the program's memory, may have been quicker. */
	return (before & (WRITES_MASK | WORD_SHARED)) == (word & (WRITES_MASK | WORD_SHARED));
}

/*
 * Adding before clearing: between the two the old verdict stands, about bytes that nobody can have
 * changed yet, since the open(2) that we are in has not returned.
 */
static __always_inline void invalidate_verdict(__u64 *cache)
{
	__sync_fetch_and_add(cache, WRITES_ONE);
	__sync_fetch_and_and(cache, WORD_LASTING);
}

#endif
