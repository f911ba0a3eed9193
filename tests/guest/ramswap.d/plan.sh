#!/bin/busybox sh
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC1091
# What is planned is what comes, and then it is as planned.
# kernels: newest
# guest: --reserved 300
. /run/lib.sh

# state: what the kernel has.
state() {
	tail -n +2 /proc/swaps | sort
	cat /sys/block/zram*/disksize /sys/block/zram*/mem_limit /proc/sys/vm/page-cluster 2>/dev/null
}

# number NAME: of the plan's JSON in $output, the last that there is.
number() {
	echo "$output" | sed -n "s/.*\"$1\":\([0-9]*\).*/\1/p" | tail -n 1
}

before=$(state)
expect 0 "a plan before there is a driver" ramswap plan
says "To set up: 2 swap devices" "two devices"
says "no driver has taken" "one needs a driver"
is "nothing changed" test "$(state)" = "$before"

modprobe nd_e820
modprobe nd_pmem
modprobe zram
expect 0 "a plan" ramswap plan --json
size=$(number size)
limit=$(number limit)
says '"name":"pmem0"' "pmem0"
says '"done":false' "it is not done"
memory=$(awk '/^MemTotal/ { print $2 }' /proc/meminfo)
is "the limit is a third of RAM at most" test "$((limit * 3 / 1024))" -le "$memory"

expect 0 "up" ramswap up
is "the size is as planned" test "$(cat /sys/block/zram*/disksize | sort -n | tail -n 1)" = "$size"
is "pmem0 comes first" test "$(sort -rnk 5 /proc/swaps | awk '$5 > 0 { print $1; exit }')" = /dev/pmem0
expect 0 "a plan of what is up" ramswap plan
says "As planned already: 2 swap devices" "it is as planned"
expect 0 "the same as JSON" ramswap plan --json
says '"done":true' "it is done"
is "the size is that of the device" test "$(number size)" = "$size"
is "so is its limit, in pages" test "$(number limit)" = "$limit"

# What the settings want otherwise is said, and a device in use stays.
printf '[zram]\nsize = 64\n' >/tmp/other.conf
after=$(state)
expect 0 "another size" ramswap plan --config /tmp/other.conf
says "differs" "it differs"
says "ramswap down zram" "it says what has to come first"

is "nothing changed again" test "$(state)" = "$after"

expect 0 "down" ramswap down
expect 0 "a plan after down" ramswap plan --json
says '"done":false' "it is to be done again"
is "the same size" test "$(number size)" = "$size"
