# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# digsig doctor says yes where the engine starts, sees what is taken away, and tells an ordinary
# user what it could not see.
perform digsig doctor
[ "$status" -eq 0 ] || fail "exit $status instead of 0"
case $output in
*"this kernel can enforce"*) ;;
*) fail "does not say that this kernel can enforce" ;;
esac
echo "$output" | grep -q '^program  *ok  *the kernel takes' || fail "the program was not loaded"
echo "$output" | grep -q '^IMA hash  *ok' || fail "the hash was not seen"
[ ! -e /sys/fs/bpf/digsig ] || fail "pins are left in /sys/fs/bpf/digsig"
case $(uname -r) in
6.1.*)
	# Debian's cloud kernel has no ECDSA there.
	echo "$output" | grep -q '^ECDSA keys  *note' || fail "ECDSA on 6.1: no note"
	;;
esac
who=user
perform digsig doctor
who=root
[ "$status" -eq 1 ] || fail "user: exit $status instead of 1"
echo "$output" | grep -q '^program  *unseen' || fail "user: the program was not unseen"
echo "$output" | grep -q '^BPF LSM  *ok' || fail "user: BPF LSM was not seen"

umount /sys/fs/bpf
perform digsig doctor
mount -t bpf bpf /sys/fs/bpf
[ "$status" -eq 1 ] || fail "without bpffs: exit $status instead of 1"
echo "$output" | grep -q 'mount -t bpf bpf /sys/fs/bpf' || fail "no command for bpffs"

engine_start monitor
perform digsig doctor
[ "$status" -eq 0 ] || fail "while it runs: exit $status instead of 0"
