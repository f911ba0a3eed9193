/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The file below a file on an overlayfs. Its pages are what a mapping shows, so it is the one that
 * must lie on a stable file system, have no writer, and have no page held by one. The verifier knows
 * it as a number only, so all of it is read by address, and its verdict word where the kernel keeps it.
 *
 * A descriptor that was opened before a file was copied up maps the lower file for ever, and from
 * then on reads the upper one. What is hashed is then not what runs: such a file is unstable.
 */
#ifndef DIGSIG_BELOW_BPF_H
#define DIGSIG_BELOW_BPF_H

#include "held_pages.bpf.h"
#include "verdict_cache.bpf.h"

#define STORAGES_MAX 16

/* The word of an inode that is a number; 0: it has none. */
__noinline __u64 word_by_address(__u64 inode)
{
	/* Where the kernel keeps what BPF remembers of an inode: behind i_security. */
	const struct lsm_blob_sizes *sizes = (const void *)kernel_addresses.bpf_lsm_blob_sizes;
	struct bpf_storage_blob *blob;
	__u64 element, map, word = 0;

	if (!sizes)
		return WORD_SHARED;
	blob = (void *)BPF_CORE_READ((struct inode *)inode, i_security) +
		BPF_CORE_READ(sizes, lbs_inode);
	element = (__u64)BPF_CORE_READ(blob, storage, list.first);
	for (int i = 0; i < STORAGES_MAX && element; i++) {
		struct bpf_local_storage_elem *elem = (void *)element -
			bpf_core_field_offset(struct bpf_local_storage_elem, snode);

		map = (__u64)BPF_CORE_READ(elem, sdata.smap);
		if (map == (__u64)&inode_verdict) {
			bpf_probe_read_kernel(&word, sizeof(word), elem->sdata.data);
			return word;
		}
		element = (__u64)BPF_CORE_READ(elem, snode.next);
	}
	/* More than that: say the worst. */
	return element ? WORD_SHARED : 0;
}

/* fs/overlayfs: struct ovl_inode has its flags right before the inode, the upper dentry right after. */
#define OVL_UPPERDATA 3

static __always_inline bool reads_come_from(__u64 layered, __u64 below)
{
	__u64 flags = 0, upper = 0;

	if (bpf_probe_read_kernel(&flags, sizeof(flags), (void *)(layered - sizeof(flags))) ||
		bpf_probe_read_kernel(&upper, sizeof(upper),
			(void *)(layered + bpf_core_type_size(struct inode))))
		return false;
	if (!upper || !(flags >> OVL_UPPERDATA & 1))
		return true; /* nothing was copied up, or its mode and owner alone */
	return (__u64)BPF_CORE_READ((struct dentry *)upper, d_inode) == below;
}

/*
 * The inode whose pages a mapping of a file shows: the file's own, or the one below it. It cannot go
 * while the file is there.
 */
struct pages {
	__u64 inode; /* its address */
	enum stability stability; /* of the file: LAYERED: inode lies below it */
	__u32 place_index;
	struct place *place;
};

static __always_inline struct pages pages_of(struct file *file)
{
	struct pages pages = { .inode = address_of(file->f_inode) };

	pages.stability = file_stability(file->f_inode, facts_of(file->f_inode));
	if (pages.stability == LAYERED) {
		pages.inode = (__u64)BPF_CORE_READ(file_with_pages(file), f_inode);
		pages.place_index = place_index_by_address(pages.inode);
	} else {
		pages.place_index = place_index_of(file->f_inode, pages.inode);
	}
	pages.place = place_at(pages.place_index);
	return pages;
}

/* Whether the bytes below can be judged now. */
static __always_inline bool is_below_stable(const struct pages *pages)
{
	struct inode *inode = (struct inode *)pages->inode;

	if (!inode || file_stability(inode, facts_by_address(pages->inode)) != STABLE ||
		is_open_for_writing(inode))
		return false;
	return !may_be_written(pages->inode, pages->place, word_by_address(pages->inode));
}

/*
 * After the hash: nobody could write the file below since writes was read, and it was what was read, all of
 * it. An overlayfs keeps the size that a file had when it first saw it. The kernel hashes what is there
 * now, but nothing promises that, and a mapping shows it.
 */
static __always_inline bool is_below_unchanged(
	struct file *file, const struct pages *pages, __u64 writes)
{
	struct inode *below = (struct inode *)pages->inode;

	return pages->place && !is_open_for_writing(below) &&
		BPF_CORE_READ(below, i_size) == file->f_inode->i_size &&
		writes_of(pages->place) == writes &&
		reads_come_from(address_of(file->f_inode), pages->inode);
}

#endif
