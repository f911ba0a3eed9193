#!/bin/busybox sh
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC1091
# What ramswap finds of a real kernel's devices; what it finds of the same machine when it is recorded; and whether a
# device that somebody uses is left alone.
# kernels: newest
# guest: --reserved 300 --disk 64 --add tests/ramswap/record-root --add /sbin/blkid
. /run/lib.sh

# await DEVICE: devtmpfs makes it a moment after the module is there.
await() {
	tries=100
	while [ ! -b "$1" ] && [ "$tries" -gt 0 ]; do
		sleep 0.1
		tries=$((tries - 1))
	done
}

# same NAME: the machine that is recorded has the same sources as the one that runs.
same() {
	rm -rf /tmp/root
	record-root --devices /tmp/root
	ramswap sources >/tmp/live
	ramswap sources --root /tmp/root >/tmp/recorded
	output=$(diff /tmp/live /tmp/recorded 2>&1)
	is "recorded: $1" [ -z "$output" ]
}

# row NAME: the row of that source.
row() {
	output=$(ramswap sources | grep "^$1 ")
}

expect 0 "a kernel without modules" ramswap sources
says "its module can be loaded" "zram is a candidate"
says "memmap=300M!0x20000000" "reserved memory without a driver"
same "without modules"

modprobe nd_pmem
modprobe nd_e820
await /dev/pmem0
row pmem0
says " yes " "reserved memory can be taken"
same "reserved memory"

printf 'LUKS\272\276\000\001' | dd of=/dev/pmem0 conv=notrunc 2>/dev/null
row pmem0
says "crypto_LUKS is on it" "encrypted data cannot"
is "libblkid agrees" [ "$(blkid -p -o value -s TYPE /dev/pmem0)" = crypto_LUKS ]
same "encrypted data"
dd if=/dev/zero of=/dev/pmem0 bs=4096 count=2 conv=notrunc 2>/dev/null

mkswap -L ramswap /dev/pmem0 >/dev/null
row pmem0
says " yes " "a swap that is left of an earlier start can"
swapon /dev/pmem0
row pmem0
says "it is swap already" "one that is on, and not by ramswap, cannot"
mkdir -p /run/ramswap
echo "swap /dev/pmem0" >/run/ramswap/state
row pmem0
says " ours " "one that is in the state is ours"
same "a swap of ours"
rm /run/ramswap/state
swapoff /dev/pmem0

modprobe zram
# A module of its own in 6.1.
modprobe virtio_pci 2>/dev/null
modprobe virtio_blk
await /dev/vda
await /dev/zram0
echo /dev/vda >/sys/block/zram0/backing_dev
is "zram has a backing device" [ "$(cat /sys/block/zram0/backing_dev)" = /dev/vda ]
echo 64M >/sys/block/zram0/disksize
row zram0
says "it is set up, and not by ramswap" "a zram device with a size is somebody's"
same "zram that writes back"
mkswap /dev/zram0 >/dev/null
swapon /dev/zram0
row zram0
says "it is swap already" "and one that is swap"
same "zram as swap"

# A file of that name, which hides the device.
mv /dev/pmem0 /dev/pmem0.moved
dd if=/dev/zero of=/dev/pmem0 bs=1M count=1 2>/dev/null
row pmem0
says "what is on it is not known" "a plain file in place of a device"
rm /dev/pmem0
mknod /dev/pmem0 b 1 1
row pmem0
says "what is on it is not known" "another device in place of it"
rm /dev/pmem0
mv /dev/pmem0.moved /dev/pmem0

output=$(dmesg | grep 'BUG:\|Oops\|WARNING:')
is "the kernel has no complaint" [ -z "$output" ]
