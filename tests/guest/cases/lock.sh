# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# processors: 2
# attack: 17
# What takes the engine out or makes it weaker works for root until the engine is locked. Then it is
# refused, and enforcement goes on; stricter is possible all the same.
# boot: digsig-guest=locked

# Takes a moment of its own: the kernel detaches programs a little later.
is_gone() {
	local tries=0

	while [ "$tries" -lt 50 ]; do
		"$unsigned/intruder-static" >/dev/null 2>&1 && return
		tries=$((tries + 1))
		sleep 0.1
	done
	fail "it still enforces after: $*"
}

# no_link_gives_way: the kernel does neither to links of this kind, locked or not. The day it does is
# noticed here.
no_link_gives_way() {
	local command

	for command in detach update; do
		perform bpf-attack "$command"
		[ "$status" -eq 126 ] || fail "bpf-attack $command: exit $status"
	done
}

# First, without the lock, each of it works.
for kind in kprobe tracepoint perf-event raw-tracepoint lsm syscall; do
	runs INTRUDER bpf-attack load "$kind"
done
engine_start enforcing
refused INTRUDER "$unsigned/intruder"
runs '' digsig mode monitor
runs INTRUDER "$unsigned/intruder"
runs '' digsig mode enforcing
runs INTRUDER bpf-attack use-map /sys/fs/bpf/digsig/events
runs INTRUDER bpf-attack program digsig_exec
runs '' mv /sys/fs/bpf/digsig/link_digsig_exec /sys/fs/bpf/digsig/elsewhere
runs '' mv /sys/fs/bpf/digsig/elsewhere /sys/fs/bpf/digsig/link_digsig_exec
runs '' mv /sys/fs/bpf/digsig /sys/fs/bpf/elsewhere
runs '' mv /sys/fs/bpf/elsewhere /sys/fs/bpf/digsig
no_link_gives_way
refused INTRUDER "$unsigned/intruder-static"
runs '' rm -r /sys/fs/bpf/digsig
is_gone unpinning

# A descriptor that would survive the lock keeps it from being locked; the mode is free until then.
engine_start permissive
for map in settings counters trusted inode_verdict workspaces catalog_copy revoked places \
	mappings layers hashing; do
	bpf-attack hold-map "$map" >/run/holds &
	holder=$!
	while [ ! -s /run/holds ]; do sleep 0.1; done
	perform digsig lock
	[ "$status" -eq 1 ] || fail "locked although the map $map is open"
	case $output in
	*"has one of the engine's maps open"*) ;;
	*) fail "does not say why" ;;
	esac
	kill "$holder"
	wait "$holder" || true
	: >/run/holds
done
runs '' digsig mode monitor
runs '' digsig mode permissive

who=user
perform digsig lock
[ "$status" -eq 1 ] || fail "user: digsig lock: exit $status"
who=root
runs 'locked in mode permissive' digsig lock
runs '' digsig lock -q
runs INTRUDER "$unsigned/intruder"
runs '' digsig mode enforcing
refused INTRUDER "$unsigned/intruder"

# Now nothing of it works. What is refused is told by errors of the command's own.
for mode in monitor permissive; do
	perform digsig mode "$mode"
	[ "$status" -eq 1 ] || fail "digsig mode $mode: exit $status"
done
for policy in --wx=allow exec=off; do
	perform digsig policy "$policy"
	[ "$status" -eq 1 ] || fail "digsig policy $policy: exit $status"
done
perform digsig stop
[ "$status" -eq 1 ] || fail "digsig stop: exit $status"
case $output in
*'the engine is locked'*) ;;
*) fail "digsig stop does not say why" ;;
esac
for pin in /sys/fs/bpf/digsig/*; do
	refused INTRUDER rm "$pin"
	refused INTRUDER mv "$pin" /sys/fs/bpf/elsewhere
done
mkdir /sys/fs/bpf/other
refused INTRUDER mv /sys/fs/bpf/digsig /sys/fs/bpf/elsewhere
refused INTRUDER mv -T /sys/fs/bpf/other /sys/fs/bpf/digsig
refused INTRUDER rmdir /sys/fs/bpf/digsig
runs '' rmdir /sys/fs/bpf/other
for map in settings counters trusted inode_verdict workspaces; do
	refused INTRUDER map-write id "$map"
	refused INTRUDER map-write pin "$map"
done
for kind in kprobe tracepoint perf-event raw-tracepoint lsm syscall; do
	refused INTRUDER bpf-attack load "$kind"
	who=user
	refused INTRUDER bpf-attack load "$kind"
	who=root
done
for map in events request reply; do
	refused INTRUDER bpf-attack use-map "/sys/fs/bpf/digsig/$map"
done
refused INTRUDER bpf-attack program digsig_exec
no_link_gives_way
everyone refused INTRUDER "$unsigned/intruder"
everyone runs hello "$signed/hello"
runs '"locked":true' digsig status --json
runs 'until the machine restarts' digsig status
logged none 'a less strict mode' denied
logged none 'a less strict policy' denied
logged none 'unpinning link_digsig_exec' denied
logged none 'renaming digsig' denied
logged none 'removing the directory digsig' denied
logged none "a descriptor of the engine's maps" denied
logged none 'a new BPF program that can reach the kernel: intruder' denied
logged none "a program that uses the engine's maps" denied
