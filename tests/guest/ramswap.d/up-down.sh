#!/bin/busybox sh
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC1091
# ramswap up and down with reserved memory and zram, beside the swap of two disks: what the kernel says after each, that
# a second run has nothing to do, that what is not ramswap's is left alone, and that a failure leaves nothing behind.
# guest: --memory 640 --reserved 64 --disk 32 --disk 32 --add tests/ramswap/device
. /run/lib.sh

# priority_of DEVICE, of /proc/swaps.
priority_of() {
	awk -v name="$1" '$1 == name { print $5 }' /proc/swaps
}

# has FILE VALUE
has() {
	[ "$(cat "$1")" = "$2" ]
}

no_zram() {
	! ls -d /sys/block/zram* >/dev/null 2>&1
}

blank() {
	[ -z "$(dd if="$1" bs=4096 count=1 2>/dev/null | tr -d '\0')" ]
}

# nothing_left: as it was before ramswap.
nothing_left() {
	no_zram && blank /dev/pmem0 && [ ! -e /run/ramswap/state ] && has /proc/sys/vm/page-cluster 3 &&
		[ "$(grep -c '^/' /proc/swaps)" -eq 2 ]
}

modprobe virtio_pci 2>/dev/null
modprobe virtio_blk
while [ ! -b /dev/vdb ]; do sleep 0.1; done
mkswap /dev/vda >/dev/null
mkswap /dev/vdb >/dev/null
device on 5 /dev/vda
swapon /dev/vdb
cat >/etc/ramswap.conf <<'END'
[zram]
use = yes
size = 128
limit = 64
algorithm = zstd
[policy]
page-cluster = 0
END

# --- up. No module is loaded yet, the driver of the reserved memory neither.
expect 0 "a rehearsal" ramswap up --dry-run
says "load the module zram" "it names modules"
is "a rehearsal makes nothing" test ! -e /run/ramswap/state
expect 0 "up" ramswap up
is "the reserved memory is before zram" test "$(priority_of /dev/pmem0)" -gt "$(priority_of /dev/zram0)"
is "zram is before the disk of priority 5" test "$(priority_of /dev/zram0)" -gt 5
is "that disk's priority stays" test "$(priority_of /dev/vda)" -eq 5
is "the algorithm" grep -q '\[zstd\]' /sys/block/zram0/comp_algorithm
is "the size" has /sys/block/zram0/disksize 134217728
is "the limit" test "$(awk '{ print $4 }' /sys/block/zram0/mm_stat)" -eq 67108864
is "page-cluster" has /proc/sys/vm/page-cluster 0
cp /run/ramswap/state /tmp/state
cp /proc/swaps /tmp/swaps
expect 0 "up again" ramswap up
says "nothing is to be done" "it says so"
is "the state is the same" cmp -s /run/ramswap/state /tmp/state
is "the swaps are the same" cmp -s /proc/swaps /tmp/swaps

# --- down
expect 4 "somebody else's swap" ramswap down /dev/vda
says "ramswap up has not made it" "it says so"
expect 4 "no device of ramswap's" ramswap down zram7
is "the swaps are the same after that" cmp -s /proc/swaps /tmp/swaps
expect 0 "a rehearsal of down" ramswap down --dry-run
is "it changes nothing" cmp -s /proc/swaps /tmp/swaps
expect 0 "one device" ramswap down zram0
is "it is gone" no_zram
is "the other is not" test -n "$(priority_of /dev/pmem0)"
is "the tunings stay" has /proc/sys/vm/page-cluster 0
expect 0 "up makes it again" ramswap up
is "with the same priority" test "$(priority_of /dev/zram0)" -gt 5
expect 0 "what hibernation does not save" ramswap down --for-hibernation
says "/dev/pmem0 is no swap any more" "it is the reserved memory"
is "zram stays" test -n "$(priority_of /dev/zram0)"
is "nothing else does" test "$(grep -c '^/' /proc/swaps)" -eq 3
is "the settings of the kernel stay" has /proc/sys/vm/page-cluster 0
expect 0 "down for hibernation again" ramswap down --for-hibernation
is "zram stays after that, too" test -n "$(priority_of /dev/zram0)"
expect 0 "up after hibernation" ramswap up
is "the reserved memory is the first again" test "$(priority_of /dev/pmem0)" -gt "$(priority_of /dev/zram0)"
expect 2 "devices are not named with it" ramswap down --for-hibernation zram0
expect 0 "down" ramswap down
is "nothing is left" nothing_left
expect 0 "down again" ramswap down
says "nothing is to be taken back" "it says so"

# --- what others did meanwhile
expect 0 "up once more" ramswap up
echo 1 >/proc/sys/vm/page-cluster
swapoff /dev/pmem0
mkswap /dev/pmem0 >/dev/null
device on 7 /dev/pmem0
expect 4 "a device that was ours" ramswap down /dev/pmem0
says "has become somebody else's swap" "it says so"
is "it is left on" test "$(priority_of /dev/pmem0)" -eq 7
expect 0 "the others go" ramswap down
says "/proc/sys/vm/page-cluster is 1, and not 0" "a setting that somebody has changed is left"
is "it has that value" has /proc/sys/vm/page-cluster 1
swapoff /dev/pmem0
dd if=/dev/zero of=/dev/pmem0 bs=4096 count=1 2>/dev/null
echo 3 >/proc/sys/vm/page-cluster
is "nothing is left of that" nothing_left

# --- two at once
ramswap up >/tmp/first 2>&1 &
first=$!
ramswap up >/tmp/second 2>&1
wait "$first"
is "one of two at once has made the devices" test "$(grep -c '^/dev/\(zram\|pmem\)' /proc/swaps)" -eq 2
expect 0 "they go" ramswap down

# --- a failure in the last step: brd's device is claimed by somebody
modprobe brd rd_nr=1 rd_size=32768
printf '[source ram0]\nuse = yes\n' >>/etc/ramswap.conf
mkfifo /tmp/end
device hold /dev/ram0 </tmp/end >/tmp/held &
exec 3>/tmp/end
while ! grep -q held /tmp/held; do sleep 0.1; done
expect 3 "the last device is claimed" ramswap up
says "/dev/ram0: Device or resource busy" "it says which step failed"
is "all steps are taken back" nothing_left
exec 3>&-
wait
expect 0 "it is free" ramswap up
is "three devices of memory" test "$(grep -c '^/dev/\(zram\|pmem\|ram\)' /proc/swaps)" -eq 3
expect 0 "down for hibernation, with brd" ramswap down --for-hibernation
is "zram alone is left" test "$(grep '^/dev/\(zram\|pmem\|ram\)' /proc/swaps | cut -c 1-9)" = /dev/zram
expect 0 "and up" ramswap up
is "three devices again" test "$(grep -c '^/dev/\(zram\|pmem\|ram\)' /proc/swaps)" -eq 3
expect 0 "they go, too" ramswap down
is "and nothing is left" nothing_left
is "brd was loaded by somebody else, and stays" test -b /dev/ram0
