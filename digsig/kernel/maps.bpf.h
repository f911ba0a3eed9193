/* SPDX-License-Identifier: GPL-2.0 */
/* The engine's maps, and getting at their only entries. */
#ifndef DIGSIG_MAPS_BPF_H
#define DIGSIG_MAPS_BPF_H

#include "kernel_types.h"
#include "../../lib/bpf/verifier.bpf.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>
#include "addresses.h"
#include "engine.h"

/* errno numbers that kernel and engine share: asm-generic/errno.h */
#define EPERM 1
#define EIO 5
#define E2BIG 7
#define EAGAIN 11
#define ENOMEM 12
#define EACCES 13
#define EBUSY 16
#define EEXIST 17
#define EXDEV 18
#define EINVAL 22
#define ETXTBSY 26
#define ENOSYS 38
#define ENOPKG 65
#define EBADMSG 74
#define EALREADY 114
#define ENOKEY 126
#define EKEYREJECTED 129

/* Written before the program is loaded: the verifier takes out what an address of 0 leaves unused. */
const volatile struct digsig_addresses kernel_addresses;

/*
 * Where one judgement does its work: too much for a BPF stack of 512 bytes, and nothing that a
 * system call could change meanwhile. A page more than a block, so that the verifier believes in
 * copies of up to a page at any offset.
 */
struct workspace {
	__u32 taken;
	__u32 cms_size;
	__u64 file_size;
	__u32 state[8];
	__u32 schedule[64];
	__u8 digest[DIGSIG_DIGEST_SIZE];
	struct digsig_trusted trusted;
	struct digsig_revoked revoked; /* what is looked up */
	__u8 block[DIGSIG_BLOCK_MAX + 4096];
};

/* As many judgements can be under way at once; user space may raise it before loading. */
#define WORKSPACES 256

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct digsig_settings);
} settings SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct digsig_counters);
} counters SEC(".maps");

/* Preallocated: a sleepable program may not allocate entries on 6.1. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 65536);
	__type(key, __u8[DIGSIG_DIGEST_SIZE]);
	__type(value, struct digsig_trusted);
} trusted SEC(".maps");

/* One word per inode: see verdict_cache.bpf.h. It goes when the inode goes. */
struct {
	__uint(type, BPF_MAP_TYPE_INODE_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, __u64);
} inode_verdict SEC(".maps");

/* Bytes that are being hashed for a user, by user id; users whose ids fall together share a count. */
#define USER_SLOTS 4096

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, USER_SLOTS);
	__type(key, __u32);
	__type(value, __u64);
} hashing SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, WORKSPACES);
	__type(key, __u32);
	__type(value, struct workspace);
} workspaces SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct digsig_request);
} request SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct digsig_request_block);
} request_block SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct digsig_request_catalog);
} request_catalog SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct digsig_reply);
} reply SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4 * 1024 * 1024);
} events SEC(".maps");

static __always_inline struct digsig_settings *get_settings(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&settings, &zero);
}

#define COUNT(member)                                                                             \
	({                                                                                         \
		__u32 count_key = 0;                                                               \
		struct digsig_counters *count = bpf_map_lookup_elem(&counters, &count_key);        \
                                                                                                   \
		if (count)                                                                         \
			__sync_fetch_and_add(&count->member, 1);                                   \
	})

/* A pointer that the verifier knows as a mere number: to count with, to keep, to read by. */
static __always_inline __u64 address_of(const void *pointer)
{
	__u64 address = 0;

	bpf_probe_read_kernel(&address, sizeof(address), &pointer);
	return address;
}

/*
 * Counts size bytes to what is being hashed for the user of this task, and returns that count, from
 * which the caller subtracts them again.
 */
static __always_inline __u64 *begin_hash(__u64 size)
{
	__u32 user = (__u32)bpf_get_current_uid_gid(), slot = user % USER_SLOTS;
	__u64 *under_way = bpf_map_lookup_elem(&hashing, &slot);

	if (under_way)
		__sync_fetch_and_add(under_way, size);
	return under_way;
}

/* bpf_loop callback; context: where to begin, and the slot found. */
static long take_if_free(__u32 index, void *context)
{
	__u32 *slot = context;
	__u32 candidate = (slot[0] + index) % WORKSPACES;
	struct workspace *workspace = bpf_map_lookup_elem(&workspaces, &candidate);

	if (workspace && !__sync_val_compare_and_swap(&workspace->taken, 0, 1)) {
		slot[1] = candidate;
		return 1;
	}
	return 0;
}

/* Returns a workspace that is the caller's until release_workspace, or NULL if all are in use. */
static __always_inline struct workspace *take_workspace(void)
{
	__u32 slot[2] = { bpf_get_smp_processor_id(), WORKSPACES };

	bpf_loop(WORKSPACES, take_if_free, slot, 0);
	if (slot[1] >= WORKSPACES)
		return NULL;
	return bpf_map_lookup_elem(&workspaces, &slot[1]);
}

static __always_inline void release_workspace(struct workspace *workspace)
{
	__sync_lock_test_and_set(&workspace->taken, 0);
}

#endif
