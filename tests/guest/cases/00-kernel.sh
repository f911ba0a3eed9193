# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# The kernel offers what the engine stands on.
grep -q bpf /sys/kernel/security/lsm || fail "no BPF LSM: $(cat /sys/kernel/security/lsm)"
[ -e /sys/kernel/btf/vmlinux ] || fail "no BTF"
runs hello "$signed/hello"
