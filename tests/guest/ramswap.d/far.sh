# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC1091,SC2154 # /run/lib.sh is made by ramswap-init
# guest: --memory 384 --far 256 --hmat --add tests/ramswap/hog
#
# ramswap test with a far node; and that the kernel moves pages there when it may, and they are the right ones. Only
# since 6.11 the node is a lower tier here: before, demotion does nothing.
. /run/lib.sh

# vmstat NAME
vmstat() {
	sed -n "s/^$1 //p" /proc/vmstat
}

tiers=$(cat /sys/devices/virtual/memory_tiering/memory_tier*/nodelist | wc -l)
case $(uname -r) in
6.1.*) is "before 6.11 both nodes are in one tier" [ "$tiers" -eq 1 ] ;;
*) is "the far node is a tier of its own" [ "$tiers" -eq 2 ] ;;
esac

# --- near and far, and zram
moved=$(vmstat pgmigrate_success)
expect 0 "the nodes are measured" ramswap test -s 8M -o SOURCE,METHOD,PAGES,LOAD,NOTE
says "node 0 " "the near one has a row"
says "node 1 " "the far one has a row"
says "from node 1, " "they are compared"
moved=$(($(vmstat pgmigrate_success) - moved))
is "the kernel moved pages there and back: $moved" [ "$moved" -ge 1024 ]
expect 0 "one node, with its own" ramswap test -s 8M --node 1 --json
says '"source":"node 0"' "the processor's own is there for comparison"
says '"move_out_ns":null' "no page was moved to where it is"
far=$(echo "$output" | sed -n 's/.*"node 1".*"move_out_ns":\([0-9]*\),.*/\1/p')
is "the far one says what moving takes: $far" [ "$far" -gt 0 ]
expect 0 "the near one alone" ramswap test -s 8M --node 0 --json
case $output in
*'"node 1"'*) echo "not ok --node 0 measures node 1, too" ;;
*) echo "ok no other node" ;;
esac
expect 3 "a node that is not there" ramswap test --node 7
says "there is no node 7" "it says so"

# --- demotion: more than both nodes have, so that the near one is reclaimed
modprobe zram
echo 256M >/sys/block/zram0/disksize
mkswap /dev/zram0 >/dev/null
swapon /dev/zram0
hog=$(awk '/^MemAvailable/ { print int($2 / 1024) + 64 }' /proc/meminfo)
expect 0 "without demotion, $hog MB" hog --size "$hog" --random 20 --reads 500 --check
says "wrong=0" "all bytes are right"
is "no page was demoted" [ "$(vmstat pgdemote_kswapd)" -eq 0 ]
echo 1 >/sys/kernel/mm/numa/demotion_enabled
expect 0 "with demotion" hog --size "$hog" --random 20 --reads 500 --check
says "wrong=0" "all bytes are right"
demoted=$(($(vmstat pgdemote_kswapd) + $(vmstat pgdemote_direct)))
if [ "$tiers" -eq 2 ]; then
	is "pages went to the far node: $demoted" [ "$demoted" -gt 0 ]
else
	is "nowhere to go in one tier" [ "$demoted" -eq 0 ]
fi
