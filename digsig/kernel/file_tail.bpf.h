/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Reads bytes of a file inside the kernel. From 6.19 on a kfunc does it. Before, the page cache is
 * walked by hand: the file has just been hashed, so its last pages are there. A page that goes away
 * meanwhile is noticed, and even a wrong read could not let anything in: whatever bytes arrive are
 * believed only if a trusted key signed them and the file's hash, which the kernel itself computed,
 * is the one that they imply.
 */
#ifndef DIGSIG_FILE_TAIL_BPF_H
#define DIGSIG_FILE_TAIL_BPF_H

#include "stability.bpf.h"

extern int bpf_dynptr_from_file(struct file *file, __u32 flags, struct bpf_dynptr *dynptr)
	__ksym __weak;
extern int bpf_dynptr_file_discard(struct bpf_dynptr *dynptr) __ksym __weak;

#ifdef __TARGET_ARCH_x86

#define PAGE_SHIFT 12
#define PAGE_SIZE (1UL << PAGE_SHIFT)

/* Entries of an XArray: lib/xarray.c, include/linux/xarray.h */
#define XA_CHUNK_MASK 63
#define XA_MAX_DEPTH 11

static __always_inline bool xa_is_internal(__u64 entry)
{
	return (entry & 3) == 2;
}

static __always_inline bool xa_is_node(__u64 entry)
{
	return xa_is_internal(entry) && entry > 4096;
}

static __always_inline bool xa_is_sibling(__u64 entry)
{
	return xa_is_internal(entry) && entry < (XA_CHUNK_MASK << 2 | 2);
}

static __always_inline __u64 xa_slot(struct xa_node *node, __u32 offset)
{
	void *entry = NULL;

	bpf_core_read(&entry, sizeof(entry), &node->slots[offset & XA_CHUNK_MASK]);
	return (__u64)entry;
}

/* The folio that holds page number index of a mapping; NULL if it is not in memory. */
static __always_inline struct folio *find_folio(struct address_space *mapping, __u64 index)
{
	__u64 entry = (__u64)BPF_CORE_READ(mapping, i_pages.xa_head);

	if (!xa_is_node(entry) && index)
		return NULL;
	for (int depth = 0; depth < XA_MAX_DEPTH && xa_is_node(entry); depth++) {
		struct xa_node *node = (struct xa_node *)(entry - 2);
		__u8 shift = BPF_CORE_READ(node, shift);

		/* The mask below would turn an index beyond the tree into one inside. */
		if (shift > 63 || (depth == 0 && index >> shift > XA_CHUNK_MASK))
			return NULL;
		entry = xa_slot(node, index >> shift & XA_CHUNK_MASK);
		/* The slots of a large folio behind its first hold the number of that one. */
		if (xa_is_sibling(entry))
			entry = xa_slot(node, entry >> 2 & XA_CHUNK_MASK);
	}
	/* With a low bit set it is no folio, but for instance the shadow of an evicted one. */
	return entry & 3 ? NULL : (struct folio *)entry;
}

/* The same, as numbers. Not static, and so verified once. */
__noinline __u64 find_folio_address(__u64 mapping, __u64 index)
{
	return (__u64)find_folio((struct address_space *)mapping, index);
}

/* The kernel's address of page number index of a mapping, 0 if it is not in memory. */
__noinline __u64 find_page_address(__u64 mapping, __u64 index)
{
	struct folio *folio = (struct folio *)find_folio_address(mapping, index);
	__u64 pages = 0, memory = 0, page_number;
	__u32 page_size = bpf_core_type_size(struct page);

	if (!folio || !page_size)
		return 0;
	bpf_probe_read_kernel(&pages, sizeof(pages), (const void *)kernel_addresses.vmemmap_base);
	bpf_probe_read_kernel(
		&memory, sizeof(memory), (const void *)kernel_addresses.page_offset_base);
	if (!pages || !memory)
		return 0;
	/* A large folio begins before the page that was asked for. */
	page_number = ((__u64)folio - pages) / page_size + index - BPF_CORE_READ(folio, index);
	return memory + (page_number << PAGE_SHIFT);
}

extern int LINUX_KERNEL_VERSION __kconfig;

#define KERNEL_6_13 (6 << 16 | 13 << 8)

/*
 * The file in whose pages the bytes are: for a file on an overlayfs, the one underneath, which is its
 * private data, since 6.13 by way of a structure that begins with it.
 */
static __always_inline struct file *file_with_pages(struct file *file)
{
	struct file *real;

	if (file->f_inode->i_sb->s_magic != OVERLAYFS_SUPER_MAGIC)
		return file;
	real = file->private_data;
	if (LINUX_KERNEL_VERSION >= KERNEL_6_13)
		bpf_probe_read_kernel(&real, sizeof(real), real);
	return real;
}

struct page_copy {
	struct workspace *workspace;
	__u64 mapping; /* struct address_space *, as a number: see find_page_address */
	__u64 offset; /* in the file, of the block's first byte */
	__u32 size; /* of the block */
	__u32 done;
};

/* bpf_loop callback: one page a round, straight into workspace->block. */
static long copy_from_page(__u32 round, void *context)
{
	struct page_copy *copy = context;
	__u64 at = copy->offset + copy->done, within = at & (PAGE_SIZE - 1), address, done, size;

	if (copy->done >= copy->size)
		return 1;
	address = find_page_address(copy->mapping, at >> PAGE_SHIFT);
	if (!address)
		return 1;
	done = copy->done;
	size = copy->size - done;
	if (size > PAGE_SIZE - within)
		size = PAGE_SIZE - within;
	SHOW_VERIFIER(done);
	SHOW_VERIFIER(size);
	if (done >= DIGSIG_BLOCK_MAX || size > PAGE_SIZE ||
		bpf_probe_read_kernel(
			copy->workspace->block + done, size, (void *)(address + within)))
		return 1;
	/* Still the same page: so what was copied is the file's, not what came after it there. */
	if (find_page_address(copy->mapping, at >> PAGE_SHIFT) != address)
		return 1;
	copy->done = done + size;
	return 0;
}

static __always_inline int copy_from_page_cache(
	struct workspace *workspace, struct file *file, __u64 offset, __u32 size)
{
	struct page_copy copy = {
		.workspace = workspace,
		.mapping = (__u64)BPF_CORE_READ(file_with_pages(file), f_inode, i_mapping),
		.offset = offset,
		.size = size,
	};

	bpf_loop(DIGSIG_BLOCK_MAX / PAGE_SIZE + 1, copy_from_page, &copy, 0);
	return copy.done == size ? 0 : -EIO;
}

#else

static __always_inline int copy_from_page_cache(
	struct workspace *workspace, struct file *file, __u64 offset, __u32 size)
{
	return -EIO;
}

#endif

/* Copies size bytes (at most DIGSIG_BLOCK_MAX) at offset into workspace->block. 0 or -EIO. */
static int read_file(struct workspace *workspace, struct file *file, __u64 offset, __u32 size)
{
	if (size > DIGSIG_BLOCK_MAX)
		return -EIO;
	if (bpf_dynptr_from_file) {
		struct bpf_dynptr bytes;
		int err = bpf_dynptr_from_file(file, 0, &bytes);

		if (!err)
			err = bpf_dynptr_read(workspace->block, size, &bytes, offset, 0);
		bpf_dynptr_file_discard(&bytes);
		return err ? -EIO : 0;
	}
	return copy_from_page_cache(workspace, file, offset, size);
}

#endif
