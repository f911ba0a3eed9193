# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Whether this process may watch the kernel. It is asked of the kernel and not of kevents, or a
# fault of kevents would skip the tests that are to find it. To be read with ".".

# has_capability NUMBER: in effect, see capabilities(7).
has_capability() {
	local effective

	effective=$(sed -n 's/^CapEff:\t//p' /proc/self/status)
	[[ $((0x$effective >> $1 & 1)) -eq 1 ]]
}

# CAP_SYS_ADMIN, or CAP_PERFMON and CAP_BPF; those of a user namespace do not count.
may_watch() {
	grep -qE '^ *0 +0 +4294967295$' /proc/self/uid_map || return 1
	has_capability 21 || { has_capability 38 && has_capability 39; }
}
