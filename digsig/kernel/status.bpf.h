/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The snapshot that user space gets of settings and counters: it needs no descriptor of the maps
 * themselves, and a locked engine gives none.
 */
#ifndef DIGSIG_STATUS_BPF_H
#define DIGSIG_STATUS_BPF_H

#include "maps.bpf.h"

#define CPUS_MAX 8192

/* bpf_loop callback; context: where the sum goes. */
static long add_counters_of_cpu(__u32 cpu, void *context)
{
	struct digsig_counters *sum = *(struct digsig_counters **)context, of_cpu;
	__u32 zero = 0;
	void *counted = bpf_map_lookup_percpu_elem(&counters, &zero, cpu);

	if (!counted)
		return 1; /* that was the last one */
	if (bpf_probe_read_kernel(&of_cpu, sizeof(of_cpu), counted))
		return 0;
	sum->judged += of_cpu.judged;
	sum->cached += of_cpu.cached;
	sum->hashed += of_cpu.hashed;
	sum->unhashed += of_cpu.unhashed;
	sum->signature_checks += of_cpu.signature_checks;
	sum->denied += of_cpu.denied;
	return 0;
}

static __always_inline void take_snapshot(
	const struct digsig_settings *set, struct digsig_status *status)
{
	struct digsig_counters *sum = &status->counters;

	__builtin_memset(status, 0, sizeof(*status));
	__builtin_memcpy(&status->settings, set, sizeof(*set));
	status->settings.keyring_address = 0;
	status->settings.bpffs_mount = 0;
	bpf_loop(CPUS_MAX, add_counters_of_cpu, &sum, 0);
	status->trusted_capacity = ((struct bpf_map *)&trusted)->max_entries;
}

#endif
