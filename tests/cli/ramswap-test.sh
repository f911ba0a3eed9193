#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# ramswap test on the command line: usage errors, devices that are not there, and, where this kernel has zram and root
# runs it, a whole measurement. tests/guest/ramswap.d/measure.sh compares the numbers with the kernel's. In the Test
# Anything Protocol.
#
#   ramswap-test.sh RAMSWAP
set -uo pipefail

ramswap=$(realpath "${1:?usage: ramswap-test.sh RAMSWAP}")
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$(realpath "$0")")/../lib/tap.sh"

# --- usage
for size in 0 1 255K 1025M 2T 1.5.5M x '' -1; do
	expect 2 "not --size=$size" "$ramswap" test "--size=$size"
done
expect 2 "too large" "$ramswap" test -s 2G
says "from 256K to 1G" "it says which sizes there are"
expect 2 "no unit of bytes" "$ramswap" test -s 5X
says "bytes, or a number and K, M, G or T" "it says what a size is"
for node in x -1 1024 0x1 '' 99999999999999999999; do
	expect 2 "not --node=$node" "$ramswap" test "--node=$node"
done
says "not a number from 0 to 1023" "it says which there may be"
expect 2 "a column that is not there" "$ramswap" test -o COLOUR
expect 2 "no such option" "$ramswap" test --sise 4M
says "did you mean --size?" "it says what was meant"
expect 0 "help" "$ramswap" test --help

# --- what is not there
expect 3 "a node that is not there" "$ramswap" test --node 1023
says "there is no node 1023" "it says so"
for device in nobody /dev/nobody null ../vda; do
	expect 3 "no block device: $device" "$ramswap" test -s 256K "$device"
	says "there is no such block device" "it says so"
done

# --- who is not root
if [[ $(id -u) -eq 0 ]] && command -v setpriv >/dev/null; then
	# What the build made may be below a folder that nobody else may enter.
	cp "$ramswap" ./ramswap
	chmod 755 . ./ramswap
	expect 3 "not root" setpriv --reuid 65534 --regid 65534 --clear-groups ./ramswap test -s 256K
	says "only root can" "it says who can"
else
	skip "not root" "this needs root and setpriv"
fi

# --- a measurement
devices() {
	find /sys/block -name 'zram*' | wc -l
}

head -c 1000000 "$ramswap" >corpus
if [[ $(id -u) -ne 0 ]]; then
	skip "a measurement" "only root can add a zram device"
elif [[ ! -e /sys/class/zram-control ]]; then
	skip "a measurement" "zram is not loaded"
else
	before=$(devices)
	for bad in nobody . /dev/null; do
		expect 3 "no corpus: $bad" "$ramswap" test --corpus "$bad"
	done
	says "no regular file" "it says why"
	expect 0 "a corpus" "$ramswap" test --corpus corpus -s 256K
	says "SOURCE" "there is a table"
	matches '^zram lz' "zram has rows"
	says "makes most room" "it says which is smallest"
	expect 0 "a table for scripts" "$ramswap" test --corpus corpus -s 256K -n -r -o SOURCE,PAGES
	says_not "makes most room" "nothing is explained to a script"
	matches '^zram\\x20[a-z0-9-]+ 64$' "and its rows are plain"
	expect 0 "as JSON" "$ramswap" test --corpus corpus -s 256K --json
	matches '^\{"source":"zram","algorithm":"[a-z0-9-]+","method":"direct","pages":64,"ratio":[0-9]+\.[0-9]{4},' \
		"one object a line"
	says_not "makes most room" "and no sentence"
	expect 0 "pages of running programs" "$ramswap" test -s 256K
	[[ $(devices) -eq $before ]]
	ok "no device is left" $?
	! grep -qs zram /run/ramswap/state
	ok "no line of the state is left" $?
fi

# A full disk is no success.
if [[ $(id -u) -eq 0 && -e /sys/class/zram-control ]]; then
	"$ramswap" test --corpus corpus -s 256K >/dev/full 2>.output
	[[ $? -eq 3 ]]
	ok "a full disk" $?
else
	skip "a full disk" "there is nothing to print"
fi

echo "1..$count"
