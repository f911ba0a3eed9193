/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kernel's types as far as the engine looks into them. libbpf finds the true offsets in the
 * running kernel's BTF when it loads the program (CO-RE), so only names and types matter here.
 */
#ifndef DIGSIG_KERNEL_TYPES_H
#define DIGSIG_KERNEL_TYPES_H

#include "../../lib/bpf/file_types.h"

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct xarray {
	void *xa_head;
};

struct rb_node {
	unsigned long __rb_parent_color; /* the lowest two bits are no part of the address */
	struct rb_node *rb_right;
	struct rb_node *rb_left;
};

struct rb_root {
	struct rb_node *rb_node;
};

struct rb_root_cached {
	struct rb_root rb_root;
};

typedef struct {
	long long counter;
} atomic64_t;

/* With PREEMPT_RT there is no count. */
struct rw_semaphore {
	atomic64_t count;
};

struct address_space {
	struct xarray i_pages;
	struct rb_root_cached i_mmap; /* every mapping of the file, private ones too */
	struct rw_semaphore i_mmap_rwsem;
};

struct linux_binprm {
	unsigned int is_check : 1; /* from 6.14 on */
	struct file *file;
	char buf[256];
};

struct xa_node {
	unsigned char shift;
	void *slots[64];
};

struct page;

struct folio {
	unsigned long flags; /* first in every kernel */
	unsigned long index;
	atomic_t _mapcount;
	atomic_t _refcount;
};

struct folio___with_number { /* until 6.14 */
	unsigned int _folio_nr_pages;
};

struct folio___with_short_number {
	unsigned int _nr_pages;
};

struct folio___with_pins { /* from 6.3 on */
	atomic_t _pincount;
};

/* The numbers of the bits in folio.flags differ between kernels. */
enum pageflags {
	PG_lru = 5,
	PG_head = 16,
	PG_private = 13,
};

struct shmem_inode_info {
	unsigned int seals;
	struct inode vfs_inode;
};

struct mm_struct {
	struct file *exe_file;
};

struct anon_vma;

struct vm_area_struct {
	unsigned long vm_flags;
	struct {
		struct rb_node rb;
	} shared; /* its place in address_space.i_mmap */
	struct anon_vma *anon_vma; /* set once a private page was written */
	struct file *vm_file;
};

struct iattr {
	unsigned int ia_valid;
};

/* Where the kernel keeps what BPF remembers of an inode. */
struct hlist_node {
	struct hlist_node *next;
};

struct hlist_head {
	struct hlist_node *first;
};

struct bpf_local_storage {
	struct hlist_head list;
};

struct bpf_storage_blob {
	struct bpf_local_storage *storage;
};

struct bpf_local_storage_data {
	void *smap;
	__u8 data[1];
};

struct bpf_local_storage_elem {
	struct hlist_node snode;
	struct bpf_local_storage_data sdata;
};

struct lsm_blob_sizes {
	int lbs_inode;
};

struct nsproxy {
	struct mnt_namespace *mnt_ns;
};

struct task_struct {
	struct mm_struct *mm;
	int tgid;
	unsigned int personality;
	struct task_struct *real_parent;
	struct nsproxy *nsproxy;
};

struct bpf_map {
	__u32 max_entries;
	atomic64_t usercnt;
};

struct bpf_prog_aux {
	__u32 used_map_cnt;
	struct bpf_map **used_maps;
};

struct bpf_prog {
	struct bpf_prog_aux *aux;
};

struct bpf_link {
	struct bpf_prog *prog;
};

/* Not all kernels have all of these. */
enum kernel_read_file_id {
	READING_FIRMWARE,
	READING_MODULE,
	READING_KEXEC_IMAGE,
	READING_KEXEC_INITRAMFS,
	READING_MODULE_COMPRESSED,
};

enum kernel_load_data_id {
	LOADING_FIRMWARE,
	LOADING_MODULE,
	LOADING_KEXEC_IMAGE,
	LOADING_KEXEC_INITRAMFS,
	LOADING_MODULE_COMPRESSED,
};

struct key;

struct bpf_key {
	struct key *key;
};

struct page {
	unsigned long flags;
};

#pragma clang attribute pop

/* Kernels insert new reasons; libbpf puts in the running kernel's number. */
enum lockdown_reason {
	LOCKDOWN_INTEGRITY_MAX = 21,
};

#endif
