/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Two programs on a hook. Since Linux 7.0 a program on a tracepoint can be preempted, and as long as
 * it is, the kernel does not call that program on that CPU for anybody else. A second program is
 * called all the same, unless it was preempted there, too.
 */
#ifndef KEVENTS_TWICE_BPF_H
#define KEVENTS_TWICE_BPF_H

#include "begin.bpf.h"

#define EEXIST 17

struct mark {
	__u64 id;
	__u32 tid;
	__u32 hook;
};

/* What one of the two programs took for itself. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, struct mark);
	__type(value, __u8);
} marks SEC(".maps");

/*
 * Whether this program is the one that does it: the first of the two marks what happened, the second
 * finds the mark and takes it away. hook, tid and id together are the name of what happened.
 *
 * Both programs ask before any filter. The first one may change "pids", so that a filter stopped
 * the second and the mark stayed.
 *
 * Of each event there are two calls: one marks, one finds; or, where it could not be marked, fails; or
 * the kernel counts it as missed. What neither program did is therefore known to the event:
 * (missed + found + failed - marked) / 2. A mark that was left, since the second call was missed,
 * only makes the two change places, if ever the same name comes again.
 */
static __always_inline bool is_mine(__u32 hook, __u32 tid, __u64 id)
{
	struct mark mark = {.id = id, .tid = tid, .hook = hook};
	__u8 one = 1;
	long err;

	if (!has_second_programs)
		return true;
	err = bpf_map_update_elem(&marks, &mark, &one, BPF_NOEXIST);
	if (!err) {
		COUNT(marked);
		return true;
	}
	if (err == -EEXIST) {
		bpf_map_delete_elem(&marks, &mark);
		COUNT(found);
	} else {
		COUNT(failed);
	}
	return false;
}

#endif
