/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The engine's maps, spoken to without any of digsig's own checks. */
#ifndef GUEST_ENGINE_MAPS_H
#define GUEST_ENGINE_MAPS_H

#include <linux/bpf.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "../../../digsig/kernel/engine.h"
#include "report.h"

static inline int bpf(enum bpf_cmd command, union bpf_attr *attributes)
{
	return (int)syscall(SYS_bpf, command, attributes, sizeof(*attributes));
}

static inline int open_map(const char *name)
{
	char path[128];
	union bpf_attr attributes = {.pathname = (__u64)(unsigned long)path};
	int map;

	snprintf(path, sizeof(path), DIGSIG_PIN_DIRECTORY "/%s", name);
	map = bpf(BPF_OBJ_GET, &attributes);
	if (map < 0)
		refused(path);
	return map;
}

static inline void access_map(enum bpf_cmd command, int map, void *value)
{
	__u32 zero = 0;
	union bpf_attr attributes = {
		.map_fd = (__u32)map,
		.key = (__u64)(unsigned long)&zero,
		.value = (__u64)(unsigned long)value,
	};

	if (bpf(command, &attributes))
		refused("bpf");
}

/* Fills in the request's number. */
static inline void ask_engine(
	int request_map, int reply_map, struct digsig_request *request, struct digsig_reply *reply)
{
	static __u32 id = 0x40000000;

	request->id = ++id;
	access_map(BPF_MAP_UPDATE_ELEM, request_map, request);
	do
		access_map(BPF_MAP_LOOKUP_ELEM, reply_map, reply);
	while (reply->id != request->id);
}

#endif
