// SPDX-License-Identifier: GPL-2.0-or-later
#include "missed_calls.h"
#include <bpf/bpf.h>
#include <errno.h>
#include <unistd.h>
#include "links.h"

static int add_program(const struct bpf_link_info *link, void *context)
{
	struct bpf_prog_info info = { 0 };
	__u32 size = sizeof(info);
	int fd = bpf_prog_get_fd_by_id(link->prog_id), err = 0;
	__u64 *count = context;

	if (fd < 0)
		return -errno;
	if (bpf_obj_get_info_by_fd(fd, &info, &size))
		err = -errno;
	else if (info.type == BPF_PROG_TYPE_LSM)
		*count += info.recursion_misses;
	close(fd);
	return err;
}

int missed_calls_read(__u64 *count)
{
	*count = 0;
	return links_visit(add_program, count);
}
