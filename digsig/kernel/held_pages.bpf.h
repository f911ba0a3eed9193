/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Does somebody hold pages of a file who may still write them? A mapping and a descriptor count in
 * i_writecount; a page that was taken with get_user_pages for an io_uring buffer, a read that is under
 * way or another process does not, and outlives both. Only who mapped the file shared, with the right
 * to write, can take one, and such an inode is marked (WORD_SHARED). Before it is found ok again, each
 * of its pages in memory is looked at: it may have no reference but the page cache's, its mappings'
 * and the kernel's own. memfd's seals wait for the same (mm/memfd.c).
 *
 * The walk runs while nobody has the file open for writing, so nobody can take another page.
 *
 * What was mapped before the engine started bears no mark. Only tmpfs lets pages be held for long, and
 * who does so is counted in a way of its own (FOLL_PIN: 1,024 references each, or a count of pins).
 * So an inode on tmpfs that is judged for the first time is looked at for that.
 */
#ifndef DIGSIG_HELD_PAGES_BPF_H
#define DIGSIG_HELD_PAGES_BPF_H

#include "file_tail.bpf.h"
#include "places.bpf.h"
#include "verdict_cache.bpf.h"

/* Which of those who hold pages are looked for. */
enum held_as {
	HELD_AT_ALL,
	HELD_BY_PINS,
};

#ifdef __TARGET_ARCH_x86

#define S_DAX (1 << 13)

/* BPF programs know enumerators of the running kernel by name. */
#define FOLIO_HAS(flags, bit) ((flags) >> bpf_core_enum_value(enum pageflags, bit) & 1)

/* include/linux/mm.h: GUP_PIN_COUNTING_BIAS */
#define PIN_REFERENCES 1024

struct page_walk {
	__u64 mapping; /* struct address_space *, as a number */
	__u64 pages;
	__u64 last; /* the folio looked at last */
	__u32 is_mapped;
	__u32 is_held;
	__u32 held_as; /* enum held_as */
};

/* Pages that a folio has, by what the kernel notes in its second page; 0: cannot be told. */
static __always_inline __u64 pages_of_large_folio(struct folio *folio)
{
	struct folio___with_number *counted = (void *)folio;
	struct folio___with_short_number *newer = (void *)folio;

	if (bpf_core_field_exists(counted->_folio_nr_pages))
		return BPF_CORE_READ(counted, _folio_nr_pages);
	if (bpf_core_field_exists(newer->_nr_pages))
		return BPF_CORE_READ(newer, _nr_pages);
	return 0;
}

/* The folio's own count of pins. Where a kernel has none, the worst is assumed. */
static __always_inline bool is_large_folio_pinned(struct folio *folio)
{
	struct folio___with_pins *counted = (void *)folio;

	return !bpf_core_field_exists(counted->_pincount) ||
		BPF_CORE_READ(counted, _pincount.counter) > 0;
}

static __always_inline bool is_large_folio_held(struct folio *folio, __u64 flags, bool is_mapped)
{
	__u64 pages = pages_of_large_folio(folio);

	/* How often a part of it is mapped is not kept in one place. */
	if (!pages || is_mapped)
		return true;
	/* The page cache has a reference for each of its pages. */
	return BPF_CORE_READ(folio, _refcount.counter) >
		(__s64)(pages + FOLIO_HAS(flags, PG_private) + !FOLIO_HAS(flags, PG_lru));
}

static __always_inline bool is_held(struct folio *folio, bool is_mapped, enum held_as held_as)
{
	/* The page cache has one reference, and each mapping: _mapcount counts them from -1. */
	__s64 expected = 1 + BPF_CORE_READ(folio, _mapcount.counter) + 1;
	__u64 flags = 0;

	bpf_probe_read_kernel(&flags, sizeof(flags), folio);
	if (FOLIO_HAS(flags, PG_head))
		return held_as == HELD_BY_PINS ? is_large_folio_pinned(folio) :
						 is_large_folio_held(folio, flags, is_mapped);
	if (held_as == HELD_BY_PINS)
		expected += PIN_REFERENCES - 1;
	else /* whoever has it on a list of his own holds it, too */
		expected += FOLIO_HAS(flags, PG_private) + !FOLIO_HAS(flags, PG_lru);
	return BPF_CORE_READ(folio, _refcount.counter) > expected;
}

/* bpf_loop callback */
static long look_at_page(__u32 index, void *context)
{
	struct page_walk *walk = context;
	__u64 folio;

	if (index >= walk->pages)
		return 1;
	folio = find_folio_address(walk->mapping, index);
	if (!folio || folio == walk->last)
		return 0;
	walk->last = folio;
	walk->is_held = is_held((struct folio *)folio, walk->is_mapped, walk->held_as);
	return walk->is_held;
}

#define HELD_PAGES_MAX (1 << 20)

/* inode: its address. */
__noinline bool are_pages_held(__u64 address, enum held_as held_as)
{
	struct inode *inode = (struct inode *)address;
	struct address_space *mapping = BPF_CORE_READ(inode, i_mapping);
	struct page_walk walk = {
		.mapping = (__u64)mapping,
		.held_as = held_as,
		.is_mapped = BPF_CORE_READ(mapping, i_mmap.rb_root.rb_node) != NULL,
		.pages = (BPF_CORE_READ(inode, i_size) + PAGE_SIZE - 1) >> PAGE_SHIFT,
	};

	/* DAX has no page cache to look at, and the walk has an end: say the worst. */
	if (BPF_CORE_READ(inode, i_flags) & S_DAX || walk.pages > HELD_PAGES_MAX)
		return true;
	bpf_loop(HELD_PAGES_MAX, look_at_page, &walk, 0);
	return walk.is_held;
}

#else

/* Not written for this machine: what was mapped to be written stays refused until it is copied. */
static __always_inline bool are_pages_held(__u64 address, enum held_as held_as)
{
	return held_as == HELD_AT_ALL;
}

#endif

/*
 * Whether somebody may still write pages of an inode that nobody has open for writing. inode: its
 * address; place, word: its own.
 */
static __always_inline bool may_be_written(__u64 inode, const struct place *place, __u64 word)
{
	bool is_new = !(word & ~(__u64)(WORD_SHARED | WX_LOGGED));

	if (word & WORD_SHARED || is_noted(place, NOTED_SHARED))
		return are_pages_held(inode, HELD_AT_ALL);
	return is_new && BPF_CORE_READ((struct inode *)inode, i_sb, s_magic) == TMPFS_MAGIC &&
		are_pages_held(inode, HELD_BY_PINS);
}

#endif
