#!/bin/busybox sh
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC1091,SC2034
# ramswap down while programs need what is swapped: it is refused where it does not fit, stops before memory runs out,
# and at a signal; a limit of a control group counts. The hog knows each of its bytes, and says whether all are right.
# guest: --memory 640 --reserved 64 --add tests/ramswap/hog
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

# begin_hog MB GROUP: in that control group; it has filled its memory.
begin_hog() {
	: >/tmp/hog
	(
		echo 0 >"/sys/fs/cgroup/$2/cgroup.procs"
		exec hog --size "$1" --random 40 --hold 600 >/tmp/hog 2>&1
	) &
	hog=$!
	while ! grep -q '^fill=' /tmp/hog; do
		kill -0 "$hog" || break
		sleep 0.2
	done
}

# right: the hog finds each byte as it should be.
right() {
	kill -USR1 "$hog"
	while ! grep -q '^checked=' /tmp/hog; do
		kill -0 "$hog" || return 1
		sleep 0.2
	done
	grep -q '^checked=.* wrong=0$' /tmp/hog
}

in_use_as_before() {
	[ "$(priority /dev/pmem0)" = "$first" ] && [ "$(priority /dev/zram0)" = "$second" ]
}

# What is in zram may be back in less time than it takes to stop it; the reserved memory comes after it.
first_in_use_as_before() {
	[ "$(priority /dev/pmem0)" = "$first" ] && [ "$(used /dev/pmem0)" -gt 0 ]
}

printf '[zram]\nuse = yes\nsize = 256\nlimit = 96\nalgorithm = lz4\n' >/etc/ramswap.conf
expect 0 "up" ramswap up
first=$(priority /dev/pmem0)
second=$(priority /dev/zram0)

# --- 140 MB in use, and little free: huge pages take the rest of memory, and give it back at once.
available=$(awk '/^MemAvailable/ { print int($2 / 1024) }' /proc/meminfo)
echo "$(((available - 80) / 2))" >/proc/sys/vm/nr_hugepages
mkdir /sys/fs/cgroup/small /sys/fs/cgroup/large
begin_hog 200 large
is "pages are in both devices" test "$(used /dev/pmem0)" -gt 1000 -a "$(used /dev/zram0)" -gt 1000
is "more than 100 MB of them" test "$(swapped)" -gt 102400
expect 4 "there is no room" ramswap down
says "MiB are in use: with 5 % more and 16 MiB that must stay free they need" "it says how much is missing"
is "nothing has changed" in_use_as_before
expect 3 "by force it stops before memory runs out" ramswap down --force
says "the device is in use as before" "it says so"
is "the devices are in use as before" in_use_as_before
is "the hog lives" kill -0 "$hog"
is "the kernel has killed nobody" test -z "$(dmesg | grep -i 'killed process')"
is "the control group of swapoff is gone" test ! -e /sys/fs/cgroup/ramswap-swapoff

# --- there is room, and it is stopped all the same
echo 0 >/proc/sys/vm/nr_hugepages
expect 3 "a bound of 1 ms" ramswap down --timeout 1ms
says "took too long and was stopped" "it says so"
is "the device is in use as before that" first_in_use_as_before
before=$(used /dev/pmem0)
ramswap down >/tmp/down 2>&1 &
down=$!
while [ "$(used /dev/pmem0)" -gt "$((before - 2000))" ]; do
	kill -0 "$down" || break
done
kill -TERM "$down"
code=0
wait "$down" || code=$?
output=$(cat /tmp/down)
is "a signal stops it" test "$code" -eq 143
is "the device is in use as before the signal" first_in_use_as_before

# --- and then it is let do it: each page is where it belongs
expect 0 "down" ramswap down
is "no swap is left" test "$(swapped)" -eq 0 -a "$(grep -c '^/' /proc/swaps)" -eq 0
is "each byte of the hog is right" right
kill "$hog"
wait

# --- the limit of a control group has no room for what the group has in swap
expect 0 "up again" ramswap up
echo +memory >/sys/fs/cgroup/cgroup.subtree_control
echo 40M >/sys/fs/cgroup/small/memory.max
begin_hog 70 small
expect 4 "a group would lose a program" ramswap down --force
says "the control group /small has" "it says which"
is "its program lives" kill -0 "$hog"
echo max >/sys/fs/cgroup/small/memory.max
expect 0 "without the limit it goes" ramswap down
is "each byte of that is right, too" right
kill "$hog"
