#!/bin/busybox sh
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC1091
# ramswap is killed at each moment of each step; the next ramswap puts right what is half made. die-at is ramswap's
# library, and kills itself at the Nth moment. There are three ways to go on, and each kernel has one, so that it does not
# take long: up is killed, and down takes back; up is killed, and up completes; down is killed, and down goes on.
# guest: --memory 640 --reserved 64 --add tests/ramswap/die-at
. /run/lib.sh
# Of up, and one: 3 of the tuning, 3 and 2 of the reserved memory, 4 of a device, 2 of each of 3 attributes, 5 of swap.
moments=24

# nothing_left: as it was before ramswap.
nothing_left() {
	! ls -d /sys/block/zram* >/dev/null 2>&1 &&
		[ ! -e /run/ramswap/state ] && [ ! -e /run/ramswap/state.new ] &&
		[ "$(cat /proc/sys/vm/page-cluster)" -eq 3 ] && [ "$(grep -c '^/' /proc/swaps)" -eq 0 ] &&
		[ -z "$(dd if=/dev/pmem0 bs=4096 count=1 2>/dev/null | tr -d '\0')" ]
}

all_up() {
	[ "$(grep -c '^/dev/\(zram0\|pmem0\)' /proc/swaps)" -eq 2 ] && [ "$(grep -c '^/' /proc/swaps)" -eq 2 ] &&
		[ "$(cat /proc/sys/vm/page-cluster)" -eq 0 ] && [ "$(cat /sys/block/zram0/disksize)" -eq 134217728 ] &&
		[ ! -e /sys/block/zram1 ] && [ "$(wc -l </run/ramswap/state)" -eq 4 ]
}

# die COMMAND N: false: it came to its end, since it has fewer moments. Where it died is in $place.
die() {
	local code=0

	place=$(die-at "$1" "$2" 2>&1) || code=$?
	[ "$code" -eq 0 ] && return 1
	[ "$code" -eq 137 ] || echo "not ok killed at moment $2: exit code $code: $place"
	place=$(echo "$place" | grep -v '^note: ')
}

up_then_down() {
	while die up "$number"; do
		output=$(ramswap down 2>&1) || echo "not ok down after \"$place\": $output"
		is "down after a kill $place" nothing_left
		number=$((number + 1))
	done
	ramswap down >/dev/null
}

up_then_up() {
	while die up "$number"; do
		output=$(ramswap up 2>&1) || echo "not ok up after \"$place\": $output"
		is "up after a kill $place" all_up
		ramswap down >/dev/null
		is "and down" nothing_left
		number=$((number + 1))
	done
	ramswap down >/dev/null
}

down_then_down() {
	ramswap up >/dev/null 2>&1
	while die down "$number"; do
		output=$(ramswap down 2>&1) || echo "not ok down after \"$place\": $output"
		is "down after a kill $place" nothing_left
		ramswap up >/dev/null 2>&1
		is "and up" all_up
		number=$((number + 1))
	done
}

# Not killed, but stopped: it takes back itself what it has made.
stop() {
	local code

	while :; do
		code=0
		output=$(die-at stop "$number" 2>&1) || code=$?
		[ "$code" -eq 3 ] || break
		is "stopped $(echo "$output" | head -n 1)" nothing_left
		number=$((number + 1))
	done
	ramswap down >/dev/null
}

# unload: what ramswap has loaded.
unload() {
	local driver=/sys/bus/platform/drivers/e820_pmem module

	[ ! -e "$driver/e820_pmem" ] || echo e820_pmem >"$driver/unbind"
	for module in zram nd_e820 nd_pmem; do
		[ ! -e "/sys/module/$module" ] || rmmod "$module"
	done
}

# Each time the modules are not there: the first moments are theirs. zram's brings a device, which is there at one.
modules_then_down() {
	while [ "$number" -le 9 ]; do
		unload
		die up "$number" || break
		[ ! -e /sys/block/zram0 ] || came=${came:-$place}
		output=$(ramswap down 2>&1) || echo "not ok down after \"$place\": $output"
		is "down after a kill $place" nothing_left
		number=$((number + 1))
	done
	is "zram0 came with the module" test "$came" = "made: load the module zram"
}

printf '[zram]\nuse = yes\nsize = 128\nlimit = 64\nalgorithm = lz4\n[policy]\npage-cluster = 0\n' >/etc/ramswap.conf
expect 0 "up" ramswap up
is "all is up" all_up
expect 0 "down" ramswap down
is "nothing is left" nothing_left
number=1
came=
case $(uname -r) in
6.1.*)
	up_then_down
	is "no moment was left out" test "$number" -eq "$moments"
	number=1
	stop
	is "no moment of those either" test "$number" -eq "$moments" ;;
6.12.*)
	up_then_up
	is "no moment was left out" test "$number" -eq "$moments" ;;
*)
	down_then_down
	is "no moment was left out" test "$number" -eq 9
	ramswap down >/dev/null
	number=1
	modules_then_down ;;
esac
is "nothing is left in the end" nothing_left
