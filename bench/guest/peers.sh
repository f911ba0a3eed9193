#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
# The part of bench/peers.sh that runs in the guest, as its first process: prints lines
# "ROUND SYSTEM WHAT NANOSECONDS", which peers.sh makes ratios of.
export PATH=/bench/bin:/usr/sbin:/usr/bin:/sbin:/bin
mount -t sysfs sys /sys
mount -t bpf bpf /sys/fs/bpf
mount -t securityfs security /sys/kernel/security
mount -t tmpfs -o mode=755 tmpfs /run
mount -t tmpfs -o mode=1777 tmpfs /tmp
exec </dev/null >/dev/ttyS1 2>&1

end() {
	echo "end: $*"
	dmesg >/dev/ttyS0
	sync
	busybox poweroff -f
}
trap 'end "exit $?"' EXIT

# From the kernel's command line.
: "${rounds:?}" "${execs:?}"
loads=$((execs / 8 + 1))
# Where the appraised copy of /bench/files is mounted.
appraised=/mnt

# measure ROUND SYSTEM DIRECTORY: cached means that it was used since the system was started.
measure() {
	local label="$1 $2" d=$3 size t

	# Everything is in the page cache, for everyone.
	cat "$d"/first* "$d"/lib* "$d"/static "$d"/dynamic >/dev/null
	for size in 68K 673K 4100K; do
		# shellcheck disable=SC2046 # names without spaces
		t=$(exec-each 1 $(ls "$d"/first-$size-*)) || return 1
		echo "$label first-$size $t"
	done
	# shellcheck disable=SC2046
	t=$(load-each 1 $(ls "$d"/lib*.so)) || return 1
	echo "$label first-dlopen $t"
	for what in static dynamic; do
		exec-each $((execs / 8 + 1)) "$d/$what" >/dev/null || return 1
		t=$(exec-each "$execs" "$d/$what") || return 1
		echo "$label exec-$what $t"
	done
	# shellcheck disable=SC2046
	t=$(load-each $loads $(ls "$d"/lib*.so)) || return 1
	echo "$label dlopen $t"
}

# A file's inode forgets that it was used when the file system is mounted anew.
remount() {
	[ -z "$mounted" ] || umount $appraised || return 1
	mount -o ro "$1" $appraised || return 1
	mounted=yes
}
mounted=

fapolicyd_start() {
	sed -i "s/^integrity = .*/integrity = $1/" /etc/fapolicyd/fapolicyd.conf
	mkdir -p /run/fapolicyd
	chown root:fapolicyd /run/fapolicyd
	chmod 770 /run/fapolicyd
	fapolicyd >/tmp/fapolicyd.log 2>&1 || { cat /tmp/fapolicyd.log; return 1; }
	# It is there when it refuses.
	for _ in $(seq 300); do
		/bench/untrusted 2>/dev/null || return 0
		sleep 0.2
	done
	echo "fapolicyd refuses nothing"
	return 1
}
fapolicyd_stop() {
	kill "$(cat /run/fapolicyd.pid)"
	for _ in $(seq 100); do
		pidof fapolicyd >/dev/null || return 0
		sleep 0.1
	done
	return 1
}

is_refused() {
	if "$1" 2>/dev/null; then
		echo "$1 ran: nothing is enforced"
		return 1
	fi
}

echo "kernel $(uname -r)"
echo "fapolicyd $(dpkg-query -W -f '${Version}' fapolicyd)"
for round in $(seq "$rounds"); do
	remount LABEL=plain || exit 1
	measure "$round" nothing /mnt || exit 1

	remount LABEL=plain || exit 1
	digsig start -q --trust /bench/trusted.crt --mode enforcing || exit 1
	is_refused /bench/untrusted || exit 1
	measure "$round" digsig /mnt || exit 1
	[ "$round" -gt 1 ] || digsig status
	digsig stop || exit 1

	for integrity in none sha256; do
		remount LABEL=plain || exit 1
		fapolicyd_start $integrity || exit 1
		measure "$round" fapolicyd-$integrity /mnt || exit 1
		fapolicyd_stop || exit 1
	done
done

# A policy of IMA's stays until the next boot; from here on it is there for everyone, but asks for
# the second disk only.
ring=$(keyctl newring _ima @u) && keyctl link @u @s
keyctl padd asymmetric bench "$ring" </bench/trusted.der >/dev/null || exit 1
cat >/tmp/policy <<END
appraise func=BPRM_CHECK fsuuid=$(cat /bench/uuid) appraise_type=imasig
appraise func=MMAP_CHECK mask=MAY_EXEC fsuuid=$(cat /bench/uuid) appraise_type=imasig
END
cat /tmp/policy >/sys/kernel/security/ima/policy || exit 1
for round in $(seq "$rounds"); do
	remount LABEL=plain || exit 1
	measure "$round" nothing-beside-ima /mnt || exit 1
	remount LABEL=appraised || exit 1
	is_refused $appraised/untrusted || exit 1
	measure "$round" ima $appraised || exit 1
done
