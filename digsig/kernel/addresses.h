/* SPDX-License-Identifier: GPL-2.0 */
/* Addresses of the kernel's variables that the engine reads: addresses.bpf.c finds them. */
#ifndef DIGSIG_ADDRESSES_H
#define DIGSIG_ADDRESSES_H

#include <linux/types.h>

/* 0: the kernel does not have it. */
struct digsig_addresses {
	__u64 vmemmap_base; /* where the array of struct page begins */
	__u64 page_offset_base; /* where the mapping of all memory begins */
	__u64 bpf_lsm_blob_sizes; /* struct lsm_blob_sizes */
	__u64 init_task; /* struct task_struct */
	__u64 lockdown_reasons; /* const char *[]: a text for each enum lockdown_reason */
};

#endif
