#!/bin/busybox sh
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC1091,SC2034
# ramswap down while programs need what is swapped: it is refused where it does not fit, stops before memory runs out,
# and at a signal; a limit of a control group counts. A hog knows each of its bytes, and says whether all are right.
# guest: --memory 704 --reserved 128 --add tests/ramswap/hog --add tests/ramswap/die-at
. /run/lib.sh

# used DEVICE: KiB that are in it. priority DEVICE.
used() {
	awk -v name="$1" '$1 == name { print $4 }' /proc/swaps
}

priority() {
	awk -v name="$1" '$1 == name { print $5 }' /proc/swaps
}

# swapped: in all devices.
swapped() {
	awk '/^\// { sum += $4 } END { print sum + 0 }' /proc/swaps
}

# begin_hogs COUNT MB GROUP: so many in that control group, each with so much memory, which they have filled. The kernel
# looks for signals when all pages of a program are back: it has to be more than one.
begin_hogs() {
	local file number=0

	hogs=
	while [ "$number" -lt "$1" ]; do
		number=$((number + 1))
		file=/tmp/hog.$number
		: >"$file"
		(
			echo 0 >"/sys/fs/cgroup/$3/cgroup.procs"
			exec hog --size "$2" --random 40 --hold 600 --seed "$number" >"$file" 2>&1
		) &
		hogs="$hogs $!"
	done
	for file in /tmp/hog.*; do
		while ! grep -q '^fill=' "$file"; do
			sleep 0.1
		done
	done
}

end_hogs() {
	# shellcheck disable=SC2086 # process ids
	kill $hogs
	wait
	rm /tmp/hog.*
}

all_live() {
	# shellcheck disable=SC2086
	kill -0 $hogs
}

# right: each hog finds each byte as it should be.
right() {
	local file

	# shellcheck disable=SC2086
	kill -USR1 $hogs
	for file in /tmp/hog.*; do
		while ! grep -q '^checked=' "$file"; do
			all_live || return 1
			sleep 0.1
		done
		grep -q '^checked=.* wrong=0$' "$file" || return 1
	done
}

in_use_as_before() {
	[ "$(priority /dev/pmem0)" = "$first" ] && [ "$(priority /dev/zram0)" = "$second" ]
}

# swap_out: pages of the hogs go to swap, though there is room.
swap_out() {
	echo 150M >/sys/fs/cgroup/large/memory.reclaim 2>/dev/null
}

# stopped: ramswap down has been told to end while swapoff was at work. It may have been faster.
stopped() {
	swap_out
	ramswap down pmem0 >/tmp/down 2>&1 &
	down=$!
	while [ -z "$(cat /sys/fs/cgroup/ramswap-swapoff/cgroup.procs 2>/dev/null)" ]; do
		kill -0 "$down" || break
	done
	kill -TERM "$down"
	code=0
	wait "$down" || code=$?
	output=$(cat /tmp/down)
	[ "$code" -eq 143 ] && grep -q 'pmem0: interrupted: the device is in use as before' /tmp/down
}

printf '[zram]\nuse = yes\nsize = 256\nlimit = 96\nalgorithm = lz4\n' >/etc/ramswap.conf
expect 0 "up" ramswap up
first=$(priority /dev/pmem0)
second=$(priority /dev/zram0)

# --- 140 MB in use, and little free: huge pages take the rest of memory, and give it back at once
mkdir /sys/fs/cgroup/small /sys/fs/cgroup/large
echo +memory >/sys/fs/cgroup/cgroup.subtree_control
begin_hogs 6 30 large
swap_out
available=$(awk '/^MemAvailable/ { print int($2 / 1024) }' /proc/meminfo)
echo "$(((available - 40) / 2))" >/proc/sys/vm/nr_hugepages
is "pages are in both devices" test "$(used /dev/pmem0)" -gt 1000 -a "$(used /dev/zram0)" -gt 1000
is "140 MB of them" test "$(swapped)" -gt 143360
expect 4 "there is no room" ramswap down
says "MiB are in use: with 5 % more and 16 MiB that must stay free they need" "it says how much is missing"
is "nothing has changed" in_use_as_before
expect 3 "by force it stops before memory runs out" ramswap down --force
says "swapoff was stopped before memory ran out" "it says so"
is "the reserved memory is in use as before" test "$(priority /dev/pmem0)" = "$first"
is "the hogs live" all_live
is "the kernel has killed nobody" test -z "$(dmesg | grep -i 'killed process')"
is "the control group of swapoff is gone" test ! -e /sys/fs/cgroup/ramswap-swapoff

# --- there is room, and it is stopped all the same
echo 0 >/proc/sys/vm/nr_hugepages
expect 0 "what did have room is made again" ramswap up
is "both devices are in use" in_use_as_before
swap_out
expect 3 "a bound of 1 ms" ramswap down --timeout 1ms pmem0
says "took too long and was stopped" "it says so"
is "the devices are in use as before that" in_use_as_before
swap_out
expect 3 "swapoff is killed, as the kernel does it when it is out of memory" die-at victim 1
says "the kernel was out of memory and killed swapoff: the device is in use as before" "it says that"
is "and so it is" in_use_as_before
swap_out
expect 137 "ramswap is killed" die-at swapoff 1
while [ -n "$(cat /sys/fs/cgroup/ramswap-swapoff/cgroup.procs)" ]; do
	sleep 0.1
done
is "swapoff goes with it, and the device is in use as before" in_use_as_before
tries=1
while ! stopped && [ "$tries" -lt 10 ]; do
	ramswap up >/dev/null 2>&1
	tries=$((tries + 1))
done
is "a signal stops it" test "$code" -eq 143
says "pmem0: interrupted: the device is in use as before" "it says that the device is"
is "and the devices are" in_use_as_before

# --- and then it is let do it: each page is where it belongs
expect 0 "down" ramswap down
is "no swap is left" test "$(swapped)" -eq 0 -a "$(grep -c '^/' /proc/swaps)" -eq 0
is "each byte of the hogs is right" right
end_hogs

# --- the limit of a control group has no room for what the group has in swap
expect 0 "up again" ramswap up
echo 40M >/sys/fs/cgroup/small/memory.max
begin_hogs 2 35 small
expect 4 "a group would lose a program" ramswap down --force
says "the control group /small has" "it says which"
is "its programs live" all_live
echo max >/sys/fs/cgroup/small/memory.max
expect 0 "without the limit it goes" ramswap down
is "each byte of those is right, too" right
end_hogs
