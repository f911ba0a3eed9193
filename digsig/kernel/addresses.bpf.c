// SPDX-License-Identifier: GPL-2.0
/*
 * Runs once, before the engine is loaded, and finds addresses in the kernel. libbpf could do that too
 * (extern ... __ksym), but reads all of /proc/kallsyms for it.
 */
#include "addresses.h"
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char _license[] SEC("license") = "GPL";

#define EPERM 1

/* -EPERM: the kernel says no address to this caller. */
#define FIND(found, name)                                                                          \
	({                                                                                         \
		static const char text[] = #name;                                                  \
		__u64 address = 0;                                                                 \
		long err = bpf_kallsyms_lookup_name(text, sizeof(text), 0, &address);              \
                                                                                                   \
		(found)->name = address;                                                           \
		err;                                                                               \
	})

SEC("syscall")
int digsig_addresses(struct digsig_addresses *found)
{
	if (FIND(found, vmemmap_base) == -EPERM)
		return -EPERM;
	FIND(found, page_offset_base);
	FIND(found, bpf_lsm_blob_sizes);
	FIND(found, init_task);
	FIND(found, lockdown_reasons);
	return 0;
}
