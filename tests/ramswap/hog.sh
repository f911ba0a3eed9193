#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Whether hog notices a wrong byte: other tests rely on that. In the Test Anything Protocol.
#
#   hog.sh HOG
set -uo pipefail

hog=$(realpath "${1:?usage: hog.sh HOG}")
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$(realpath "$0")")/../lib/tap.sh"

expect 2 "no size" "$hog"
expect 2 "a size that is no number" "$hog" --size 1x
expect 2 "more than all at random" "$hog" --size 1 --random 101
for percent in 0 40 100; do
	expect 0 "$percent % at random" "$hog" --size 3 --random "$percent" --reads 1000 --check
	says "checked=768 " "it checks every page"
	matches '^fill=.* wrong=0$' "and says so"
done

# lines NUMBER: waits until it has printed so many.
lines() {
	for ((i = 0; i < 300; i++)); do
		[[ $(wc -l <said) -lt $1 ]] || return 0
		sleep 0.1
	done
}

# 7 MB are 1c00 pages; in page 100, the byte 2048.
"$hog" --size 7 --random 50 --hold 100 >said 2>&1 &
pid=$!
lines 1
kill -USR1 "$pid"
lines 2
grep -q '^checked=1792 .* wrong=0$' said
ok "SIGUSR1: all is right" $?
address=$(while IFS='- ' read -r from to _; do
	[[ $((16#$to - 16#$from)) -ne $((7 << 20)) ]] || echo $((16#$from))
done <"/proc/$pid/maps")
printf 'wrong!' | dd of="/proc/$pid/mem" bs=1 seek=$((address + 100 * 4096 + 2048)) conv=notrunc status=none
kill -USR1 "$pid"
wait "$pid"
status=$?
cp said .output
ok "SIGUSR1: one is wrong" $((status != 1))
says "wrong=1 page=100 byte=2048 is=" "it says which"
echo "1..$count"
