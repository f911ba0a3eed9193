# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# processors: 2
# attack: 17
# The pins live in a file system: who unmounts it for good takes the engine out. Root does that in
# several ways, some from another mount namespace; a locked engine refuses them all, and leaves alone
# what unmounts another namespace's copy only.
# boot: digsig-guest=locked

mounts="here lazy above rbind peer remove"

# Everything below /sys as init had made it.
restore() {
	umount -l /mnt/sys 2>/dev/null || true
	umount -l /sys/fs/bpf 2>/dev/null || true
	umount -l /sys 2>/dev/null || true
	mkdir -p /sys
	mount -t sysfs sys /sys
	mount -t bpf bpf /sys/fs/bpf
	mount -t securityfs security /sys/kernel/security
}

is_gone() {
	local tries=0

	while [ "$tries" -lt 50 ]; do
		"$unsigned/intruder-static" >/dev/null 2>&1 && return
		tries=$((tries + 1))
		sleep 0.1
	done
	fail "it still enforces after: $*"
}

# Without the engine it is enough to see that the file system is not there any more; with it, in the
# plainest and in the least expected way, that it enforces nothing any more.
for how in $mounts move new-move; do
	runs INTRUDER mount-attack "$how"
	! grep -q ' /sys/fs/bpf bpf ' /proc/mounts || fail "$how: it is still mounted"
	umount /mnt 2>/dev/null || true
	restore
done
for how in here remove; do
	engine_start enforcing
	refused INTRUDER "$unsigned/intruder-static"
	runs INTRUDER mount-attack "$how"
	is_gone "$how"
	restore
done
engine_start enforcing
for how in private container; do
	runs INTRUDER mount-attack "$how"
	refused INTRUDER "$unsigned/intruder-static"
done

# Not from a namespace whose mounts may go with its last process.
refused INTRUDER "$unsigned/intruder-static"
perform unshare -m digsig lock
[ "$status" -eq 1 ] || fail "locked from another mount namespace"
case $output in
*'nsenter -t 1 -m digsig lock'*) ;;
*) fail "does not say what to do" ;;
esac
runs locked digsig lock
for how in $mounts move new-move; do
	refused INTRUDER mount-attack "$how"
	refused INTRUDER "$unsigned/intruder-static"
	runs '' digsig mode
	[ "$how" = rbind ] || continue
	# The copy that is left over: bottom up it spreads just the same, until it is made private.
	refused INTRUDER umount /mnt/sys/fs/bpf
	runs '' mount --make-rprivate /mnt/sys
	runs '' umount -l /mnt/sys
done
for how in private container; do
	runs INTRUDER mount-attack "$how"
	refused INTRUDER "$unsigned/intruder-static"
done
# What others mount and unmount is theirs, a BPF file system of their own included.
mkdir -p /mnt/own /mnt/copy
runs '' mount -t bpf bpf /mnt/own
runs '' mkdir /mnt/own/pins
runs '' umount /mnt/own
runs '' mount -t tmpfs tmpfs /mnt/own
runs '' umount -l /mnt/own
runs '' rmdir /mnt/own
# Something mounted over the pins blinds user space, and no more.
runs '' mount -t tmpfs tmpfs /sys/fs/bpf
perform digsig status
[ "$status" -eq 3 ] || fail "digsig status: exit $status"
refused INTRUDER "$unsigned/intruder-static"
runs '' umount /sys/fs/bpf
runs '"locked":true' digsig status --json
logged none "unmounting the engine's pins" denied
logged none 'moving mounts' denied
logged none 'removing the directory sys' denied
