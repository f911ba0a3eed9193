# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154
# Where the BPF security module is not active, start says so and what to do about it.
# boot: lsm=capability,yama
perform digsig start --trust "$trust" --mode enforcing
[ "$status" -eq 1 ] || fail "exit $status instead of 1"
[ "$output" = "digsig: start: the BPF security module is not active: the kernel needs \
CONFIG_BPF_LSM=y, and \"bpf\" in lsm= on its command line (see /sys/kernel/security/lsm)" ] ||
	fail "says something else"
[ ! -e /sys/fs/bpf/digsig ] || fail "pins are left in /sys/fs/bpf/digsig"
runs INTRUDER "$unsigned/intruder"
perform digsig doctor
[ "$status" -eq 1 ] || fail "doctor: exit $status instead of 1"
echo "$output" | grep -q '^BPF LSM  *missing' || fail "doctor does not see it"
echo "$output" | grep -q 'lsm=[a-z,]*yama[a-z,]*,bpf' || fail "doctor does not say what to type"
