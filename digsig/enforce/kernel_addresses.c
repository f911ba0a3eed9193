// SPDX-License-Identifier: GPL-2.0-or-later
#include "kernel_addresses.h"
#include <bpf/bpf.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include "addresses.skel.h"

/* Where pages are is a variable on x86 only. */
static bool has_all_needed(const struct digsig_addresses *addresses)
{
#ifdef __x86_64__
	return addresses->init_task && addresses->vmemmap_base && addresses->page_offset_base;
#else
	return addresses->init_task;
#endif
}

int kernel_addresses_read(struct digsig_addresses *addresses)
{
	struct bpf_test_run_opts run = {
		.sz = sizeof(run), .ctx_in = addresses, .ctx_size_in = sizeof(*addresses)
	};
	struct addresses *skeleton = addresses__open_and_load();
	int err;

	if (!skeleton)
		return -errno;
	memset(addresses, 0, sizeof(*addresses));
	err = bpf_prog_test_run_opts(bpf_program__fd(skeleton->progs.digsig_addresses), &run);
	addresses__destroy(skeleton);
	if (err)
		return err;
	if ((int)run.retval == -EPERM)
		return -EACCES;
	return has_all_needed(addresses) ? 0 : -ENOENT;
}

const char *kernel_addresses_problem(int err)
{
	switch (err) {
	case -EACCES:
		return "the kernel hides its addresses, which the engine needs while it starts: "
		       "sysctl kernel.kptr_restrict=1 (and 2 again once it runs), and CAP_SYSLOG";
	case -ENOENT:
		return "the kernel does not say where its pages are: it needs CONFIG_KALLSYMS_ALL=y "
		       "and CONFIG_RANDOMIZE_MEMORY=y (Debian's kernels have them)";
	default:
		return "the kernel's addresses could not be read";
	}
}
