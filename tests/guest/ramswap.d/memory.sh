#!/bin/busybox sh
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC1091
# The other things that ramswap up makes: a dax device as memory of the kernel, brd's device, zram that writes back to a
# disk.
# kernels: newest
# guest: --memory 840 --reserved 300 --disk 32 --disk 32 --add tests/ramswap/die-at --add tests/ramswap/hog
. /run/lib.sh

# has FILE VALUE
has() {
	[ "$(cat "$1")" = "$2" ]
}

total() {
	awk '/^MemTotal/ { print int($2 / 1024) }' /proc/meminfo
}

# drives DRIVER: it has the dax device.
drives() {
	[ -e "/sys/bus/dax/drivers/$1/dax0.0" ]
}

# --- the reserved memory as a dax device, as ndctl(1) makes it
modprobe virtio_pci 2>/dev/null
modprobe virtio_blk
modprobe nd_e820
modprobe dax_pmem
modprobe device_dax
cat /sys/bus/nd/devices/ndbus0/wait_probe >/dev/null
seed=$(cat /sys/bus/nd/devices/region0/dax_seed)
folder=/sys/bus/nd/devices/$seed
echo pmem >"$folder/mode"
echo 01234567-89ab-cdef-0123-456789abcdef >"$folder/uuid"
echo namespace0.0 >"$folder/namespace"
echo "$seed" >/sys/bus/nd/drivers/dax_pmem/bind
before=$(total)
is "it is there" drives device_dax

# --- and that as memory of the kernel
printf '[zram]\nuse = no\n[source dax0.0]\nuse = system-ram\n' >/etc/ramswap.conf
expect 0 "up" ramswap up
says "dax0.0 is memory of the kernel" "it says so"
is "the driver is kmem" drives kmem
is "there is more memory" test "$(total)" -ge "$((before + 128))"
expect 0 "up again" ramswap up
says "nothing is to be done" "that says so, too"
expect 0 "down" ramswap down
is "the driver is device_dax" drives device_dax
is "there is as much memory as before" test "$(total)" -eq "$before"
is "no state" test ! -e /run/ramswap/state

# --- killed in that
for number in 3 4 5; do
	place=$(die-at up "$number" 2>/dev/null | tail -n 1)
	output=$(ramswap down 2>&1) || echo "not ok down after \"$place\": $output"
	is "down after a kill $place" drives device_dax
	is "and the memory is as before" test "$(total)" -eq "$before"
done
expect 0 "up once more" ramswap up
for number in 1 2; do
	place=$(die-at down "$number" 2>/dev/null | tail -n 1)
	output=$(ramswap down 2>&1) || echo "not ok down after \"$place\": $output"
	is "down after a kill $place" test "$(total)" -eq "$before"
	expect 0 "up again after that" ramswap up
done

expect 0 "down of all" ramswap down

# --- brd, which ramswap loads and unloads
printf '[zram]\nuse = no\n[source ram0]\nuse = yes\n' >/etc/ramswap.conf
expect 0 "up with brd" ramswap up
is "it is swap" grep -q '^/dev/ram0 ' /proc/swaps
expect 0 "down with brd" ramswap down
is "it is no swap" test "$(grep -c '^/' /proc/swaps)" -eq 0
is "the module is gone" test ! -e /sys/module/brd

# --- zram that writes back
printf '[zram]\nuse = yes\nsize = 64\nlimit = 32\nwriteback = /dev/vda\n' >/etc/ramswap.conf
expect 0 "up with a disk behind zram" ramswap up
is "it is behind it" has /sys/block/zram0/backing_dev /dev/vda
expect 0 "up with it again" ramswap up
says "nothing is to be done" "that is as planned"
expect 0 "down with it" ramswap down
mkswap /dev/vdb >/dev/null
sed -i 's/vda/vdb/' /etc/ramswap.conf
expect 4 "a disk on which something is" ramswap up
is "nothing was made of it" test ! -e /run/ramswap/state
