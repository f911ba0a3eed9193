# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154
# Where IMA hashes with something else than SHA-256, enforcing would refuse everything: start says
# so instead, and leaves nothing behind.
# boot: ima_hash=sha1
perform digsig start --trust "$trust" --mode enforcing
[ "$status" -eq 1 ] || fail "exit $status instead of 1"
[ "$output" = "digsig: start: the kernel's IMA does not hash with SHA-256: put ima_hash=sha256 on \
the kernel's command line" ] || fail "says something else"
[ ! -e /sys/fs/bpf/digsig ] || fail "pins are left in /sys/fs/bpf/digsig"
runs INTRUDER "$unsigned/intruder"
perform digsig doctor
[ "$status" -eq 1 ] || fail "doctor: exit $status instead of 1"
echo "$output" | grep -q '^IMA hash  *missing' || fail "doctor does not see it"
echo "$output" | grep -q -F 'ima_hash=sha256' || fail "doctor does not say what to type"
